import type { Check } from '../check.ts';

export const invalidAuth: Check = {
  id: 'invalid-auth',
  severity: 'error',
  summary: '`auth` that is not base64 of `user:password`',
  documentation:
    '`auth` is the base64 form of `user:password`, as docker keeps it in its config.json. containerd refuses anything else ' +
    'with `invalid decoded auth`. A token goes into `password`, with its user name in `username`.',
  *run({ writtenConfigs }) {
    for (const { host, auth } of writtenConfigs) {
      if (!auth?.auth || auth.username || /^\$\{\w+\}$|^<.*>$/.test(auth.auth.value)) continue;
      if (isBase64Login(auth.auth.value)) continue;
      yield {
        message: `\`auth\` of \`${host.value}\` is not base64 of \`user:password\`, so containerd refuses it: "invalid decoded auth"`,
        location: auth.auth.location,
        fix: { message: 'write `username` and `password` instead' },
      };
    }
  },
};

function isBase64Login(text: string): boolean {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text) || text.length % 4 !== 0) return false;
  return atob(text).includes(':');
}
