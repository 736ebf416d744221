import type { Stretch } from './lineIndex.ts';
import type {
  TomlArray,
  TomlDocument,
  TomlEntry,
  TomlHeader,
  TomlNode,
  TomlScalar,
  TomlTable,
} from './toml.ts';

/** A header or an assignment of a TOML text, in the order of the text. */
export type TomlExpression = WrittenHeader | WrittenPair;

export interface WrittenHeader extends TomlHeader {
  readonly kind: 'header';
}

/** `key = value`, in a line of its own or in an inline table. */
export interface WrittenPair extends Stretch {
  readonly kind: 'pair';
  /** The parts of its key. */
  readonly keys: readonly TomlScalar[];
  readonly value: WrittenValue;
}

export type WrittenValue = TomlScalar | WrittenArray | WrittenTable;

export interface WrittenArray extends Stretch {
  readonly kind: 'array';
  readonly items: readonly WrittenValue[];
}

export interface WrittenTable extends Stretch {
  readonly kind: 'inline';
  readonly pairs: readonly WrittenPair[];
}

/** A text that is nested deeper than any real one, of which no tree is made. A TOML library may read it. */
export class TooDeep extends Error {
  readonly offset: number;
  constructor(offset: number) {
    super(`nested deeper than ${maxDepth} levels`);
    this.offset = offset;
  }
}

/** Deeper nesting than this is refused; real files stay below 10. */
const maxDepth = 100;

/** @throws TooDeep */
export function checkDepth(depth: number, offset: number): void {
  if (depth > maxDepth) throw new TooDeep(offset);
}

/**
 * Joins what the headers and dotted keys of a text say about each table. Whether they go together its reader knows; of what
 * stands twice, the last one counts.
 *
 * @throws TooDeep
 */
export function buildTomlTree(
  expressions: readonly TomlExpression[],
  length: number,
): Pick<TomlDocument, 'root' | 'headers'> {
  const builder = new TreeBuilder();
  const root = builder.build(expressions, length);
  return { root, headers: builder.headers };
}

interface TableDraft extends TomlTable {
  readonly entries: TomlEntry[];
  end: number;
}

interface ArrayDraft extends TomlArray {
  readonly items: TomlNode[];
  end: number;
}

class TreeBuilder {
  readonly headers: TomlHeader[] = [];
  readonly #drafts = new Map<TomlNode, TableDraft | ArrayDraft>();
  readonly #entries = new Map<TableDraft, Map<string, TomlEntry>>();

  build(expressions: readonly TomlExpression[], length: number): TomlTable {
    const root = this.#table({ start: 0, end: length }, false);
    let table = root;
    let depth = 0;
    for (const expression of expressions) {
      if (expression.kind === 'header') {
        table = this.#headed(root, expression);
        depth = expression.keys.length;
      } else {
        this.#assign(table, expression, depth);
        if (table !== root) table.end = expression.end;
      }
    }
    return root;
  }

  #headed(root: TableDraft, header: WrittenHeader): TableDraft {
    const { keys, isArray, start, end } = header;
    this.headers.push({ keys, isArray, start, end });
    const last = keys.at(-1);
    if (!last) return root;
    const parent = this.#descend(root, keys.slice(0, -1), header);
    return isArray ? this.#appendTable(parent, last, header) : this.#descend(parent, [last], header);
  }

  /** The table at the end of a path, made where it is missing. A list of tables stands for its last one. */
  #descend(from: TableDraft, keys: readonly TomlScalar[], at: TomlExpression): TableDraft {
    checkDepth(keys.length, at.start);
    let table = from;
    for (const key of keys) {
      const known = this.#entries.get(table)?.get(key.text);
      const found = known && this.#tableOf(known.value);
      table = found ?? this.#put(table, key, this.#table(at, false, at.kind === 'pair'));
    }
    return table;
  }

  #tableOf(node: TomlNode): TableDraft | undefined {
    const draft = this.#drafts.get(node);
    if (draft?.kind === 'mapping') return draft;
    const last = draft?.kind === 'sequence' ? draft.items.at(-1) : undefined;
    return last && this.#tableOf(last);
  }

  #appendTable(parent: TableDraft, key: TomlScalar, at: Stretch): TableDraft {
    const known = this.#entries.get(parent)?.get(key.text)?.value;
    const draft = known && this.#drafts.get(known);
    const array = draft?.kind === 'sequence' ? draft : this.#put(parent, key, this.#array(at));
    const table = this.#table(at, false);
    array.items.push(table);
    array.end = at.end;
    return table;
  }

  #assign(table: TableDraft, pair: WrittenPair, depth: number): void {
    const { keys } = pair;
    const last = keys.at(-1);
    if (!last) return;
    const parent = this.#descend(table, keys.slice(0, -1), pair);
    this.#put(parent, last, this.#value(pair.value, depth + keys.length));
  }

  #put<T extends TomlNode>(table: TableDraft, key: TomlScalar, value: T): T {
    const entries = this.#entries.get(table);
    const known = entries?.get(key.text);
    const entry: TomlEntry = { key, value };
    if (known) {
      table.entries[table.entries.indexOf(known)] = entry;
    } else {
      table.entries.push(entry);
    }
    entries?.set(key.text, entry);
    return value;
  }

  #value(value: WrittenValue, depth: number): TomlNode {
    checkDepth(depth, value.start);
    if (value.kind === 'scalar') return value;
    const { start, end } = value;
    if (value.kind === 'array') {
      const items = value.items.map((item) => this.#value(item, depth + 1));
      const array: ArrayDraft = { kind: 'sequence', items, isTables: false, start, end };
      this.#drafts.set(array, array);
      return array;
    }
    const table = this.#table({ start, end }, true);
    for (const pair of value.pairs) this.#assign(table, pair, depth);
    return table;
  }

  #table({ start, end }: Stretch, isInline: boolean, isDotted = false): TableDraft {
    const dotted = isDotted && { isDotted };
    const table: TableDraft = { kind: 'mapping', entries: [], isInline, ...dotted, start, end };
    this.#drafts.set(table, table);
    this.#entries.set(table, new Map());
    return table;
  }

  #array(at: Stretch): ArrayDraft {
    const array: ArrayDraft = { kind: 'sequence', items: [], isTables: true, start: at.start, end: at.end };
    this.#drafts.set(array, array);
    return array;
  }
}
