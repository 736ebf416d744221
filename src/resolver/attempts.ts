import { formatGoUrl, parseGoUrl } from '../hosts/goUrl.ts';
import type { Reference } from '../reference/reference.ts';
import type { Location } from '../source/location.ts';
import type { NodeConfiguration } from './nodeConfiguration.ts';
import type { RegistryHost, TlsOptions } from './registryHost.ts';
import { registryHosts } from './registryHosts.ts';
import {
  dockerRequestUrl,
  hasCapabilities,
  neededCapabilities,
  requestedObjects,
  requestUrl,
} from './request.ts';

/** A request by which a runtime looks for an image. */
export interface Attempt {
  /** containerd asks with HEAD, dockerd with GET. */
  readonly method: 'HEAD' | 'GET';
  readonly url: string;
  readonly host: RegistryHost;
  /** Where the host is configured; absent for a default. */
  readonly source?: Location | undefined;
  /** Null for plain HTTP. */
  readonly tls: TlsOptions | null;
  /** The runtime's configuration has a login for the host. */
  readonly credentials: boolean;
  /** The same request follows by HTTP where the server turns out to speak no HTTPS. */
  readonly httpFallback: boolean;
}

/** The requests in their order, or the error with which the pull ends before the first. */
export type AttemptsResult =
  | { readonly ok: true; readonly attempts: readonly Attempt[] }
  | { readonly ok: false; readonly error: string };

/** The requests that a node makes while each one fails to connect or is answered with 404. */
// containerd v2.3.4 core/remotes/docker/resolver.go Resolve
export function attempts(configuration: NodeConfiguration, reference: Reference): AttemptsResult {
  const result = registryHosts(configuration, reference.domain);
  if (!result.ok) {
    return { ok: false, error: result.isCrash ? `containerd crashes: ${result.error}` : result.error };
  }
  if (configuration.registry.form === 'docker') {
    return {
      ok: true,
      attempts: result.hosts.map((host) => attempt('GET', dockerRequestUrl(host, reference), host)),
    };
  }
  const needed = neededCapabilities(reference);
  const hosts = result.hosts.filter((host) => hasCapabilities(host, needed));
  if (hosts.length === 0) return { ok: false, error: 'no resolve hosts: not found' };
  const all = requestedObjects(reference).flatMap((object) =>
    hosts.map((host) => attempt('HEAD', sentUrl(requestUrl(host, reference, object), configuration), host)),
  );
  return { ok: true, attempts: all };
}

/** The URL as it goes over the wire: what may not stand in one is escaped. */
// Go net/url URL.EscapedPath
function sentUrl(url: string, { profile }: NodeConfiguration): string {
  if (/^[\w.~:/?=&%@[\]-]*$/.test(url)) return url;
  const parsed = parseGoUrl(url, profile);
  return parsed.ok ? formatGoUrl(parsed.url) : url;
}

function attempt(method: Attempt['method'], url: string, host: RegistryHost): Attempt {
  const { source, credentials, httpFallback } = host;
  return {
    method,
    url,
    host,
    source,
    tls: host.scheme === 'http' ? null : host.tls,
    credentials,
    httpFallback,
  };
}
