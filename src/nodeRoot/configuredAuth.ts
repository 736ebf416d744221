import type { RegistryConfigs } from '../registries/registries.ts';
import type { AuthConfig } from '../resolver/credentials.ts';

/** The logins of a node's own configuration, by the host and port that asks for one. */
export function configuredAuth(configs: RegistryConfigs): (host: string) => AuthConfig | undefined {
  return (host) => {
    const auth = configs.get(host)?.auth;
    return (
      auth && {
        username: auth.username?.value,
        password: auth.password?.value,
        auth: auth.auth?.value,
        identityToken: auth.identityToken?.value,
      }
    );
  };
}
