import type { Auth } from '../registries/registries.ts';

/** A login as it stands in rendered files: secrets only as `${NAME}`. */
export interface RenderedAuth {
  readonly username?: string;
  readonly password?: string;
  readonly auth?: string;
  readonly identityToken?: string;
}

const variable = /^\$\{[A-Za-z_][A-Za-z0-9_]*\}$/;

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
    variable.test(secret) ? secret : `\${${prefix}_${name}}`;
  return {
    ...(auth.username && { username: auth.username.value }),
    ...(auth.password && { password: hide(auth.password.value, 'PASSWORD') }),
    ...(auth.auth && { auth: hide(auth.auth.value, 'AUTH') }),
    ...(auth.identityToken && { identityToken: hide(auth.identityToken.value, 'IDENTITY_TOKEN') }),
  };
}
