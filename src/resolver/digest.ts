/** The algorithms of digests, by the names that they have there. */
const algorithms: ReadonlyMap<string, string> = new Map([
  ['sha256', 'SHA-256'],
  ['sha384', 'SHA-384'],
  ['sha512', 'SHA-512'],
]);

/** The digest of some content: `sha256:` and 64 hexadecimal digits, or the same by another algorithm. */
// opencontainers/go-digest v1.0.0 algorithm.go FromBytes
export async function digestOf(content: Uint8Array, algorithm = 'sha256'): Promise<string> {
  const hash = await crypto.subtle.digest(algorithms.get(algorithm) ?? 'SHA-256', Uint8Array.from(content));
  const digits = Array.from(new Uint8Array(hash), (byte) => byte.toString(16).padStart(2, '0'));
  return `${algorithm}:${digits.join('')}`;
}

/** The algorithm of a digest. */
export function algorithmOf(digest: string): string {
  return digest.split(':', 1)[0] ?? '';
}
