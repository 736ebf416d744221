// containerd v2.3.4 core/images/mediatypes.go

/** The manifests of schema 1, which containerd 2.1 and later refuse. */
export const schema1Manifest = 'application/vnd.docker.distribution.manifest.v1+prettyjws';
export const schema2Manifest = 'application/vnd.docker.distribution.manifest.v2+json';
export const ociManifest = 'application/vnd.oci.image.manifest.v1+json';

const manifests: ReadonlySet<string> = new Set([schema2Manifest, ociManifest]);
const indexes: ReadonlySet<string> = new Set([
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.oci.image.index.v1+json',
]);
const configs: ReadonlySet<string> = new Set([
  'application/vnd.docker.container.image.v1+json',
  'application/vnd.oci.image.config.v1+json',
]);

export function isManifestType(mediaType: string): boolean {
  return manifests.has(mediaType);
}

export function isIndexType(mediaType: string): boolean {
  return indexes.has(mediaType);
}

export function isConfigType(mediaType: string): boolean {
  return configs.has(mediaType);
}

const dockerLayer =
  /^application\/vnd\.docker\.image\.rootfs\.(?:foreign\.)?diff\.tar(?:\.gzip|\.zstd)?(?:\+|$)/;

// containerd v2.3.4 core/images/mediatypes.go IsLayerType
export function isLayerType(mediaType: string): boolean {
  return mediaType.startsWith('application/vnd.oci.image.layer.') || dockerLayer.test(mediaType);
}
