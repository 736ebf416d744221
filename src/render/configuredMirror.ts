import { isLoopback, parseEndpoint, type Endpoint } from '../registries/endpoint.ts';
import { findHostMistake } from '../registries/namespaceHost.ts';
import type { Mirrors, RegistryConfig, RegistryConfigs, Rewrite } from '../registries/registries.ts';
import type { Location } from '../source/location.ts';

/** An endpoint that can be used, and where it stands. */
export interface ConfiguredEndpoint {
  readonly endpoint: Endpoint;
  readonly location: Location;
}

/** All that registries.yaml says about one namespace host: what a runtime's configuration is made from. */
export interface ConfiguredMirror {
  /** A host, or `*`. */
  readonly namespaceHost: string;
  /** Where the registry itself answers: `registry-1.docker.io` for `docker.io`. */
  readonly upstreamHost: string;
  /** Without those that are no URL (checks report them) and without repetitions. */
  readonly endpoints: readonly ConfiguredEndpoint[];
  readonly rewrites: readonly Rewrite[];
}

/** Every namespace host that a node needs configuration for: those with a mirror, and those with TLS settings only. */
export function configuredMirrors(mirrors: Mirrors, configs: RegistryConfigs): ConfiguredMirror[] {
  const withoutMirror = [...configs.keys()].filter((host) => !mirrors.has(host) && configs.get(host)?.tls);
  return [...mirrors.keys(), ...withoutMirror]
    .filter((namespaceHost) => !findHostMistake(namespaceHost))
    .map((namespaceHost) => ({
      namespaceHost,
      upstreamHost: upstreamHostOf(namespaceHost),
      endpoints: usableEndpoints(mirrors, namespaceHost),
      rewrites: mirrors.get(namespaceHost)?.rewrites ?? [],
    }));
}

/** The host that answers for a namespace when there is no mirror. */
// containerd core/remotes/docker/registry.go DefaultHost
export function upstreamHostOf(namespaceHost: string): string {
  return namespaceHost === 'docker.io' ? 'registry-1.docker.io' : namespaceHost;
}

/** Login and TLS settings of a host that is asked. Docker Hub's may stand under either of its names. */
// k3s pkg/agent/containerd/config.go configForHost
export function configForHost(configs: RegistryConfigs, host: string): RegistryConfig | undefined {
  return configs.get(host) ?? (host === 'registry-1.docker.io' ? configs.get('docker.io') : undefined);
}

/** True when a namespace's default is plain HTTP or unverified HTTPS on the node itself. */
export function isLoopbackHost(host: string): boolean {
  return isLoopback(host.replace(/:\d+$/, ''));
}

function usableEndpoints(mirrors: Mirrors, namespaceHost: string): ConfiguredEndpoint[] {
  const byUrl = new Map<string, ConfiguredEndpoint>();
  for (const { value, location } of mirrors.get(namespaceHost)?.endpoints ?? []) {
    const result = parseEndpoint(value);
    if (!result.ok) continue;
    const { scheme, host, path } = result.endpoint;
    const url = `${scheme}://${host}${path}`;
    if (!byUrl.has(url)) byUrl.set(url, { endpoint: result.endpoint, location });
  }
  return [...byUrl.values()];
}
