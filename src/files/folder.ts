import {
  closeSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  realpathSync,
  statSync,
  type Dirent,
} from 'node:fs';
import { join, posix, relative, sep } from 'node:path';
import { UserError } from '../errors.ts';
import { decodeText } from './decodeText.ts';
import { isIgnored, parseIgnoreFile, type IgnoreFile } from './gitignore.ts';
import { compilePathFilter, type PathFilter } from './pathFilter.ts';
import type { FileContent, RepositoryFiles, SkippedPath } from './repositoryFiles.ts';

export interface FolderOptions {
  /**
   * Patterns for the Kubernetes manifests and their templates, relative to the root ({@link compilePathFilter}). Without
   * any, all of them are listed. `.gitignore` does not count for what a pattern matches, and a pattern that spells out the
   * name of a vendored folder (`vendor/base/*.yaml`) leads into it.
   */
  readonly manifests?: readonly string[];
  /** Paths that are listed although a `.gitignore` names them, or `all`. */
  readonly kept?: readonly string[] | 'all';
  /** Files beyond this number are left out. Default 200,000. */
  readonly maxFiles?: number;
  /** Bytes of all files together that are read; beyond them reading is refused. Default 512 MiB. */
  readonly maxBytes?: number;
}

/** Bytes. A Kubernetes object stays below 1.5 MiB; a bundle of a few large CRDs below this. */
const maxFileSize = 8 * 1024 * 1024;

/** Bytes. Every path is held against every line of these files. */
const maxIgnoreFileSize = 64 * 1024;

/** YAML, JSON, TOML, the endings that templates of YAML files go by, and the name without an ending that kustomize knows. */
const listedName = /\.(?:ya?ml|json|toml|tpl|tmpl|gotmpl|j2)$|^Kustomization$/;

/** Files that configure a node and are no manifests: patterns for manifests do not apply to them. */
const nodeFileName = /\.toml$|^daemon\.json$|^registries\.ya?ml$/;

/**
 * Folders with what package managers and tools fetched or made, never with a user's own manifests. Names that are only often
 * used for such things (`third_party`, `charts`, `dist`, `build`, `target`) are not here: manifests that people apply do
 * stand there, and what is not worth keeping is in `.gitignore`.
 */
const vendoredFolders: ReadonlySet<string> = new Set([
  'node_modules', // npm, yarn, pnpm
  'bower_components', // Bower
  'vendor', // Go modules, Composer, Bundler, jsonnet-bundler
  '.terraform', // modules and providers that `terraform init` fetched
  '.terragrunt-cache', // copies that Terragrunt works on
  '.venv', // Python packages
  '__pycache__', // compiled Python
]);

/** What version control keeps for itself; its configuration can hold credentials. Never read. */
const versionControlFolders: ReadonlySet<string> = new Set(['.git', '.hg', '.svn']);

/** The files of a folder on disk. */
export interface FolderFiles extends RepositoryFiles {
  /** True where a `.gitignore` names something that would be listed, or a folder. */
  readonly isShort: boolean;
}

/**
 * Lists the files of a folder: every one that can be a Kubernetes manifest or configure a container runtime. Follows no symbolic link to a folder: what lies inside the tree is listed under its own path.
 * A link to a file inside the tree is listed when the file itself is not. Only regular files are ever opened.
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

/** The rules within a folder that a `.gitignore` names: no other one has a say in it. */
const everything: readonly IgnoreFile[] = [parseIgnoreFile('*', 0)];

class FolderWalk {
  readonly files: string[] = [];
  readonly skipped: SkippedPath[] = [];
  isShort = false;
  readonly #links: string[] = [];
  readonly #root: string;
  readonly #filter: PathFilter | undefined;
  readonly #maxFiles: number;
  /** With the folders that lead to them. */
  readonly #kept: ReadonlySet<string> | 'all';

  constructor(root: string, options: FolderOptions) {
    this.#root = root;
    this.#filter = options.manifests?.length ? compilePathFilter(options.manifests) : undefined;
    this.#maxFiles = options.maxFiles ?? 200_000;
    this.#kept = options.kept === 'all' ? 'all' : withFolders(options.kept ?? []);
  }

  run(): void {
    this.#enter([], [], readdirSync(this.#root, { withFileTypes: true }));
    if (this.files.length <= this.#maxFiles) return;
    const [first = ''] = this.files.splice(this.#maxFiles);
    this.skipped.push({
      path: first,
      reason: `beyond the first ${this.#maxFiles} files: this and all others are left out`,
    });
  }

  #enter(folder: readonly string[], outerRules: readonly IgnoreFile[], entries: readonly Dirent[]): void {
    const rules =
      outerRules === everything ? everything : [...outerRules, ...this.#ownRules(folder, entries)];
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (this.files.length > this.#maxFiles) return;
      const path = [...folder, entry.name];
      if (entry.isDirectory()) this.#visitFolder(path, entry.name, rules);
      else if (listedName.test(entry.name)) this.#visitFile(path, entry, rules);
      else if (entry.isSymbolicLink() && this.#isListed(rules, path)) this.#visitFolderLink(path);
    }
  }

  #visitFolder(path: readonly string[], name: string, rules: readonly IgnoreFile[]): void {
    if (versionControlFolders.has(name)) return;
    if (vendoredFolders.has(name) && !this.#filter?.names(name)) return;
    // A pattern may match something in there although .gitignore leaves it out.
    const isNamed = !this.#filter && isIgnored(rules, path, true);
    if (isNamed && !this.#isKept(path)) return;
    try {
      const entries = readdirSync(join(this.#root, ...path), { withFileTypes: true });
      this.#enter(path, isNamed ? everything : rules, entries);
    } catch (error) {
      if (!isSystemError(error)) throw error;
      this.#skip(path, describeFailure(path, error));
    }
  }

  #visitFile(path: readonly string[], entry: Dirent, rules: readonly IgnoreFile[]): void {
    const isWanted =
      this.#filter && !nodeFileName.test(entry.name)
        ? this.#filter.matches(path)
        : this.#isListed(rules, path);
    if (!isWanted) return;
    if (entry.isSymbolicLink()) this.#links.push(path.join('/'));
    else if (!entry.isFile()) this.#skip(path, 'no regular file');
    // What is not UTF-8 in a name was replaced, and no file has the name that came out of it.
    else if (entry.name.includes('\ufffd') && !exists(join(this.#root, ...path)))
      this.#skip(path, 'a name that is not valid UTF-8');
    else this.files.push(path.join('/'));
  }

  #isListed(rules: readonly IgnoreFile[], file: readonly string[]): boolean {
    return !isIgnored(rules, file, false) || this.#isKept(file);
  }

  /** Whether a path that a `.gitignore` names is listed nevertheless. */
  #isKept(path: readonly string[]): boolean {
    const isKept = this.#kept === 'all' || this.#kept.has(path.join('/'));
    this.isShort ||= !isKept;
    return isKept;
  }

  /** A folder outside of the tree may be where the user keeps manifests, so it does not go unsaid that nobody looks there. */
  #visitFolderLink(path: readonly string[]): void {
    const target = leadsToFolder(join(this.#root, ...path)) ? locate(this.#root, path.join('/')) : undefined;
    if (target?.reason === leadsOut) this.#skip(path, leadsOut);
  }

  /** The links that lead to a file of the tree which is not listed, the first by name where several lead to the same one. */
  linkedFiles(): readonly string[] {
    const known = new Set(this.files);
    return this.#links.toSorted().filter((link) => {
      const target = locate(this.#root, link);
      if (target === undefined) return false;
      if (target.reason !== undefined) this.#skip([link], target.reason);
      else if (!known.has(target.path)) return known.add(target.path);
      return false;
    });
  }

  #ownRules(folder: readonly string[], entries: readonly Dirent[]): readonly IgnoreFile[] {
    if (!entries.some((entry) => entry.name === '.gitignore' && entry.isFile())) return [];
    const path = [...folder, '.gitignore'];
    const content = readRegularFile(join(this.#root, ...path), maxIgnoreFileSize);
    if ('text' in content) return [parseIgnoreFile(content.text, folder.length)];
    this.#skip(path, content.unreadable);
    return [];
  }

  #skip(path: readonly string[], reason: string): void {
    this.skipped.push({ path: path.join('/'), reason });
  }
}

/** Paths, and those of all folders above them. */
function withFolders(paths: readonly string[]): ReadonlySet<string> {
  const all = new Set(paths);
  for (const path of paths) {
    for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
      all.add(path.slice(0, end));
    }
  }
  return all;
}

const leadsOut = 'a symbolic link that leads out of the repository';

/** Where a path leads when its links are followed: a regular file of the tree, or why it is none. Undefined: nowhere. */
function locate(
  root: string,
  path: string,
): { path: string; reason?: undefined } | { reason: string } | undefined {
  try {
    const target = relative(root, realpathSync(join(root, path))).split(sep);
    if (target[0] === '..') return { reason: leadsOut };
    if (target.some((name) => versionControlFolders.has(name)))
      return { reason: 'a file of the version control' };
    if (!statSync(join(root, ...target)).isFile()) return { reason: 'no regular file' };
    return { path: target.join('/') };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
      return { reason: describeFailure([path], error) };
    return exists(join(root, path)) ? { reason: 'a symbolic link that leads nowhere' } : undefined;
  }
}

/** A file that somebody names, listed or not. Nothing lies below the files that are `known`. */
function readNamedFile(root: string, path: string, known: ReadonlySet<string>): FileContent | undefined {
  const normalized = posix.normalize(path);
  if (posix.isAbsolute(path) || normalized === '..' || normalized.startsWith('../')) {
    return { unreadable: 'outside of the repository' };
  }
  if (path.includes('\0') || isBelow(normalized, known)) return undefined;
  const target = locate(root, normalized);
  if (target === undefined) return undefined;
  return target.reason === undefined
    ? readRegularFile(join(root, target.path))
    : { unreadable: target.reason };
}

/** Whether a text names a folder or a file is often found out by looking for what a folder would hold. */
function isBelow(path: string, files: ReadonlySet<string>): boolean {
  for (let slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
    if (files.has(path.slice(0, slash))) return true;
  }
  return false;
}

function readRegularFile(path: string, maxSize = maxFileSize): FileContent {
  try {
    const small = readSmallFile(path);
    if (small && small.length <= maxSize) return decodeText(small);
    if (statSync(path).size > maxSize) return { unreadable: `larger than ${describeSize(maxSize)}` };
    return decodeText(readFileSync(path));
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return { unreadable: describeFailure([path], error) };
  }
}

/** Nearly every manifest fits in here, and is read without asking for its size and without memory of its own. */
const smallFile = Buffer.allocUnsafeSlow(64 * 1024);

/** The bytes of a file until the next one is read; undefined for one that is not small. */
function readSmallFile(path: string): Buffer | undefined {
  const file = openSync(path, 'r');
  try {
    let size = 0;
    for (let count = -1; count !== 0 && size < smallFile.length; size += count)
      count = readSync(file, smallFile, size, smallFile.length - size, null);
    return size < smallFile.length ? smallFile.subarray(0, size) : undefined;
  } finally {
    closeSync(file);
  }
}

function describeSize(bytes: number): string {
  const mebibyte = 1024 * 1024;
  return bytes < mebibyte ? `${bytes / 1024} KiB` : `${bytes / mebibyte} MiB`;
}

function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return false;
  }
}

function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return false;
  }
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

function describeFailure(path: readonly string[], error: NodeJS.ErrnoException): string {
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'not readable for this user';
  if (error.code === 'ELOOP') return 'a symbolic link that leads to itself';
  if (error.code === 'ENAMETOOLONG') return 'a path that is too long';
  if (path.at(-1)?.includes('\ufffd')) return 'a name that is not valid UTF-8';
  return `not readable (${error.code})`;
}
