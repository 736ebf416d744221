import { renderedAuth } from '../../nodeRoot/configuredAuth.ts';
import type { ConfiguredNode } from '../../render/target.ts';
import type { AuthConfig } from '../../resolver/credentials.ts';
import { variableName } from '../../source/variable.ts';

/** What a node has to show to a host that asks for a login. */
export type NodeLogin =
  | { readonly kind: 'none' }
  | { readonly kind: 'known'; readonly auth: AuthConfig }
  /** Its values are variables of the environment, and this one is not set. */
  | { readonly kind: 'unset'; readonly variable: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The logins of a node by the host and port that asks. Variables are read from the environment as late as can be.
 *
 * @param onSecret - Is told each value that must never be printed.
 */
export function nodeLogins(
  configured: ConfiguredNode,
  environment: Environment,
  onSecret: (secret: string) => void,
): (host: string) => NodeLogin {
  const authOf = renderedAuth(configured);
  return (host) => {
    const auth = authOf(host);
    const login: NodeLogin = auth ? fillIn(auth, environment) : { kind: 'none' };
    if (login.kind === 'known') for (const secret of secretsOf(login.auth)) onSecret(secret);
    return login;
  };
}

function fillIn(auth: AuthConfig, environment: Environment): NodeLogin {
  let unset: string | undefined;
  const fill = (text: string | undefined): string | undefined => {
    const name = variableName(text ?? '');
    if (name === undefined) return text;
    // A variable of a workflow for which there is no secret is set, and empty.
    const value = environment[name] ?? '';
    if (value === '') unset ??= name;
    return value;
  };
  const { username, password, auth: encoded, identityToken } = auth;
  const filled = {
    username: fill(username),
    password: fill(password),
    auth: fill(encoded),
    identityToken: fill(identityToken),
  };
  return unset === undefined ? { kind: 'known', auth: filled } : { kind: 'unset', variable: unset };
}

function secretsOf({ password, auth, identityToken }: AuthConfig): readonly string[] {
  const encoded = auth === undefined ? [] : [auth, decodedPassword(auth)];
  return [password, identityToken, ...encoded].flatMap((secret) => secret ?? []);
}

function decodedPassword(auth: string): string {
  return /:(.*)$/s.exec(Buffer.from(auth, 'base64').toString())?.[1] ?? '';
}
