import { basename, dirname } from 'node:path/posix';
import { configFile } from '../config/containerdConfig.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';

/**
 * The files of the node whose `config.toml` is at this path of a repository. Where the path ends in
 * `etc/containerd/config.toml`, the folder above `etc` holds the node's files. Any other folder stands for `/etc/containerd`:
 * `certs.d` and `conf.d` beside the file count, and of everything else nothing is known.
 *
 * Of a repository only what it lists is seen, which are files that configure something; certificates are not among them, but
 * can be read by their name.
 */
export function repositoryNodeFiles(repository: RepositoryFiles, path: string): NodeFiles {
  const isRoot = `/${path}`.endsWith(configFile);
  const folder = isRoot ? path.slice(0, -configFile.length) : dirname(path);
  const etc = dirname(configFile);
  const inRepository = (onNode: string): string | undefined => {
    if (isRoot) return folder === '' ? onNode.slice(1) : folder + onNode;
    if (onNode === configFile) return path;
    if (onNode !== etc && !onNode.startsWith(`${etc}/`)) return undefined;
    return folder === '.' ? onNode.slice(etc.length + 1) : folder + onNode.slice(etc.length);
  };
  const below = (onNode: string): readonly string[] => {
    const at = inRepository(onNode);
    return at === undefined ? [] : pathsBelow(repository.paths, at === '' ? '' : `${at}/`);
  };
  const read: NodeFiles['read'] = (onNode) => {
    const at = inRepository(onNode);
    return at === undefined || at === '' ? undefined : repository.read(at);
  };
  return {
    isComplete: isRoot,
    read,
    kindOf: (onNode) =>
      below(onNode).length > 0 ? 'directory' : read(onNode) === undefined ? undefined : 'file',
    list: (onNode) => {
      const names = below(onNode).map((rest) => rest.split('/', 1)[0] ?? '');
      // The file stands for config.toml, whatever its own name is.
      return [...new Set(names)].filter((name) => isRoot || onNode !== etc || name !== basename(path)).sort();
    },
    nameOf: (onNode) => inRepository(onNode) ?? onNode,
  };
}

/** The rests of the sorted paths that begin with a prefix. */
function pathsBelow(paths: readonly string[], prefix: string): readonly string[] {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((paths[middle] ?? '') < prefix) low = middle + 1;
    else high = middle;
  }
  const rests: string[] = [];
  for (let path = paths[low]; path?.startsWith(prefix); path = paths[++low])
    rests.push(path.slice(prefix.length));
  return rests;
}
