import type { Auth } from '../registries/registries.ts';
import { variableName } from '../source/variable.ts';

/** A login as it stands in rendered files: secrets only as `${NAME}`. */
export interface RenderedAuth {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly identityToken?: string;
}

/**
 * The login of a host with every secret as `${NAME}`: the user's own name where registries.yaml has one, a name made from the
 * host where it has the secret itself. A user name is no secret.
 */
export function withoutSecrets(host: string, auth: Auth): RenderedAuth {
  // No variable begins with a digit.
  const prefix = host
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .replace(/^(?=\d)/, '_');
  const hide = (secret: string, name: string): string =>
    variableName(secret) !== undefined ? secret : `\${${prefix}_${name}}`;
  return {
    ...(auth.username && { username: auth.username.value }),
    ...(auth.password && { password: hide(auth.password.value, 'PASSWORD') }),
    ...(auth.auth && { auth: hide(auth.auth.value, 'AUTH') }),
    ...(auth.identityToken && { identityToken: hide(auth.identityToken.value, 'IDENTITY_TOKEN') }),
  };
}

/** A login in a rendered file, in TOML or YAML, up to the `${NAME}` in its quotes. */
const placeholder =
  /(?<=(?:^|[ \t{,.])(?:username|password|auth|identity_?token)[ \t]*[=:][ \t]*)"\$\{([A-Za-z_][A-Za-z0-9_]*)\}"/gm;

/** The names of the `${NAME}`s that stand for secrets in a rendered file. */
export function secretNames(text: string): readonly string[] {
  return [...text.matchAll(placeholder)].map(([, name = '']) => name);
}

/** A rendered file with its secrets in it. A value that is not known stays `${NAME}`. */
export function fillSecrets(text: string, values: ReadonlyMap<string, string>): string {
  return text.replaceAll(placeholder, (found, name: string) => {
    const value = values.get(name);
    return value === undefined ? found : quote(value);
  });
}

/** A text as TOML, YAML and JSON alike have it in double quotes. */
function quote(text: string): string {
  return JSON.stringify(text).replaceAll('\u007F', String.raw`\u007F`);
}
