import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  statSync,
  writeFileSync,
  type Dirent,
} from 'node:fs';
import { dirname, join, posix, relative, sep } from 'node:path';
import type { BuildJob } from '../manifest/build.ts';

/** Why the files of a job cannot be copied, in one sentence. */
export class CopyError extends Error {
  override readonly name = 'CopyError';
}

interface CopyLimits {
  readonly maxFiles: number;
  readonly maxBytes: number;
}

/** What version control and package managers keep; the first can hold credentials. */
const leftOut: ReadonlySet<string> = new Set(['.git', '.hg', '.svn', 'node_modules']);

/**
 * Copies the files that a job has to see. A symbolic link becomes what it leads to, when that is in the repository, so that the
 * copy holds none; others are left out.
 *
 * @throws CopyError
 */
export function copyForJob(root: string, target: string, job: BuildJob, limits: CopyLimits): void {
  const copy = new Copy(realpathSync(root), target, limits);
  const folders = job.files ? job.folders : [job.folder, ...job.folders];
  mkdirSync(join(target, inside(job.folder)), { recursive: true });
  try {
    for (const folder of folders) copy.addFolder(inside(folder));
    for (const file of job.files ?? []) copy.addFile(inside(file));
    for (const [file, text] of job.overrides) copy.write(inside(file), text);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw new CopyError(`its files cannot be copied: ${error.message}`, { cause: error });
    throw error;
  }
}

/** A path below the root, without a slash at its end. */
function inside(path: string): string {
  const plain = posix.normalize(path === '' ? '.' : path).replace(/\/$/, '');
  if (plain === '..' || plain.startsWith('../') || posix.isAbsolute(plain) || plain.includes('\0'))
    throw new CopyError(`\`${path}\` is outside of the repository`);
  return plain;
}

class Copy {
  readonly #root: string;
  readonly #target: string;
  readonly #limits: CopyLimits;
  readonly #done = new Set<string>();
  #files = 0;
  #bytes = 0;

  constructor(root: string, target: string, limits: CopyLimits) {
    this.#root = root;
    this.#target = target;
    this.#limits = limits;
  }

  addFolder(path: string): void {
    const real = this.#locate(path);
    if (real !== undefined && statSync(real).isDirectory()) this.#enter(path, [real]);
  }

  addFile(path: string): void {
    const real = this.#locate(path);
    if (real === undefined || this.#done.has(path)) return;
    const stat = statSync(real);
    if (!stat.isFile()) return;
    this.#count(stat.size);
    this.#done.add(path);
    this.#makeParent(path);
    copyFileSync(real, join(this.#target, path));
  }

  write(path: string, text: string): void {
    this.#count(text.length);
    this.#makeParent(path);
    writeFileSync(join(this.#target, path), text);
  }

  /** @param way the real folders from the first one to this one; a link back to one of them would never end */
  #enter(path: string, way: readonly string[]): void {
    if (this.#done.has(path)) return;
    this.#done.add(path);
    // Folders of links to each other have more ways through them than anybody can go, and not one file.
    this.#count(0);
    mkdirSync(join(this.#target, path), { recursive: true });
    for (const entry of readdirSync(join(this.#root, path), { withFileTypes: true })) {
      if (!leftOut.has(entry.name)) this.#addEntry(posix.join(path, entry.name), entry, way);
    }
  }

  #addEntry(path: string, entry: Dirent, way: readonly string[]): void {
    if (entry.isFile()) return this.addFile(path);
    const real = entry.isDirectory() || entry.isSymbolicLink() ? this.#locate(path) : undefined;
    if (real === undefined) return;
    if (!statSync(real).isDirectory()) this.addFile(path);
    else if (!way.includes(real)) this.#enter(path, [...way, real]);
  }

  /** Where a path of the repository really is; undefined where that is nowhere, outside, or in what is left out. */
  #locate(path: string): string | undefined {
    try {
      const real = realpathSync(join(this.#root, path));
      const [first, ...others] = relative(this.#root, real).split(sep);
      return first === '..' || [first, ...others].some((name) => name === '.git') ? undefined : real;
    } catch (error) {
      if (error instanceof Error && 'syscall' in error) return undefined;
      throw error;
    }
  }

  #makeParent(path: string): void {
    mkdirSync(dirname(join(this.#target, path)), { recursive: true });
  }

  #count(bytes: number): void {
    this.#files += 1;
    this.#bytes += bytes;
    const { maxFiles, maxBytes } = this.#limits;
    if (this.#files > maxFiles)
      throw new CopyError(`it has more than ${maxFiles} files and folders around it`);
    if (this.#bytes > maxBytes) throw new CopyError(`it has more than ${maxBytes} bytes of files around it`);
  }
}
