import type { Stretch } from './lineIndex.ts';
import type { Located, Location } from './location.ts';

/**
 * What a YAML, JSON or TOML text says, with the place of each part. `start` and `end` are offsets into the text; a
 * {@link SourceDocument} turns them into lines and columns when somebody asks.
 */
export type TreeNode = ScalarNode | MappingNode | SequenceNode;

export interface ScalarNode {
  readonly kind: 'scalar';
  /** The value as the format types it. */
  readonly value: string | number | bigint | boolean | null;
  /** The value as the user wrote it, without quotes: `1.10` stays `1.10`. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface MappingEntry {
  readonly key: ScalarNode;
  readonly value: TreeNode;
}

export interface MappingNode {
  readonly kind: 'mapping';
  /** In the order of the text. A key that stands twice is here twice. */
  readonly entries: readonly MappingEntry[];
  readonly start: number;
  readonly end: number;
}

export interface SequenceNode {
  readonly kind: 'sequence';
  readonly items: readonly TreeNode[];
  readonly start: number;
  readonly end: number;
}

/** One document of a file: a tree and the means to say where its parts stand. */
export interface SourceDocument {
  readonly file: string;
  /** Position among the documents of the file, from 0. */
  readonly index: number;
  readonly root: TreeNode;
  locate(part: Stretch): Location;
}

/** The value of a key of a mapping, or undefined where the node is no mapping or has no such key. The last of a doubled key wins. */
export function child(node: TreeNode | undefined, key: string): TreeNode | undefined {
  if (node?.kind !== 'mapping') return undefined;
  for (let index = node.entries.length - 1; index >= 0; index--) {
    const entry = node.entries[index];
    if (entry?.key.text === key) return entry.value;
  }
  return undefined;
}

/** The node at the end of a path of keys. */
export function descend(node: TreeNode | undefined, ...path: readonly string[]): TreeNode | undefined {
  let current = node;
  for (const key of path) current = child(current, key);
  return current;
}

/** The items of a sequence; none for anything else. */
export function items(node: TreeNode | undefined): readonly TreeNode[] {
  return node?.kind === 'sequence' ? node.items : [];
}

/** The entries of a mapping; none for anything else. */
export function entries(node: TreeNode | undefined): readonly MappingEntry[] {
  return node?.kind === 'mapping' ? node.entries : [];
}

/** The text of a scalar that is not null, or undefined. */
export function text(node: TreeNode | undefined): string | undefined {
  return node?.kind === 'scalar' && node.value !== null ? node.text : undefined;
}

/** The text of a scalar that is not null, with its place. */
export function locatedText(
  document: SourceDocument,
  node: TreeNode | undefined,
): Located<string> | undefined {
  if (node?.kind !== 'scalar' || node.value === null) return undefined;
  return { value: node.text, location: document.locate(node) };
}

/** The tree as plain data, without places. Made for schema validation and for values of free form. */
export function toData(node: TreeNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'sequence') return node.items.map(toData);
  return Object.fromEntries(node.entries.map((entry) => [entry.key.text, toData(entry.value)]));
}
