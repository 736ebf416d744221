import { dirname, isAbsolute, join } from 'node:path/posix';
import type { FileContent, RepositoryFiles } from '../files/repositoryFiles.ts';
import {
  isKustomizationPath,
  kustomizationNames,
  readKustomization,
  type Kustomization,
  type UnreadableKustomization,
} from './kustomization.ts';

/** What a path in a kustomization leads to. */
export type Include =
  | { readonly kind: 'kustomization'; readonly kustomization: Kustomization }
  | { readonly kind: 'file'; readonly path: string; readonly text: string }
  /** On the network. */
  | { readonly kind: 'remote' }
  /** There, but not read here; "it is" fits in front of the reason. */
  | { readonly kind: 'unread'; readonly path: string; readonly reason: string }
  /** Nothing that kustomize could read. */
  | { readonly kind: 'refused'; readonly reason: string };

/** The kustomizations of a repository. */
export interface Kustomizations {
  /** Sorted by their files. */
  readonly all: readonly Kustomization[];
  readonly unreadable: readonly UnreadableKustomization[];
  /** What a path leads to that a kustomization in `folder` names. */
  readonly resolve: (folder: string, path: string) => Include;
}

/** Reads every kustomization of a repository. */
export function readKustomizations(files: RepositoryFiles): Kustomizations {
  const listed = new Set(files.paths.filter(isKustomizationPath));
  const known = new Map<string, Kustomization | UnreadableKustomization | undefined>();
  const inFolder = (folder: string): Kustomization | UnreadableKustomization | undefined => {
    if (!known.has(folder)) known.set(folder, readFolder(files, folder, listed));
    return known.get(folder);
  };
  const read = readingOnce(files);
  const folders = [...listed].map((path) => dirname(path));
  const found = [...new Set(folders)].flatMap((folder) => inFolder(folder === '.' ? '' : folder) ?? []);
  return {
    all: found.filter(isReadable),
    unreadable: found.flatMap((one) => (isReadable(one) ? [] : [one])),
    resolve: (folder, path) => resolve(read, inFolder, folder, path),
  };
}

function readFolder(
  files: RepositoryFiles,
  folder: string,
  listed: ReadonlySet<string>,
): Kustomization | UnreadableKustomization | undefined {
  for (const name of kustomizationNames) {
    const path = join(folder, name);
    const content = files.read(path);
    if (!content) continue;
    if ('text' in content) return readKustomization(path, content.text, listed.has(path));
    const start = { line: 1, column: 1 };
    return {
      file: path,
      location: { file: path, start, end: start },
      message: `it is ${content.unreadable}`,
    };
  }
  return undefined;
}

/** Every step of a build asks for the files that a kustomization names, and their texts are held for it anyway. */
function readingOnce(files: RepositoryFiles): RepositoryFiles['read'] {
  const known = new Map<string, FileContent | undefined>();
  return (path) => {
    if (!known.has(path)) known.set(path, files.read(path));
    return known.get(path);
  };
}

function resolve(
  read: RepositoryFiles['read'],
  inFolder: (folder: string) => Kustomization | UnreadableKustomization | undefined,
  folder: string,
  path: string,
): Include {
  if (isUrl(path)) return { kind: 'remote' };
  const target = join(folder, path).replace(/(?<=.)\/$/, '');
  if (isAbsolute(path) || target === '..' || target.startsWith('../'))
    return { kind: 'refused', reason: 'it is outside of the repository' };
  const kustomization = inFolder(target === '.' ? '' : target);
  if (kustomization && isReadable(kustomization)) return { kind: 'kustomization', kustomization };
  if (kustomization)
    return { kind: 'refused', reason: `its kustomization cannot be read: ${kustomization.message}` };
  const content = read(target);
  if (content && 'text' in content) return { kind: 'file', path: target, text: content.text };
  if (content) return { kind: 'unread', path: target, reason: content.unreadable };
  if (namesRepository(path)) return { kind: 'remote' };
  return {
    kind: 'refused',
    reason: 'there is neither such a file nor a folder of that name with a kustomization',
  };
}

function isUrl(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/|^git::|^[\w.-]+@[\w.-]+:/i.test(path);
}

/** Forms of a git repository that could be a path too. */
// kustomize api/internal/git/repospec.go
function namesRepository(path: string): boolean {
  return /[?&](?:ref|version|timeout|submodules)=|\.git(?:$|[/?])|\/_git\/|^(?:www\.)?git(?:hub|lab)\.com[:/]|^bitbucket\.org\//i.test(
    path,
  );
}

function isReadable(one: Kustomization | UnreadableKustomization): one is Kustomization {
  return 'root' in one;
}
