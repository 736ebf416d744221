/** What reading a file of the repository gave: its text, or why there is none. */
export type FileContent = { readonly text: string } | { readonly unreadable: string };

/** A path that is not among the files, although one could expect it there. */
export interface SkippedPath {
  readonly path: string;
  /** Fits behind "it is". */
  readonly reason: string;
}

/**
 * The files of a repository as the core sees them. The implementation for a folder on disk is `folder.ts`; tests hand in a
 * plain map. Paths are relative to the root, with forward slashes, sorted.
 */
export interface RepositoryFiles {
  readonly paths: readonly string[];
  /** Sorted by path. */
  readonly skipped: readonly SkippedPath[];
  /** The text of a file, or why it cannot be used (binary, too large, not UTF-8, a link out of the tree). Undefined: no such file. */
  read(path: string): FileContent | undefined;
}

/** The text of a file, if there is one and it can be read. */
export function readText(files: RepositoryFiles, path: string): string | undefined {
  const content = files.read(path);
  return content && 'text' in content ? content.text : undefined;
}

/** Files that are held in memory. */
export function filesInMemory(files: Readonly<Record<string, string>>): RepositoryFiles {
  const texts = new Map(Object.entries(files));
  return {
    paths: [...texts.keys()].sort(),
    skipped: [],
    read: (path) => {
      const text = texts.get(path);
      return text === undefined ? undefined : { text };
    },
  };
}
