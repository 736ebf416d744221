import type { Check } from '../check.ts';
import { isLiteralSecret } from '../secretText.ts';

export const literalSecret: Check = {
  id: 'literal-secret',
  severity: 'warning',
  summary: 'a password or token that stands in registries.yaml itself',
  documentation:
    'Everybody who can read the repository can read it, and so can everybody who ever could. Write `${NAME}`: the value is ' +
    'taken from the environment when it is needed, masked in every log, and never written into an artifact.',
  *run({ writtenConfigs }) {
    for (const { host, auth } of writtenConfigs) {
      for (const secret of [auth?.password, auth?.auth, auth?.identityToken]) {
        if (!secret || !isLiteralSecret(secret.value)) continue;
        yield {
          message: `the login for \`${host.value}\` is written into the file, where everybody who can read the repository can read it`,
          location: secret.location,
          fix: { message: 'write `${NAME}`, set NAME in the environment, and change the secret' },
        };
      }
    }
  },
};
