import { basename } from 'node:path/posix';
import { structuredPatch } from 'diff';
import type { FileContent } from '../files/repositoryFiles.ts';

/** A stretch of a unified diff. */
export interface Hunk {
  readonly oldStart: number;
  readonly oldLines: number;
  readonly newStart: number;
  readonly newLines: number;
  /** Each with its ` `, `+`, `-` or `\` in front. */
  readonly lines: readonly string[];
}

/** How a file differs, or in one phrase why that is not shown. */
export type Patch =
  | {
      readonly kind: 'hunks';
      readonly hunks: readonly Hunk[];
      readonly addedLines: number;
      readonly removedLines: number;
    }
  | { readonly kind: 'not-shown'; readonly reason: string };

/** A difference between two trees of files. */
export interface FileChange {
  readonly kind: 'added' | 'removed' | 'changed';
  /** The files of this name that differ in just this way, sorted. Never empty. */
  readonly paths: readonly [string, ...string[]];
  readonly patch: Patch;
}

/** Files by their path. */
export type FileTree = ReadonlyMap<string, FileContent>;

/** Rendered files as a tree to compare. */
export function treeOf(rendered: ReadonlyMap<string, string>): FileTree {
  return new Map([...rendered].map(([path, text]) => [path, { text }]));
}

/**
 * Compares two trees, file by file. Files of one name that change from the same text to the same text are one change: most
 * nodes share what they get.
 */
export function compareFiles(before: FileTree, after: FileTree): readonly FileChange[] {
  const groups = new ChangeGroups();
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  for (const path of paths) {
    const [old, now] = [before.get(path), after.get(path)];
    if (!isSame(old, now)) groups.add(path, old, now);
  }
  return groups.changes();
}

/** What is unreadable is like nothing: rendered files are texts. */
function isSame(a: FileContent | undefined, b: FileContent | undefined): boolean {
  return a !== undefined && b !== undefined && 'text' in a && 'text' in b && a.text === b.text;
}

function describeContent(content: FileContent | undefined): string | undefined {
  if (!content) return undefined;
  return 'text' in content ? content.text : content.unreadable;
}

interface Draft {
  readonly before: FileContent | undefined;
  readonly after: FileContent | undefined;
  readonly paths: [string, ...string[]];
}

class ChangeGroups {
  /** Nested, so that no text is ever copied into a key. */
  readonly #groups = new Map<string | undefined, Map<string | undefined, Map<string, Draft>>>();
  readonly #drafts: Draft[] = [];

  add(path: string, before: FileContent | undefined, after: FileContent | undefined): void {
    const byAfter = getOrAdd(this.#groups, describeContent(before), () => new Map());
    const byName = getOrAdd(byAfter, describeContent(after), () => new Map());
    const known = byName.get(basename(path));
    if (known) {
      known.paths.push(path);
      return;
    }
    const draft: Draft = { before, after, paths: [path] };
    byName.set(basename(path), draft);
    this.#drafts.push(draft);
  }

  changes(): FileChange[] {
    return this.#drafts.map(({ before, after, paths }) => ({
      kind: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
      paths,
      patch: patchBetween(before ?? { text: '' }, after ?? { text: '' }),
    }));
  }
}

function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key);
  if (known !== undefined) return known;
  const made = make();
  map.set(key, made);
  return made;
}

/** Characters of both texts together, and lines that are added or removed; beyond that nobody reads a diff. */
const maxCharacters = 4 * 1024 * 1024;
const maxEdits = 2000;

function patchBetween(before: FileContent, after: FileContent): Patch {
  if ('unreadable' in before) return { kind: 'not-shown', reason: `it is ${before.unreadable}` };
  if ('unreadable' in after) return { kind: 'not-shown', reason: `it is ${after.unreadable}` };
  const isLong = before.text.length + after.text.length > maxCharacters;
  const options = { context: 3, maxEditLength: maxEdits };
  const patch = isLong
    ? undefined
    : structuredPatch('', '', before.text, after.text, undefined, undefined, options);
  if (!patch) {
    const [old, now] = [countLines(before.text), countLines(after.text)];
    return { kind: 'not-shown', reason: `too much differs to be shown: ${old} lines before, ${now} after` };
  }
  const count = (mark: string): number =>
    patch.hunks.flatMap(({ lines }) => lines).filter((line) => line.startsWith(mark)).length;
  return { kind: 'hunks', hunks: patch.hunks, addedLines: count('+'), removedLines: count('-') };
}

function countLines(text: string): number {
  return text.split('\n').length - (text.endsWith('\n') || text === '' ? 1 : 0);
}
