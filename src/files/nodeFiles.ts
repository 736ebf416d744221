import { posix } from 'node:path';
import type { FileContent } from './repositoryFiles.ts';

/**
 * The files of one node, or a copy of them, as the programs on the node see them: paths are absolute on the node, and a link
 * leads to what it names there, never out of the copy.
 */
export interface NodeFiles {
  /** False where only some of the node's files are known: one that is not here may be on the node all the same. */
  readonly isComplete: boolean;
  /** What stands at a path; undefined where nothing does. */
  kindOf(path: string): 'file' | 'directory' | undefined;
  /** The text of a file, or why it cannot be used. Undefined: no such file. */
  read(path: string): FileContent | undefined;
  /** The names in a folder, sorted; none where there is no such folder. */
  list(path: string): readonly string[];
  /** How the user knows a path: what the locations in it are reported with. */
  nameOf(path: string): string;
}

/** A node whose files are held in memory, by their absolute path. `directories` are folders that have no file in them. */
export function nodeFilesInMemory(
  files: Readonly<Record<string, string>>,
  directories: readonly string[] = [],
): NodeFiles {
  const texts = new Map(Object.entries(files));
  const folders = new Map<string, Set<string>>();
  const addToFolder = (path: string): void => {
    for (let child = path; child !== '/'; child = posix.dirname(child)) {
      const folder = posix.dirname(child);
      const names = folders.get(folder) ?? new Set();
      folders.set(folder, names.add(posix.basename(child)));
    }
  };
  for (const path of texts.keys()) addToFolder(path);
  for (const path of directories) {
    addToFolder(path);
    folders.set(path, folders.get(path) ?? new Set());
  }
  return {
    isComplete: true,
    kindOf: (path) => (texts.has(path) ? 'file' : folders.has(path) ? 'directory' : undefined),
    read: (path) => {
      const text = texts.get(path);
      return text === undefined ? undefined : { text };
    },
    list: (path) => [...(folders.get(path) ?? [])].sort(),
    nameOf: (path) => path.slice(1),
  };
}
