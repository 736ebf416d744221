import { basename, dirname, join } from 'node:path/posix';
import { configFile } from '../config/containerdConfig.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import type { FileContent } from '../files/repositoryFiles.ts';

/** What stands at a path of the machine on which kind runs. */
export type Mounted =
  | { readonly kind: 'directory'; readonly files: NodeFiles }
  | { readonly kind: 'file'; readonly content: FileContent };

/** Something of that machine that is mounted into a node. */
export interface OpenMount {
  /** Without a slash at its end. */
  readonly containerPath: string;
  readonly hostPath: string;
  readonly mounted: Mounted;
}

/** The files of a node with a config.toml of its own and what is mounted over that; the node image has others, which are not known. */
export function mountedFiles(config: string, mounts: readonly OpenMount[]): NodeFiles {
  // What is mounted deeper hides what is mounted above it.
  const deepestFirst = mounts.toSorted((a, b) => b.containerPath.length - a.containerPath.length);
  const find = (path: string): FoundMount | undefined => findMount(deepestFirst, path);
  const known = [...mounts.map(({ containerPath }) => containerPath), configFile];
  const folders = new Set(known.flatMap(foldersAbove));
  return {
    isComplete: false,
    kindOf: (path) => {
      const found = find(path);
      if (found) return kindAt(found);
      if (folders.has(path)) return 'directory';
      return path === configFile ? 'file' : undefined;
    },
    list: (path) => {
      const own = namesAt(find(path));
      const below = [...folders, ...known].filter((other) => other !== path && dirname(other) === path);
      return [...new Set([...own, ...below.map((other) => basename(other))])].sort();
    },
    read: (path) => {
      const found = find(path);
      if (found) return contentAt(found);
      return path === configFile ? { text: config } : undefined;
    },
    nameOf: (path) => {
      const found = find(path);
      return found ? join(found.hostPath, found.inside).replace(/\/$/, '') : path.slice(1);
    },
  };
}

interface FoundMount extends OpenMount {
  /** Where the path is in what is mounted; `/` for that itself. */
  readonly inside: string;
}

function findMount(mounts: readonly OpenMount[], path: string): FoundMount | undefined {
  const mount = mounts.find(({ containerPath }) => `${path}/`.startsWith(`${containerPath}/`));
  return mount && { ...mount, inside: path.slice(mount.containerPath.length) || '/' };
}

function kindAt({ mounted, inside }: FoundMount): ReturnType<NodeFiles['kindOf']> {
  if (mounted.kind === 'directory') return mounted.files.kindOf(inside);
  return inside === '/' ? 'file' : undefined;
}

function contentAt({ mounted, inside }: FoundMount): FileContent | undefined {
  if (mounted.kind === 'directory') return mounted.files.read(inside);
  return inside === '/' ? mounted.content : undefined;
}

function namesAt(found: FoundMount | undefined): readonly string[] {
  return found?.mounted.kind === 'directory' ? found.mounted.files.list(found.inside) : [];
}

function foldersAbove(path: string): readonly string[] {
  const parent = dirname(path);
  return parent === path ? [] : [parent, ...foldersAbove(parent)];
}
