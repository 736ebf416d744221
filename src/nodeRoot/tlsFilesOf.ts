import { dirname, resolve } from 'node:path/posix';
import type { NodeFiles } from '../files/nodeFiles.ts';
import { joinPath } from '../hosts/goPath.ts';
import type { ClientPair, HostFields } from '../hosts/hostsFile.ts';
import type { HostsRoot, InlineTls, TlsFile } from '../resolver/nodeConfiguration.ts';
import { pemBlocks } from '../resolver/tlsFiles.ts';

/** The certificate files that a node's configuration names: below a `config_path` that is relative, relative too. */
export function namedTlsFiles(
  roots: readonly HostsRoot[],
  inline: readonly InlineTls[],
): ReadonlySet<string> {
  const paths = new Set<string>();
  for (const root of roots) {
    for (const [name, directory] of root.directories) {
      const folder = joinPath(root.path, name);
      const add = (path: string): unknown => paths.add(path.startsWith('/') ? path : joinPath(folder, path));
      if (directory.kind === 'certificates') addFields(directory.ca, directory.client, add);
      if (directory.kind !== 'hosts-file') continue;
      const { root: server, hosts } = directory.hostsFile;
      for (const { ca, client } of [server, ...hosts] as readonly HostFields[]) {
        addFields(ca?.value ?? [], client?.value ?? [], add);
      }
    }
  }
  for (const { caFile, certFile, keyFile } of inline) {
    for (const path of [caFile, certFile, keyFile]) if (path) paths.add(path);
  }
  return paths;
}

function addFields(
  ca: readonly string[],
  client: readonly ClientPair[],
  add: (path: string) => unknown,
): void {
  for (const path of ca) add(path);
  for (const { cert, key } of client) for (const path of [cert, key ?? '']) if (path !== '') add(path);
}

/** What is known of files: nothing of those that may well be on the node, though they are not in the copy of its files. */
export function describeTlsFiles(paths: ReadonlySet<string>, files: NodeFiles): ReadonlyMap<string, TlsFile> {
  const described = new Map<string, TlsFile>();
  for (const path of paths) {
    const file = describe(path, files);
    if (file) described.set(path, file);
  }
  return described;
}

function describe(written: string, files: NodeFiles): TlsFile | undefined {
  // containerd runs in the root folder.
  const path = resolve('/', written);
  const kind = files.kindOf(path);
  if (kind === 'directory') return { kind };
  const content = files.read(path);
  if (content) return 'text' in content ? { kind: 'file', blocks: pemBlocks(content.text) } : undefined;
  const isFolderKnown = files.isComplete && files.kindOf(dirname(path)) === 'directory';
  return isFolderKnown ? { kind: 'missing' } : undefined;
}
