const encodedLength: ReadonlyMap<string, number> = new Map([
  ['sha256', 64],
  ['sha384', 96],
  ['sha512', 128],
]);
const lowerHex = /^[a-f0-9]+$/;
const wellFormed = /^[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$/;

/** Why a digest is none, in the words of containerd; undefined where nothing is wrong with it. */
// opencontainers/go-digest v1.0.0 digest.go Validate, algorithm.go Validate
export function digestError(digest: string): string | undefined {
  const colon = digest.indexOf(':');
  const encoded = digest.slice(colon + 1);
  const length = encodedLength.get(digest.slice(0, Math.max(colon, 0)));
  if (length === undefined) {
    return wellFormed.test(digest) ? 'unsupported digest algorithm' : 'invalid checksum digest format';
  }
  if (encoded.length !== length) return 'invalid checksum digest length';
  return lowerHex.test(encoded) ? undefined : 'invalid checksum digest format';
}
