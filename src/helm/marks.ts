import { isPlaceholder } from '../manifest/placeholder.ts';
import type { Location } from '../source/location.ts';
import { replaceStretches, type Replacement } from '../source/replaceStretches.ts';
import type { ScalarNode, TreeNode } from '../source/tree.ts';
import { readImageKey } from './imageKey.ts';
import { locateValue, type YamlText } from './yamlText.ts';

/** What a marked text is of an image. */
export type MarkedPart = 'registry' | 'repository' | 'tag' | 'digest' | 'image';

/** A value that is replaced by one that can be told from all others wherever a chart writes it. */
export interface Mark {
  readonly index: number;
  readonly part: MarkedPart;
  readonly location: Location;
}

/**
 * What is marked in one run. Some charts refuse names, or versions, that they do not know: the other run tells half of it then.
 * `all` is for one run alone.
 */
export type MarkedKind = 'names' | 'versions' | 'all';

/** A text with marks in it. */
export interface MarkedText {
  readonly text: string;
  readonly marks: readonly Mark[];
}

/** More marks than this do not go into one run. */
export const maxMarks = 5000;

/** Digits alone can stand in a host name, a repository, a tag, a version number and a digest. */
function digitsOf(index: number): string {
  return `7310${String(index).padStart(6, '0')}0137`;
}

/** The indexes of the marks in a text. */
export function findMarks(text: string): readonly number[] {
  return [...text.matchAll(/7310(\d{6})0137/g)].map(([, index]) => Number(index));
}

/** Puts a mark into a value. Undefined where the kind has nothing to mark in it. */
export function insertMark(
  text: string,
  part: MarkedPart,
  kind: MarkedKind,
  index: number,
): string | undefined {
  const digits = digitsOf(index);
  if (part === 'tag' || part === 'digest') return kind === 'names' ? undefined : markVersion(text, digits);
  if (part === 'registry') {
    return kind === 'versions' ? undefined : text.replace(/^[^:/]+/, (host) => host + digits);
  }
  if (kind !== 'versions') return markName(text, digits);
  const end = nameEnd(text);
  return end === text.length ? undefined : text.slice(0, end + 1) + markVersion(text.slice(end + 1), digits);
}

function markName(text: string, digits: string): string {
  const end = nameEnd(text);
  return text.slice(0, end) + digits + text.slice(end);
}

/** Where the tag or digest of an image begins; its length where it has none. */
function nameEnd(text: string): number {
  const [tagged = ''] = text.split('@', 1);
  const last = tagged.lastIndexOf('/') + 1;
  const colon = tagged.indexOf(':', last);
  return colon < 0 ? tagged.length : colon;
}

/** A tag keeps its form, so that a template which compares versions goes the same way. */
function markVersion(text: string, digits: string): string {
  const hash = /[0-9a-f]{64}/.exec(text);
  if (hash) return text.replace(hash[0], hash[0].slice(0, 64 - digits.length) + digits);
  const release = /^(v?\d+\.\d+\.)\d+/.exec(text);
  return release ? (release[1] ?? '') + digits + text.slice(release[0].length) : text + digits;
}

/** Marks what may be part of an image in values. */
export function markValues(yaml: YamlText, kind: MarkedKind, firstIndex: number): MarkedText {
  const replacements: Replacement[] = [];
  const marks: Mark[] = [];
  const seen = new Set<number>();
  for (const { node, part } of imageLeaves(yaml.root, '')) {
    const index = firstIndex + marks.length;
    if (index >= maxMarks) break;
    // The text of a block can be anything.
    const isBlock = /[|>]/.test(yaml.text.charAt(node.start));
    const text = isBlock || seen.has(node.start) ? undefined : insertMark(node.text, part, kind, index);
    if (text === undefined) continue;
    seen.add(node.start);
    marks.push({ index, part, location: locateValue(yaml, node) });
    replacements.push({ start: node.start, end: node.end, text: JSON.stringify(text) });
  }
  return { text: replaceStretches(yaml.text, replacements), marks };
}

interface ImageLeaf {
  readonly node: ScalarNode;
  readonly part: MarkedPart;
}

function* imageLeaves(node: TreeNode, key: string, parent = ''): Generator<ImageLeaf> {
  if (node.kind === 'sequence') for (const item of node.items) yield* imageLeaves(item, key, parent);
  if (node.kind === 'mapping')
    for (const entry of node.entries) yield* imageLeaves(entry.value, entry.key.text, key);
  if (node.kind !== 'scalar') return;
  // `image: {name: a/b}`; other names are of objects.
  const meaning = key === 'name' && /image/i.test(parent) ? 'repository' : key;
  const part = isMarkable(node) ? partOf(node.text, meaning) : undefined;
  if (part) yield { node, part };
}

function isMarkable({ value, text }: ScalarNode): boolean {
  if (value === null || typeof value === 'boolean' || text.length > 512) return false;
  return /^\S+$/.test(text) && !isPlaceholder(text);
}

function partOf(text: string, key: string): MarkedPart | undefined {
  const word = readImageKey(key)?.word;
  const isVersion = /\d/.test(text);
  if (word === 'version') return isVersion ? 'tag' : undefined;
  if (word === 'name') return undefined;
  if (word === 'repository') return /^[a-z0-9][\w./:@-]*$/.test(text) ? 'repository' : undefined;
  if (word === 'image') return /^[a-zA-Z0-9][\w./:@-]*$/.test(text) ? 'image' : undefined;
  if (word === 'digest') return /[0-9a-f]{64}/.test(text) ? 'digest' : undefined;
  if (word) return word;
  // An image that stands somewhere else has a registry and a tag or digest written out.
  return /^[\w-]+(?:\.[\w-]+)+(?::\d+)?\/[\w./-]+(?::[\w.-]+|@sha256:[0-9a-f]{64})/.test(text)
    ? 'image'
    : undefined;
}
