import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { BuildProblem } from '../manifest/build.ts';
import type { Location } from '../source/location.ts';
import { findDeployed } from './deployed.ts';
import type { Include, Kustomizations } from './includes.ts';
import type { Kustomization } from './kustomization.ts';
import { fileText, type Piece, type SourceText } from './sourceText.ts';

/** A kustomization that is built on its own, and all that it is built of. */
export interface Closure {
  readonly root: Kustomization;
  /** With the root, each once. */
  readonly kustomizations: readonly Kustomization[];
  /** The files that `resources` and patches name, by path. */
  readonly files: ReadonlyMap<string, SourceText>;
  /** The paths of those that are patches. */
  readonly patchFiles: ReadonlySet<string>;
  readonly problems: readonly BuildProblem[];
  /** Paths of files that are named and not read. */
  readonly unread: ReadonlySet<string>;
  /** Paths that lead to the network, each with the kustomization that it stands in. */
  readonly remotes: readonly { readonly kustomization: Kustomization; readonly piece: Piece }[];
}

/**
 * What all roots of a repository are built of: those that nobody includes, those that are deployed as they are, and one of those that
 * include each other in a circle.
 */
export function findClosures(files: RepositoryFiles, kustomizations: Kustomizations): readonly Closure[] {
  const included = new Set<Kustomization>();
  for (const { folder, resources, components } of kustomizations.all) {
    for (const { text } of [...resources, ...components]) {
      const include = kustomizations.resolve(folder, text);
      if (include.kind === 'kustomization') included.add(include.kustomization);
    }
  }
  const candidates = kustomizations.all.filter(({ isComponent }) => !isComponent);
  // Looking for objects takes as long as reading all files.
  const deployed = included.size > 0 ? findDeployed(files, kustomizations.all) : new Set();
  const roots = candidates.filter((one) => !included.has(one) || deployed.has(one));
  const closures = roots.map((root) => collect(root, kustomizations));
  const reached = new Set(closures.flatMap((closure) => closure.kustomizations));
  for (const root of candidates) {
    // Everybody in a circle is included by somebody.
    if (reached.has(root)) continue;
    const closure = collect(root, kustomizations);
    closures.push(closure);
    for (const one of closure.kustomizations) reached.add(one);
  }
  return closures;
}

/** True where it is certain that nobody can build it as it is. */
export function isBroken({ problems }: Closure): boolean {
  return problems.some(({ kind }) => kind === 'failed');
}

interface Collection {
  readonly kustomizations: Set<Kustomization>;
  readonly files: Map<string, SourceText>;
  readonly patchFiles: Set<string>;
  readonly problems: BuildProblem[];
  readonly unread: Set<string>;
  readonly remotes: { readonly kustomization: Kustomization; readonly piece: Piece }[];
}

function collect(root: Kustomization, kustomizations: Kustomizations): Closure {
  const collection: Collection = {
    kustomizations: new Set(),
    files: new Map(),
    patchFiles: new Set(),
    problems: [],
    unread: new Set(),
    remotes: [],
  };
  visit(root, [], kustomizations, collection);
  return { root, ...collection, kustomizations: [...collection.kustomizations] };
}

/** Kustomizations within each other; far more than anybody has. */
const maxDepth = 100;

function visit(
  kustomization: Kustomization,
  way: readonly Kustomization[],
  kustomizations: Kustomizations,
  collection: Collection,
): void {
  collection.kustomizations.add(kustomization);
  const { folder, resources, components, patches } = kustomization;
  const wayHere = [...way, kustomization];
  const follow = (piece: Piece, expected: 'component' | 'resource'): void => {
    const include = kustomizations.resolve(folder, piece.text);
    if (include.kind !== 'kustomization') return addFile(include, piece, kustomization, collection);
    const next = include.kustomization;
    const mistake = mistakeOf(next, expected, wayHere);
    if (mistake !== undefined) addFailure(piece, mistake, collection);
    else if (!collection.kustomizations.has(next)) visit(next, wayHere, kustomizations, collection);
  };
  for (const piece of resources) follow(piece, 'resource');
  for (const piece of components) follow(piece, 'component');
  for (const { path } of patches) {
    if (!path) continue;
    const include = kustomizations.resolve(folder, path.text);
    addFile(include, path, kustomization, collection);
    if (include.kind === 'file') collection.patchFiles.add(include.path);
  }
}

function mistakeOf(
  next: Kustomization,
  expected: 'component' | 'resource',
  way: readonly Kustomization[],
): string | undefined {
  // Links can lead to the same one by ever longer paths.
  const isKnown = (one: Kustomization): boolean =>
    one === next || (!next.isListed && one.source.text === next.source.text);
  if (way.some(isKnown)) return 'it leads back to where it comes from, without end';
  if (way.length >= maxDepth) return `it is within more than ${maxDepth} other kustomizations`;
  if (next.isComponent && expected === 'resource')
    return 'it is a component, which `components` includes and `resources` does not';
  if (!next.isComponent && expected === 'component') return `${next.file} is no component`;
  return undefined;
}

function addFile(
  include: Include,
  piece: Piece,
  kustomization: Kustomization,
  { files, problems, unread, remotes }: Collection,
): void {
  if (include.kind === 'file') {
    if (!files.has(include.path)) files.set(include.path, fileText(include.path, include.text));
  } else if (include.kind === 'remote') {
    remotes.push({ kustomization, piece });
    problems.push(remoteProblem(piece.text, piece.location));
  } else if (include.kind === 'unread') {
    unread.add(include.path);
    const message = `\`${shorten(piece.text)}\` is not read, so its images are not known: it is ${include.reason}`;
    problems.push({ kind: 'unbuilt', location: piece.location, message });
  } else if (include.kind === 'refused') {
    addFailure(piece, include.reason, { problems });
  } else {
    addFailure(piece, 'it is a folder with a kustomization, and no file', { problems });
  }
}

function remoteProblem(text: string, location: Location): BuildProblem {
  return {
    kind: 'remote',
    location,
    message: `\`${shorten(text)}\` is on the network and not followed: its images are not known`,
  };
}

function addFailure(piece: Piece, reason: string, { problems }: Pick<Collection, 'problems'>): void {
  problems.push({
    kind: 'failed',
    location: piece.location,
    message: `kustomize refuses \`${shorten(piece.text)}\`: ${reason}`,
  });
}

/** Characters of a path that a message repeats. */
const maxShown = 200;

function shorten(text: string): string {
  return text.length <= maxShown ? text : `${text.slice(0, maxShown).toWellFormed()} ...`;
}
