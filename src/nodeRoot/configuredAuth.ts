import type { RegistryConfigs } from '../registries/registries.ts';
import { upstreamHostOf } from '../render/configuredMirror.ts';
import { isK3s } from '../render/configureNode.ts';
import type { ConfiguredNode } from '../render/target.ts';
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

/** The logins of a node once the files that are rendered for it are in place. */
export function renderedAuth({
  node,
  configuration,
}: ConfiguredNode): (host: string) => AuthConfig | undefined {
  if (isK3s(configuration.profile)) return configuredAuth(node.configs);
  const rendered = [...node.configs].map(([host, config]) => [upstreamHostOf(host), config] as const);
  return configuredAuth(new Map(rendered));
}
