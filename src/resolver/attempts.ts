import type { Capability } from '../hosts/hostsFile.ts';
import type { Reference } from '../reference/reference.ts';
import type { Location } from '../source/location.ts';
import type { NodeConfiguration } from './nodeConfiguration.ts';
import type { RegistryHost, TlsOptions } from './registryHost.ts';
import { registryHosts } from './registryHosts.ts';
import { dockerRequestUrl, objectName, requestUrl, type RequestedObject } from './request.ts';

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
  if (!result.ok) return result;
  if (configuration.registry.form === 'docker') {
    return {
      ok: true,
      attempts: result.hosts.map((host) => attempt('GET', dockerRequestUrl(host, reference), host)),
    };
  }
  const hosts = filterHosts(result.hosts, reference.digest === undefined ? ['pull', 'resolve'] : ['pull']);
  if (hosts.length === 0) return { ok: false, error: 'no resolve hosts: not found' };
  const all = requestedObjects(reference).flatMap((object) =>
    hosts.map((host) => attempt('HEAD', requestUrl(host, reference, object), host)),
  );
  return { ok: true, attempts: all };
}

/** The registry hosts with all of some capabilities. */
// containerd v2.3.4 core/remotes/docker/resolver.go filterHosts
function filterHosts(hosts: readonly RegistryHost[], needed: readonly Capability[]): readonly RegistryHost[] {
  return hosts.filter(({ capabilities }) => needed.every((capability) => capabilities.includes(capability)));
}

/** All hosts are asked for the first object, then all for the second: a digest may be that of a blob. */
function requestedObjects(reference: Reference): readonly RequestedObject[] {
  const name = objectName(reference);
  const manifest: RequestedObject = { kind: 'manifests', name };
  return reference.digest === undefined ? [manifest] : [manifest, { kind: 'blobs', name }];
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
