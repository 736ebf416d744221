import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseAllDocuments,
  type Alias,
  type Document,
  type Node,
  type Pair,
} from 'yaml';
import type { Location, Position, SourceProblem } from './location.ts';
import type {
  MappingEntry,
  MappingNode,
  ScalarNode,
  SequenceNode,
  SourceDocument,
  TreeNode,
} from './tree.ts';

/** The documents of a YAML or JSON text, and what is wrong with it. */
export interface YamlSource {
  /** The documents that could be read; an empty one is left out. */
  readonly documents: readonly SourceDocument[];
  /** Syntax errors in the order of the text, one a document. A document with an error is not among `documents`. */
  readonly problems: readonly SourceProblem[];
}

/** Deeper nesting than this is refused; real manifests stay below 30. */
const maxDepth = 200;

/** More nodes than this in one document are refused, counted where aliases unfold. */
const maxNodes = 2_000_000;

/**
 * Reads YAML, or JSON by the same rules. Aliases and merge keys (`<<`) are unfolded. The last of two equal keys counts, and
 * both stay in the tree, so that a check can say so. Never throws: what cannot be read is a problem with its place.
 *
 * @param version which words are booleans and numbers: 1.1 takes `yes` and `off` for booleans, as k3s does
 */
export function parseYaml(file: string, source: string, version: '1.1' | '1.2' = '1.2'): YamlSource {
  const lineCounter = new LineCounter();
  const locate = (part: Offsets): Location => ({
    file,
    start: positionAt(lineCounter, part.start),
    end: positionAt(lineCounter, part.end),
  });
  const parsed = parseAllDocuments(source, {
    lineCounter,
    uniqueKeys: false,
    prettyErrors: false,
    merge: true,
    version,
  });
  const documents: SourceDocument[] = [];
  const problems: SourceProblem[] = [];
  for (const [index, document] of (Array.isArray(parsed) ? parsed : []).entries()) {
    try {
      const root = buildTree(document);
      if (root) documents.push({ file, index, root, locate });
    } catch (error) {
      if (!(error instanceof UnreadableYaml)) throw error;
      problems.push({ message: error.message, location: locate(error) });
    }
  }
  return { documents, problems };
}

interface Offsets {
  readonly start: number;
  readonly end: number;
}

class UnreadableYaml extends Error {
  readonly start: number;
  readonly end: number;
  constructor(message: string, at: Offsets) {
    super(message);
    this.start = at.start;
    this.end = at.end;
  }
}

function positionAt(lineCounter: LineCounter, offset: number): Position {
  const { line, col } = lineCounter.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function buildTree(document: Document.Parsed): TreeNode | undefined {
  const [error] = document.errors;
  if (error) {
    const [start, end] = error.pos;
    throw new UnreadableYaml(explanations[error.code] ?? firstSentence(error.message), { start, end });
  }
  return document.contents ? new TreeBuilder().build(document.contents, 0) : undefined;
}

/** Plainer words for the mistakes that people make most. */
const explanations: Readonly<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: 'a second `: ` on this line: put the value in quotes, or begin a new line',
  MULTILINE_IMPLICIT_KEY:
    'this is neither `key: value` nor a comment: is a `:` missing at the end of the line?',
  RESOURCE_EXHAUSTION: 'nested too deep to be read',
  TAB_AS_INDENT: 'a tab in the indentation: YAML wants spaces',
};

function firstSentence(message: string): string {
  return message.split('\n', 1)[0] ?? message;
}

/** Turns the nodes of the `yaml` package into a {@link TreeNode}, with limits that no alias bomb passes. */
class TreeBuilder {
  /** What each anchor names so far; an alias counts for all that it repeats. */
  readonly #anchored = new Map<string, { readonly tree: TreeNode; readonly size: number }>();
  #size = 0;

  build(node: Node, depth: number): TreeNode {
    const at = offsets(node);
    this.#size += 1;
    if (depth > maxDepth) throw new UnreadableYaml(`nested deeper than ${maxDepth} levels`, at);
    if (this.#size > maxNodes) throw new UnreadableYaml(`unfolds to more than ${maxNodes} values`, at);
    if (isAlias(node)) return this.#unfold(node, at);
    const before = this.#size;
    const tree = this.#buildPlain(node, at, depth);
    if (node.anchor) this.#anchored.set(node.anchor, { tree, size: this.#size - before + 1 });
    return tree;
  }

  #buildPlain(node: Node, at: Offsets, depth: number): TreeNode {
    if (isMap(node)) return this.#mapping(node.items, at, depth);
    if (isSeq(node)) return this.#sequence(node.items, at, depth);
    if (isScalar(node)) return scalar(node.value, node.type === 'PLAIN' ? node.source : undefined, at);
    return scalar(null, undefined, at);
  }

  #unfold(alias: Alias, at: Offsets): TreeNode {
    const known = this.#anchored.get(alias.source);
    // An anchor is complete before its alias is read, unless the alias stands inside it.
    if (!known) throw new UnreadableYaml(`the alias *${alias.source} names no anchor above it`, at);
    this.#size += known.size;
    if (this.#size > maxNodes) {
      throw new UnreadableYaml(`its aliases unfold to more than ${maxNodes} values`, at);
    }
    // The place of a scalar is where it is used; the parts of a larger alias are where they are written.
    return known.tree.kind === 'scalar' ? { ...known.tree, ...at } : known.tree;
  }

  #sequence(nodes: readonly unknown[], at: Offsets, depth: number): SequenceNode {
    const items = nodes.map((item) =>
      item ? this.build(item as Node, depth + 1) : scalar(null, undefined, at),
    );
    return { kind: 'sequence', items, ...at };
  }

  #mapping(pairs: readonly Pair[], at: Offsets, depth: number): MappingNode {
    const own: MappingEntry[] = [];
    const merged: MappingEntry[] = [];
    for (const pair of pairs) {
      const key = this.#key(pair, at);
      const value = pair.value
        ? this.build(pair.value as Node, depth + 1)
        : scalar(null, '', { start: key.end, end: key.end });
      if (key.text === '<<' && isMergeSource(value)) merged.push(...mergedEntries(value));
      else own.push({ key, value });
    }
    if (merged.length === 0) return { kind: 'mapping', entries: own, ...at };
    const ownKeys = new Set(own.map((entry) => entry.key.text));
    const inherited = merged.filter((entry) => !ownKeys.has(entry.key.text));
    return { kind: 'mapping', entries: [...inherited, ...own], ...at };
  }

  #key(pair: Pair, at: Offsets): ScalarNode {
    const key = pair.key as Node | null;
    if (!key) return scalar(null, '', at);
    if (isScalar(key)) return scalar(key.value, key.type === 'PLAIN' ? key.source : undefined, offsets(key));
    throw new UnreadableYaml('a key must be plain text', offsets(key));
  }
}

function offsets(node: Node): Offsets {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

/** @param source how a plain (unquoted) scalar is written; a quoted one is its value */
function scalar(value: unknown, source: string | undefined, at: Offsets): ScalarNode {
  const typed = isTyped(value) ? value : undefined;
  const written = source ?? (typed === undefined || typed === null ? '' : String(typed));
  return { kind: 'scalar', value: typed === undefined ? written : typed, text: written, ...at };
}

/** False for what only a tag makes of a text, as the bytes of `!!binary`. */
function isTyped(value: unknown): value is ScalarNode['value'] {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

function isMergeSource(node: TreeNode): boolean {
  return (
    node.kind === 'mapping' ||
    (node.kind === 'sequence' && node.items.every((item) => item.kind === 'mapping'))
  );
}

/** What `<<` brings in: of several mappings the first that has a key wins, so it comes last. */
function mergedEntries(node: TreeNode): readonly MappingEntry[] {
  if (node.kind === 'mapping') return node.entries;
  if (node.kind === 'sequence') return node.items.toReversed().flatMap(mergedEntries);
  return [];
}
