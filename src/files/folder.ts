import { realpathSync } from 'node:fs';
import { UserError } from '../errors.ts';
import { FolderWalk, type WalkOptions } from './folderWalk.ts';
import { describeSize, readNamedFile, readRegularFile } from './folderFile.ts';
import type { RepositoryFiles } from './repositoryFiles.ts';

export interface FolderOptions extends WalkOptions {
  /** Bytes of all files together that are read; beyond them reading is refused. Default 512 MiB. */
  readonly maxBytes?: number;
}

/** The files of a folder on disk. */
export interface FolderFiles extends RepositoryFiles {
  /** True where a `.gitignore` names something that would be listed, or a folder. */
  readonly isShort: boolean;
}

/**
 * Lists the files of a folder: every one that can be a Kubernetes manifest or configure a container runtime.
 * Follows no symbolic link to a folder: what lies inside the tree is listed under its own path. A link to a file inside the tree is listed when the file itself is not. Only regular files are ever opened.
 *
 * @throws Error of node:fs when `root` itself cannot be read; RangeError for a pattern that stands for too much. `read` throws a
 * {@link UserError} where all files together are too large.
 */
export function readFolder(root: string, options: FolderOptions = {}): FolderFiles {
  const realRoot = realpathSync(root);
  const walk = new FolderWalk(realRoot, options);
  walk.run();
  const regular = new Set(walk.files);
  const budget = new ReadBudget(options.maxBytes ?? 512 * 1024 * 1024);
  return {
    paths: [...walk.files, ...walk.linkedFiles()].sort(),
    isShort: walk.isShort,
    skipped: walk.skipped.sort((a, b) => (a.path < b.path ? -1 : 1)),
    read: (path) => {
      const isRegular = regular.has(path);
      const content = isRegular
        ? readRegularFile(`${realRoot}/${path}`)
        : readNamedFile(realRoot, path, regular);
      if (content && 'text' in content) budget.count(path, content.text.length);
      return content;
    },
  };
}

/** Bounds the time that a repository can take: each file is within its own limit, and there can be very many. */
class ReadBudget {
  readonly #counted = new Set<string>();
  readonly #max: number;
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  /** @throws {@link UserError} where all files together are too large. A file counts once, however often it is read. */
  count(path: string, size: number): void {
    if (this.#counted.has(path)) return;
    this.#counted.add(path);
    this.#size += size;
    if (this.#size <= this.#max) return;
    throw new UserError(
      `the files of this folder are larger than ${describeSize(this.#max)} together`,
      'choose those with images by `manifests`, or name in .gitignore what is not committed',
    );
  }
}
