import type { Pull } from '../pull/pull.ts';
import type { ConfiguredNode } from '../render/target.ts';
import { askedAt, hostPortText, isAddress, type RegistryWorld } from './registryWorld.ts';

/**
 * The hosts, as `name:port` in small letters, that a node cannot reach whatever this machine reaches: Services by their names, which
 * only cluster DNS knows, and where nodes have no way to public registries also those.
 */
export function cutOffHosts(
  { node }: ConfiguredNode,
  pulls: readonly Pull[],
  { registries, isAirGapped }: { readonly registries: RegistryWorld; readonly isAirGapped: boolean },
): readonly string[] {
  const own = new Set([...node.resolves.keys()].map((name) => name.toLowerCase()));
  const found = new Set<string>();
  for (const { result } of pulls) {
    const hosts = result.ok ? result.attempts.flatMap(({ host }) => askedAt(host)) : [];
    for (const host of hosts) {
      const { hostname } = host;
      const isService = !isAddress(hostname) && !own.has(hostname) && registries.isServiceName(hostname);
      const isPublic = !registries.isNamed(host) && registries.natureOf(host).authority === 'system';
      if (isService || (isAirGapped && isPublic)) found.add(hostPortText(host));
    }
  }
  return [...found];
}
