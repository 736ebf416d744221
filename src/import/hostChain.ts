import { cleanPath } from '../hosts/goPath.ts';
import { parseEndpoint, urlOf } from '../registries/endpoint.ts';
import { upstreamHostOf } from '../render/configuredMirror.ts';
import type { RegistryHost, TlsOptions } from '../resolver/registryHost.ts';
import type { DraftTls } from './nodeDraft.ts';

/** A host that no registry has: images from it are like all that no entry is for. */
export const anyOtherHost = 'registry.invalid';

/** The root of the API on a host, without doubled slashes. */
export function apiRootOf({ path }: RegistryHost): string {
  return cleanPath(`/${path}`);
}

/** The endpoint by which registries.yaml names a registry host; undefined where it cannot. */
export function endpointFor(host: RegistryHost): string | undefined {
  const path = apiRootOf(host);
  const scheme = host.httpFallback ? 'http' : host.scheme;
  if (path === '/') return undefined;
  const result = parseEndpoint(`${scheme}://${host.host}${path}`);
  return result.ok && result.endpoint.host === host.host ? urlOf(result.endpoint) : undefined;
}

/** True where the host may be asked for images at all. */
export function canPull({ capabilities }: RegistryHost): boolean {
  return capabilities.includes('pull');
}

/**
 * The hosts that have to be named for a namespace so that all of these are asked: all but the last where that is the registry
 * itself, which is asked anyway.
 */
export function hostsToName(namespaceHost: string, hosts: readonly RegistryHost[]): readonly RegistryHost[] {
  const last = hosts.at(-1);
  const others = hosts.slice(0, -1);
  const upstream = upstreamHostOf(namespaceHost);
  const isNamed = others.some(({ host }) => host === upstream);
  return last && !isNamed && isUpstream(last, upstream) ? others : hosts;
}

function isUpstream(host: RegistryHost, upstream: string): boolean {
  if (host.host !== upstream) return false;
  if (host.role === 'default') return true;
  const isUsual = host.scheme === 'https' && !host.httpFallback && apiRootOf(host) === '/v2';
  return isUsual && host.capabilities.includes('resolve') && canPull(host);
}

/** The trust and certificate of a host as registries.yaml writes them; undefined where there is nothing to write. */
export function tlsFor({ tls, scheme, httpFallback }: RegistryHost): DraftTls | undefined {
  if (scheme !== 'https' || httpFallback) return undefined;
  const [caFile] = tls.ca;
  const [client] = tls.client;
  const written: DraftTls = {
    ...(caFile !== undefined && { caFile }),
    // A certificate without a key file has its key beside it in the same file.
    ...(client && { certFile: client.cert, keyFile: client.key ?? client.cert }),
    ...(tls.skipVerify && { insecureSkipVerify: true }),
  };
  return Object.keys(written).length > 0 ? written : undefined;
}

/** A text that is equal for the same trust. */
export function trustKey({ skipVerify, ca, client }: TlsOptions): string {
  return JSON.stringify([skipVerify, [...new Set(ca)], client.map(({ cert, key }) => [cert, key ?? cert])]);
}
