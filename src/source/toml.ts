import { ParseError, parseTOML, type AST } from 'toml-eslint-parser';
import type { Location, Position, SourceProblem } from './location.ts';
import type { MappingEntry, MappingNode, ScalarNode, SequenceNode, SourceDocument } from './tree.ts';

/** A value of a TOML text. Each node is a `TreeNode` as well, so everything that reads trees reads these. */
export type TomlNode = TomlScalar | TomlTable | TomlArray;

export type TomlType = 'string' | 'integer' | 'float' | 'boolean' | 'datetime';

export interface TomlScalar extends ScalarNode {
  /** The type that TOML gives the value. A date or time has its text as value. */
  readonly type: TomlType;
}

export interface TomlEntry extends MappingEntry {
  readonly key: TomlScalar;
  readonly value: TomlNode;
}

export interface TomlTable extends MappingNode {
  readonly entries: readonly TomlEntry[];
  /** Written as `{ … }`. */
  readonly isInline: boolean;
}

export interface TomlArray extends SequenceNode {
  readonly items: readonly TomlNode[];
  /** Made of `[[…]]` headers. */
  readonly isTables: boolean;
}

/** A `[a.b]` or `[[a.b]]` line. */
export interface TomlHeader {
  /** The parts of its key. */
  readonly keys: readonly TomlScalar[];
  readonly isArray: boolean;
  readonly start: number;
  readonly end: number;
}

export interface TomlDocument extends SourceDocument {
  readonly root: TomlTable;
  /** The table headers in the order of the text. */
  readonly headers: readonly TomlHeader[];
}

/** What is wrong with a TOML text. */
export interface TomlProblem extends SourceProblem {
  /** `doubled` is a key or table that stands twice, which no decoder accepts. */
  readonly kind: 'syntax' | 'doubled';
  /** Offset into the text: of the second one where something is doubled. */
  readonly offset: number;
}

/** A TOML text as a tree, or what is wrong with it. */
export type TomlSource =
  | { readonly document: TomlDocument; readonly problems: readonly [] }
  | { readonly document?: undefined; readonly problems: readonly [TomlProblem] };

/** Deeper nesting than this is refused; real files stay below 10. */
const maxDepth = 100;

const doubledMessage = 'this key or table stands twice';

/** Reads TOML 1.0. Never throws: what cannot be read is a problem with its place. */
export function parseToml(file: string, source: string): TomlSource {
  // A byte order mark is no part of the text; a space in its place keeps the offsets.
  const text = source.startsWith('\uFEFF') ? ` ${source.slice(1)}` : source;
  const lines = new LineIndex(text);
  const locate = (part: Span): Location => ({
    file,
    start: lines.position(part.start),
    end: lines.position(part.end),
  });
  try {
    const program = parseTOML(text, { tomlVersion: '1.0.0' });
    const builder = new TreeBuilder(text);
    const root = builder.build(program.body[0]);
    return { document: { file, index: 0, root, headers: builder.headers, locate }, problems: [] };
  } catch (error) {
    const { message, kind, offset } = unreadable(error);
    return { problems: [{ message, kind, offset, location: locate({ start: offset, end: offset }) }] };
  }
}

interface Span {
  readonly start: number;
  readonly end: number;
}

class UnreadableToml extends Error {
  readonly kind: TomlProblem['kind'];
  readonly offset: number;
  constructor(message: string, offset: number, kind: TomlProblem['kind'] = 'syntax') {
    super(message);
    this.kind = kind;
    this.offset = offset;
  }
}

function unreadable(error: unknown): UnreadableToml {
  if (error instanceof UnreadableToml) return error;
  if (error instanceof ParseError) {
    const isDoubled = error.message.startsWith('Defining a key multiple times');
    return new UnreadableToml(
      isDoubled ? doubledMessage : error.message,
      error.index,
      isDoubled ? 'doubled' : 'syntax',
    );
  }
  // The parser recurses into arrays and inline tables and spreads strings: such texts exhaust the stack,
  // which is all that makes a RangeError.
  if (error instanceof RangeError)
    return new UnreadableToml('nested too deep, or with a value too long, to be read', 0);
  throw error;
}

/** Finds line and column of an offset. The lines are counted when the first place is asked for. */
class LineIndex {
  readonly #text: string;
  #starts: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  position(offset: number): Position {
    const starts = (this.#starts ??= lineStarts(this.#text));
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (starts[low] ?? 0) + 1 };
  }
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

interface TableDraft extends TomlTable {
  readonly entries: TomlEntry[];
  end: number;
}

interface ArrayDraft extends TomlArray {
  readonly items: TomlNode[];
  end: number;
}

/** Joins what the headers and dotted keys of a text say about each table. */
class TreeBuilder {
  readonly headers: TomlHeader[] = [];
  readonly #text: string;
  readonly #drafts = new Map<TomlNode, TableDraft | ArrayDraft>();
  readonly #entries = new Map<TableDraft, Map<string, TomlEntry>>();

  constructor(text: string) {
    this.#text = text;
  }

  build(top: AST.TOMLTopLevelTable): TomlTable {
    const root = this.#table({ start: 0, end: this.#text.length }, false);
    for (const part of top.body) {
      if (part.type === 'TOMLKeyValue') this.#assign(root, part, 0);
      else this.#headed(root, part);
    }
    return root;
  }

  #headed(root: TableDraft, part: AST.TOMLTable): void {
    const keys = part.key.keys.map(keyScalar);
    const isArray = part.kind === 'array';
    const header = { keys, isArray, start: part.range[0], end: this.#endOfHeader(part, isArray) };
    this.headers.push(header);
    const last = keys.at(-1);
    if (!last) return;
    const parent = this.#descend(root, keys.slice(0, -1), header);
    const table = isArray ? this.#appendTable(parent, last, header) : this.#descend(parent, [last], header);
    for (const pair of part.body) {
      this.#assign(table, pair, keys.length);
      table.end = pair.range[1];
    }
  }

  #endOfHeader(part: AST.TOMLTable, isArray: boolean): number {
    return this.#text.indexOf(']', part.key.range[1]) + (isArray ? 2 : 1);
  }

  /** The table at the end of a path, made where it is missing. A list of tables stands for its last one. */
  #descend(from: TableDraft, keys: readonly TomlScalar[], at: Span): TableDraft {
    if (keys.length > maxDepth) throw new UnreadableToml(`nested deeper than ${maxDepth} levels`, at.start);
    let table = from;
    for (const key of keys) {
      const known = this.#entries.get(table)?.get(key.text);
      table = known ? this.#tableOf(known.value, key) : this.#put(table, key, this.#table(at, false));
    }
    return table;
  }

  #tableOf(node: TomlNode, key: TomlScalar): TableDraft {
    const draft = this.#drafts.get(node);
    if (draft?.kind === 'mapping' && !draft.isInline) return draft;
    const last = draft?.kind === 'sequence' ? draft.items.at(-1) : undefined;
    if (last) return this.#tableOf(last, key);
    throw new UnreadableToml(doubledMessage, key.start, 'doubled');
  }

  #appendTable(parent: TableDraft, key: TomlScalar, at: Span): TableDraft {
    const known = this.#entries.get(parent)?.get(key.text)?.value;
    const array = known ? this.#drafts.get(known) : this.#put(parent, key, this.#array(at));
    if (array?.kind !== 'sequence') throw new UnreadableToml(doubledMessage, key.start, 'doubled');
    const table = this.#table(at, false);
    array.items.push(table);
    array.end = at.end;
    return table;
  }

  #assign(table: TableDraft, pair: AST.TOMLKeyValue, depth: number): void {
    const keys = pair.key.keys.map(keyScalar);
    const last = keys.at(-1);
    if (!last) return;
    const parent = this.#descend(table, keys.slice(0, -1), span(pair));
    this.#put(parent, last, this.#value(pair.value, depth + keys.length));
  }

  #put<T extends TomlNode>(table: TableDraft, key: TomlScalar, value: T): T {
    const entries = this.#entries.get(table);
    if (entries?.has(key.text)) throw new UnreadableToml(doubledMessage, key.start, 'doubled');
    const entry: TomlEntry = { key, value };
    table.entries.push(entry);
    entries?.set(key.text, entry);
    return value;
  }

  #value(node: AST.TOMLContentNode, depth: number): TomlNode {
    if (depth > maxDepth) throw new UnreadableToml(`nested deeper than ${maxDepth} levels`, node.range[0]);
    if (node.type === 'TOMLValue') return scalar(node, this.#text);
    if (node.type === 'TOMLArray') {
      const items = node.elements.map((element) => this.#value(element, depth + 1));
      return { kind: 'sequence', items, isTables: false, ...span(node) };
    }
    const table = this.#table(span(node), true);
    for (const pair of node.body) this.#assign(table, pair, depth);
    return table;
  }

  #table(at: Span, isInline: boolean): TableDraft {
    const table: TableDraft = { kind: 'mapping', entries: [], isInline, start: at.start, end: at.end };
    this.#drafts.set(table, table);
    this.#entries.set(table, new Map());
    return table;
  }

  #array(at: Span): ArrayDraft {
    const array: ArrayDraft = { kind: 'sequence', items: [], isTables: true, start: at.start, end: at.end };
    this.#drafts.set(array, array);
    return array;
  }
}

function span(node: AST.TOMLNode): Span {
  return { start: node.range[0], end: node.range[1] };
}

function keyScalar(key: AST.TOMLBare | AST.TOMLQuoted): TomlScalar {
  const text = key.type === 'TOMLBare' ? key.name : key.value;
  return { kind: 'scalar', type: 'string', value: text, text, ...span(key) };
}

function scalar(node: AST.TOMLValue, source: string): TomlScalar {
  const at = span(node);
  const raw = source.slice(at.start, at.end);
  switch (node.kind) {
    case 'string':
      return { kind: 'scalar', type: 'string', value: node.value, text: node.value, ...at };
    case 'integer':
      return { kind: 'scalar', type: 'integer', value: integer(node.bigint), text: raw, ...at };
    case 'float':
      return { kind: 'scalar', type: 'float', value: node.value, text: raw, ...at };
    case 'boolean':
      return { kind: 'scalar', type: 'boolean', value: node.value, text: raw, ...at };
    case 'offset-date-time':
    case 'local-date-time':
    case 'local-date':
    case 'local-time':
      return { kind: 'scalar', type: 'datetime', value: raw, text: raw, ...at };
  }
}

function integer(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
