import { readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { isIgnored, parseIgnoreFile, type IgnoreFile } from './gitignore.ts';
import { compilePathFilter, type PathFilter } from './pathFilter.ts';
import { readRegularFile } from './folderFile.ts';
import type { SkippedPath } from './repositoryFiles.ts';
import {
  describeFailure,
  exists,
  isSystemError,
  leadsOut,
  leadsToFolder,
  locate,
  versionControlFolders,
} from './treePath.ts';

/** What is listed of a folder. */
export interface WalkOptions {
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
}

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

/** The rules within a folder that a `.gitignore` names: no other one has a say in it. */
const everything: readonly IgnoreFile[] = [parseIgnoreFile('*', 0)];

/** Looks for the files of a folder. */
export class FolderWalk {
  /** Regular files, by their paths. */
  readonly files: string[] = [];
  readonly skipped: SkippedPath[] = [];
  /** Whether a `.gitignore` left something out. */
  isShort = false;
  readonly #links: string[] = [];
  readonly #root: string;
  readonly #filter: PathFilter | undefined;
  readonly #maxFiles: number;
  /** With the folders that lead to them. */
  readonly #kept: ReadonlySet<string> | 'all';

  constructor(root: string, options: WalkOptions) {
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
