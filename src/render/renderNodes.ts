import { targets } from './index.ts';
import type { ConfiguredNode } from './target.ts';

/**
 * The rendered tree: `nodes/<name>/<path on the node>` and the text of each file, sorted by path. Nothing that a repository
 * names can leave the tree: each name becomes one harmless path segment.
 */
export function renderNodes(configuredNodes: readonly ConfiguredNode[]): ReadonlyMap<string, string> {
  const files: [string, string][] = [];
  for (const configured of configuredNodes) {
    if (configured.isUnchanged) continue;
    const folder = `nodes/${safeSegment(configured.node.name)}`;
    for (const target of targets) {
      for (const [path, text] of target.render(configured)) files.push([folder + safePath(path), text]);
    }
  }
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

function safePath(path: string): string {
  return path
    .split('/')
    .filter((segment) => segment !== '')
    .map((segment) => `/${safeSegment(segment)}`)
    .join('');
}

/** Bytes beyond letters, digits and `._-` become `%XX`, and so does a leading dot: no `..`, no separator, no odd name. */
export function safeSegment(name: string): string {
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
