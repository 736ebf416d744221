import { cleanPath } from '../hosts/goPath.ts';
import { escapeQuery } from '../hosts/goText.ts';
import type { Capability } from '../hosts/hostsFile.ts';
import type { Reference } from '../reference/reference.ts';
import type { RegistryHost } from './registryHost.ts';
import { rewriteRepository } from './rewriteRepository.ts';

/** What a request is for: a manifest by tag or digest, or a blob by digest. */
export interface RequestedObject {
  readonly kind: 'manifests' | 'blobs';
  /** Tag or digest. */
  readonly name: string;
}

/** What a host must be able to do to be asked for a reference: a tag must be resolved too. */
// containerd v2.3.4 core/remotes/docker/resolver.go Resolve
export function neededCapabilities({ digest }: Reference): readonly Capability[] {
  return digest === undefined ? ['pull', 'resolve'] : ['pull'];
}

/** True for a host with all of some capabilities. */
// containerd v2.3.4 core/remotes/docker/registry.go Has
export function hasCapabilities({ capabilities }: RegistryHost, needed: readonly Capability[]): boolean {
  return needed.every((capability) => capabilities.includes(capability));
}

/** All hosts are asked for the first object, then all for the second: a digest may be that of a blob. */
// containerd v2.3.4 core/remotes/docker/resolver.go Resolve
export function requestedObjects(reference: Reference): readonly RequestedObject[] {
  const name = objectName(reference);
  const manifest: RequestedObject = { kind: 'manifests', name };
  return reference.digest === undefined ? [manifest] : [manifest, { kind: 'blobs', name }];
}

/** The URL by which containerd asks a registry host for an object of a reference. */
// containerd v2.3.4 core/remotes/docker/resolver.go request, addNamespace and do
export function requestUrl(
  host: RegistryHost,
  reference: Reference,
  { kind, name }: RequestedObject,
): string {
  const repository = rewriteRepository(reference.path, host.rewrites);
  const path = cleanPath(`/${host.path.replace(/^\//, '')}/${repository}/${kind}/${name}`);
  return `${host.scheme}://${host.host}${addNamespace(path, host, reference.domain)}`;
}

/** Adds the namespace to a request that does not go to its own host. */
// containerd v2.3.4 core/remotes/docker/resolver.go addNamespace
function addNamespace(path: string, host: RegistryHost, namespaceHost: string): string {
  return isProxy(host, namespaceHost) ? `${path}?ns=${escapeQuery(namespaceHost)}` : path;
}

/** True where a registry host is not the namespace's own. */
// containerd v2.3.4 core/remotes/docker/registry.go isProxy
function isProxy(host: RegistryHost, namespaceHost: string): boolean {
  if (host.host === namespaceHost) return false;
  return namespaceHost !== 'docker.io' || host.host !== 'registry-1.docker.io';
}

/** The URL by which dockerd asks a registry for a manifest. It names no namespace. */
export function dockerRequestUrl(host: RegistryHost, reference: Reference): string {
  return `${host.scheme}://${host.host}${host.path}/${reference.path}/manifests/${objectName(reference)}`;
}

/** The digest, or the tag where there is none. */
function objectName({ tag, digest }: Reference): string {
  return digest ?? tag ?? 'latest';
}
