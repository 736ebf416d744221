import {
  Composer,
  type CST,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  Lexer,
  Parser,
  type Alias,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { locateIn, type Stretch } from './lineIndex.ts';
import type { SourceProblem } from './location.ts';
import { readPlainYaml } from './plainYaml.ts';
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

const tooDeep = `nested deeper than ${maxDepth} levels`;

/** More nodes than this in one document are refused, counted where aliases unfold; long texts count for several. */
const maxNodes = 1_000_000;

/** Characters of a text that count as one node more. */
const charactersPerNode = 64;

/** More words, signs and spaces than this in one document are refused: each costs half a kilobyte of memory. */
const maxParts = 2_000_000;

/**
 * Reads YAML, or JSON by the same rules. Aliases and merge keys (`<<`) are unfolded. The last of two equal keys counts, and
 * both stay in the tree, so that a check can say so. Never throws: what cannot be read is a problem with its place. Nothing is
 * read behind a document that is too large or nested too deep.
 *
 * @param version which words are booleans and numbers: 1.1 takes `yes` and `off` for booleans, as k3s does
 */
export function parseYaml(file: string, source: string, version: '1.1' | '1.2' = '1.2'): YamlSource {
  const roots = version === '1.2' ? readPlainYaml(source) : undefined;
  if (!roots) return parseAnyYaml(file, source, version);
  const locate = locateIn(file, source);
  return { documents: roots.map((root, index) => ({ file, index, root, locate })), problems: [] };
}

/** What {@link parseYaml} does, for every text: slower, but there is nothing that it cannot read or refuse. */
export function parseAnyYaml(file: string, source: string, version: '1.1' | '1.2'): YamlSource {
  const locate = locateIn(file, source);
  const documents: SourceDocument[] = [];
  const problems: SourceProblem[] = [];
  let index = 0;
  for (const composed of composeDocuments(source, version)) {
    try {
      const root = buildTree(composed);
      if (root) documents.push({ file, index, root, locate });
    } catch (error) {
      if (!(error instanceof UnreadableYaml)) throw error;
      problems.push({ message: error.message, location: locate(error) });
    }
    index += 1;
  }
  return { documents, problems };
}

class UnreadableYaml extends Error {
  readonly start: number;
  readonly end: number;
  constructor(message: string, at: Stretch) {
    super(message);
    this.start = at.start;
    this.end = at.end;
  }
}

/** The documents one by one, or why there is none from here on. */
function* composeDocuments(
  source: string,
  version: '1.1' | '1.2',
): Generator<Document.Parsed | UnreadableYaml> {
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, merge: true, version });
  let refusal: UnreadableYaml | undefined;
  try {
    for (const token of parseTokens(source)) {
      refuseDeepNesting(token);
      yield* composer.next(token);
    }
  } catch (error) {
    if (!(error instanceof UnreadableYaml)) throw error;
    refusal = error;
  }
  yield* composer.end();
  if (refusal) yield refusal;
}

/** The documents of a text as they are written, and what stands between them. */
function* parseTokens(source: string): Generator<CST.Token> {
  const parser = new Parser();
  let parts = 0;
  for (const part of new Lexer().lex(source)) {
    parts += 1;
    if (parts > maxParts) {
      throw new UnreadableYaml('too large a document', { start: parser.offset, end: parser.offset });
    }
    for (const token of parser.next(part)) {
      if (token.type === 'document') parts = 0;
      yield token;
    }
  }
  yield* parser.end();
}

/** Composing recurses, and a stack that overflows there can end the process. */
function refuseDeepNesting(written: CST.Token): void {
  const open = [{ token: written.type === 'document' ? written.value : undefined, depth: 0 }];
  for (let next = open.pop(); next; next = open.pop()) {
    const { token, depth } = next;
    if (!token || !('items' in token)) continue;
    if (depth >= maxDepth) throw new UnreadableYaml(tooDeep, { start: token.offset, end: token.offset });
    for (const { key, value } of token.items) {
      for (const part of [value, key]) if (part) open.push({ token: part, depth: depth + 1 });
    }
  }
}

function buildTree(document: Document.Parsed | UnreadableYaml): TreeNode | undefined {
  if (document instanceof UnreadableYaml) throw document;
  const [error] = document.errors;
  if (error) {
    const [start, end] = error.pos;
    throw new UnreadableYaml(explanations[error.code] ?? withoutSource(error.message), { start, end });
  }
  return document.contents ? new TreeBuilder().build(document.contents, 0) : undefined;
}

/** Plainer words for the mistakes that people make most. */
const explanations: Readonly<Record<string, string>> = {
  BAD_DQ_ESCAPE: 'a backslash in front of a character that needs none: use single quotes, or two backslashes',
  BLOCK_AS_IMPLICIT_KEY: 'a second `: ` on this line: put the value in quotes, or begin a new line',
  MULTILINE_IMPLICIT_KEY:
    'this is neither `key: value` nor a comment: is a `:` missing at the end of the line?',
  TAB_AS_INDENT: 'a tab in the indentation: YAML wants spaces',
  TAG_RESOLVE_FAILED: 'a tag (`!`) that cannot be read: put a value that begins with `!` in quotes',
};

/** What is in the text stays out of the message, for it may be a password. */
function withoutSource(message: string): string {
  return message.replace(/(?<=\w): .*$/s, '');
}

/** What an anchor names; without a tree while that is still being built. */
interface Anchored {
  tree?: TreeNode;
  /** Nodes in it, and levels below it, with all that aliases unfold to. */
  size: number;
  height: number;
}

/** Turns the nodes of the `yaml` package into a {@link TreeNode}, with limits that no alias bomb passes. */
class TreeBuilder {
  /** What each anchor names so far; an alias counts for all that it repeats. */
  readonly #anchors = new Map<string, Anchored>();
  #size = 0;
  #deepest = 0;

  build(node: Node, depth: number): TreeNode {
    const at = offsets(node);
    this.#count(1, depth, at);
    if (isAlias(node)) return this.#unfold(node, at, depth);
    return node.anchor
      ? this.#buildAnchored(node, node.anchor, at, depth)
      : this.#buildPlain(node, at, depth);
  }

  #count(size: number, depth: number, at: Stretch): void {
    this.#size += size;
    this.#deepest = Math.max(this.#deepest, depth);
    if (depth > maxDepth) throw new UnreadableYaml(tooDeep, at);
    if (this.#size > maxNodes) throw new UnreadableYaml(`unfolds to more than ${maxNodes} values`, at);
  }

  #buildAnchored(node: Node, anchor: string, at: Stretch, depth: number): TreeNode {
    const anchored: Anchored = { size: 0, height: 0 };
    this.#anchors.set(anchor, anchored);
    const sizeBefore = this.#size;
    const deepestBefore = this.#deepest;
    this.#deepest = depth;
    anchored.tree = this.#buildPlain(node, at, depth);
    anchored.size = this.#size - sizeBefore + 1;
    anchored.height = this.#deepest - depth;
    this.#deepest = Math.max(this.#deepest, deepestBefore);
    return anchored.tree;
  }

  #buildPlain(node: Node, at: Stretch, depth: number): TreeNode {
    if (isMap(node)) return endAtLast(this.#mapping(node.items, at, depth), node);
    if (isSeq(node)) return endAtLast(this.#sequence(node.items, at, depth), node);
    if (!isScalar(node)) return scalar(null, undefined, at);
    const read = scalar(node.value, node.type === 'PLAIN' ? node.source : undefined, at);
    this.#count(Math.floor(read.text.length / charactersPerNode), depth, at);
    return read;
  }

  #unfold(alias: Alias, at: Stretch, depth: number): TreeNode {
    const known = this.#anchors.get(alias.source);
    if (!known) throw new UnreadableYaml('an alias (`*`) of something that is not above it', at);
    if (!known.tree) throw new UnreadableYaml('an alias (`*`) of something that contains itself', at);
    this.#count(known.size, depth + known.height, at);
    // The place of a scalar is where it is used; the parts of a larger alias are where they are written.
    return known.tree.kind === 'scalar' ? { ...known.tree, ...at } : known.tree;
  }

  #sequence(nodes: readonly unknown[], at: Stretch, depth: number): SequenceNode {
    const items = nodes.map((item) =>
      item ? this.build(item as Node, depth + 1) : scalar(null, undefined, at),
    );
    return { kind: 'sequence', items, ...at };
  }

  #mapping(pairs: readonly Pair[], at: Stretch, depth: number): MappingNode {
    const own: MappingEntry[] = [];
    const merged = new Map<string, MappingEntry>();
    for (const pair of pairs) {
      const key = this.#key(pair, at, depth);
      const value = pair.value
        ? this.build(pair.value as Node, depth + 1)
        : scalar(null, '', { start: key.end, end: key.end });
      if (isMergeKey(pair.key) && isMergeSource(value))
        for (const entry of mergedEntries(value)) merged.set(entry.key.text, entry);
      else own.push({ key, value });
    }
    for (const { key } of own) merged.delete(key.text);
    return { kind: 'mapping', entries: [...merged.values(), ...own], ...at };
  }

  #key(pair: Pair, at: Stretch, depth: number): ScalarNode {
    const key = pair.key as Node | null;
    if (!key) return scalar(null, '', at);
    const node = this.build(key, depth + 1);
    if (node.kind === 'scalar') return node;
    throw new UnreadableYaml('a key must be plain text', offsets(key));
  }
}

/** A block collection ends with its last value, not with the comments and blank lines behind that. */
function endAtLast(tree: MappingNode | SequenceNode, node: YAMLMap | YAMLSeq): MappingNode | SequenceNode {
  const last: unknown = node.items.at(-1);
  if (node.flow || last === undefined) return tree;
  const lastNode = isPair(last) ? (last.value ?? last.key) : last;
  if (isAlias(lastNode)) return { ...tree, end: offsets(lastNode).end };
  const built = tree.kind === 'mapping' ? tree.entries.at(-1)?.value : tree.items.at(-1);
  return built ? { ...tree, end: built.end } : tree;
}

function offsets(node: Node): Stretch {
  const [start, end] = node.range ?? [0, 0];
  return { start, end };
}

/** @param source how a plain (unquoted) scalar is written; a quoted one is its value */
function scalar(value: unknown, source: string | undefined, at: Stretch): ScalarNode {
  const typed = isTyped(value) ? value : undefined;
  const written = source ?? (typed === undefined || typed === null ? '' : String(typed));
  if (!written.isWellFormed())
    throw new UnreadableYaml('half a character (a lone surrogate) as `\\u` escape', at);
  return { kind: 'scalar', value: typed === undefined ? written : typed, text: written, ...at };
}

/** False for what only a tag makes of a text, as the bytes of `!!binary`. */
function isTyped(value: unknown): value is ScalarNode['value'] {
  return value === null || ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
}

/** In quotes, it is a key as any other. */
function isMergeKey(key: unknown): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
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
