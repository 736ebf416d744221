import type { Check } from '../check.ts';
import { isLiteralSecret } from '../secretText.ts';

export const invalidAuth: Check = {
  id: 'invalid-auth',
  severity: 'error',
  summary: '`auth` that is not base64 of `user:password`',
  documentation:
    '`auth` is the base64 form of `user:password`, as docker keeps it in its config.json. containerd refuses anything else ' +
    'with `illegal base64 data` or `invalid decoded auth`. A token goes into `password`, with its user name in `username`.',
  *run({ writtenConfigs }) {
    for (const { host, auth } of writtenConfigs) {
      if (!auth?.auth || auth.username || !isLiteralSecret(auth.auth.value)) continue;
      const error = findError(auth.auth.value);
      if (error === undefined) continue;
      yield {
        message: `\`auth\` of \`${host.value}\` is not base64 of \`user:password\`, so containerd refuses it: "${error}"`,
        location: auth.auth.location,
        fix: { message: 'write `username` and `password` instead' },
      };
    }
  },
};

// containerd internal/cri/server/images/image_pull.go ParseAuth
function findError(text: string): string | undefined {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return 'illegal base64 data';
  return atob(text).includes(':') ? undefined : 'invalid decoded auth';
}
