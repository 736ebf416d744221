import type { NodeFiles } from '../files/nodeFiles.ts';
import { parseIpAddress } from '../hosts/ipAddress.ts';
import type { Located } from '../source/location.ts';

/** Lines beyond this are left out. */
const maxLines = 100_000;

/** The names that `/etc/hosts` resolves, in small letters, with their address. The first line of a name counts. */
// Go net/hosts.go readHosts
export function readEtcHosts(files: NodeFiles): ReadonlyMap<string, Located<string>> {
  const path = '/etc/hosts';
  const file = files.nameOf(path);
  const content = files.read(path);
  const names = new Map<string, Located<string>>();
  if (!content || !('text' in content)) return names;
  for (const [index, line] of content.text.split('\n', maxLines).entries()) {
    const fields = [...(line.split('#', 1)[0] ?? '').matchAll(/[^\s]+/g)];
    const [address, ...rest] = fields;
    if (!address || !parseIpAddress(address[0].replace(/%.*$/, ''))) continue;
    const start = { line: index + 1, column: address.index + 1 };
    const end = { line: index + 1, column: start.column + address[0].length };
    const located: Located<string> = { value: address[0], location: { file, start, end } };
    for (const [name] of rest) {
      const key = name.toLowerCase();
      if (!names.has(key)) names.set(key, located);
    }
  }
  return names;
}
