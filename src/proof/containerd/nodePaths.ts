import { resolve } from 'node:path/posix';

/** What a simulated node has of the machine, or of its own making: no repository replaces that. */
const taken: ReadonlySet<string> = new Set([
  '',
  'bin',
  'containerd',
  'dev',
  'former-root',
  'lib',
  'lib32',
  'lib64',
  'libx32',
  'proc',
  'sbin',
  'sys',
  'usr',
]);

/** A folder below one of these that is the node's own. */
export const ownShare = '/usr/local/share';

/** A path as a node understands it: `..` stops at its root. */
export function pathOnNode(path: string): string {
  return resolve('/', path);
}

/** True where a file of a repository may be on a simulated node. */
export function isWritable(path: string): boolean {
  const onNode = pathOnNode(path);
  const [, top = ''] = onNode.split('/');
  return !taken.has(top) || onNode.startsWith(`${ownShare}/`);
}
