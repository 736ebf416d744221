/** The path of a file of a node below the folder of that node: each segment harmless, whatever the path is. */
export function safePath(path: string): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  return segments.map(safeSegment).join('/');
}

/** Bytes beyond letters, digits and `._-` become `%XX`, and so does a leading dot: no `..`, no separator, no odd name. */
export function safeSegment(name: string): string {
  if (/^[A-Za-z0-9_-][A-Za-z0-9._-]*$/.test(name) && name.length <= maxSegment) return name;
  const bytes = new TextEncoder().encode(name);
  const encoded = Array.from(bytes, (byte, index) => {
    const character = String.fromCharCode(byte);
    const isSafe = /[A-Za-z0-9_-]/.test(character) || (character === '.' && index > 0);
    return isSafe ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
  return encoded.length <= maxSegment ? encoded || '%' : `${encoded.slice(0, 200)}%${checksum(bytes)}`;
}

/** Bytes that file systems allow in a name. */
const maxSegment = 255;

/** Keeps two long names apart that begin alike. */
// Fowler/Noll/Vo FNV-1a, 32 bits
function checksum(bytes: Uint8Array): string {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(16);
}
