import type { TomlScalar } from '../../source/toml.ts';
import type { WrittenPair, WrittenValue } from '../../source/tomlTree.ts';
import { GoTomlProblem } from './goTomlError.ts';

type Kind = 'value' | 'kv-table' | 'table' | 'array-table';

interface Entry {
  readonly kind: Kind;
  isExplicit: boolean;
  readonly children: Map<string, Entry>;
}

function entry(kind: Kind, isExplicit = false): Entry {
  return { kind, isExplicit, children: new Map() };
}

/** Knows which keys a text has had, and refuses those that do not go together. Errors point at the whole key. */
// pelletier/go-toml v2.4.3 internal/tracker/seen.go
export class SeenKeys24 {
  readonly #root = entry('table', true);
  #table = this.#root;

  /** @throws GoTomlProblem */
  addHeader(keys: readonly TomlScalar[], isArray: boolean): void {
    const [first] = keys;
    const last = keys.at(-1);
    if (!first || !last) return;
    let parent = this.#root;
    for (const { text } of keys.slice(0, -1)) {
      const known = parent.children.get(text);
      if (known?.kind === 'value') fail(`key ${text} already exists as a value`, first.start);
      parent = known ?? addChild(parent, text, entry('table'));
    }
    const known = parent.children.get(last.text);
    const problem = known && (isArray ? arrayProblem(known, last.text) : tableProblem(known, last.text));
    if (problem !== undefined) fail(problem, first.start);
    if (isArray) known?.children.clear();
    this.#table = known ?? addChild(parent, last.text, entry(isArray ? 'array-table' : 'table'));
    this.#table.isExplicit = true;
  }

  /** @throws GoTomlProblem */
  addPair(pair: WrittenPair): void {
    addPairTo(this.#table, pair, pair.start);
  }
}

function fail(message: string, offset: number): never {
  throw new GoTomlProblem(message, offset, { isDoubled: true });
}

function addChild(parent: Entry, name: string, child: Entry): Entry {
  parent.children.set(name, child);
  return child;
}

function tableProblem({ kind, isExplicit }: Entry, name: string): string | undefined {
  switch (kind) {
    case 'table':
      return isExplicit ? `table ${name} already exists` : undefined;
    case 'kv-table':
      return `table ${name} already exists as defined by a dotted key`;
    case 'array-table':
      return `table ${name} already exists as an array of tables`;
    case 'value':
      return `key ${name} should be a table, not a value`;
  }
}

function arrayProblem({ kind }: Entry, name: string): string | undefined {
  if (kind === 'array-table') return undefined;
  return `key ${name} already exists as a ${kind}, but should be an array table`;
}

function addPairTo(table: Entry, { keys, value }: WrittenPair, offset: number): void {
  let parent = table;
  for (const [index, { text }] of keys.entries()) {
    const isLast = index === keys.length - 1;
    const known = parent.children.get(text);
    if (known && (isLast || known.kind !== 'kv-table')) fail(`key ${text} is already defined`, offset);
    parent = known ?? addChild(parent, text, entry(isLast ? 'value' : 'kv-table'));
  }
  checkValue(parent, value, offset);
}

function checkValue(holder: Entry, value: WrittenValue, offset: number): void {
  if (value.kind === 'array') for (const item of value.items) checkValue(entry('value'), item, offset);
  if (value.kind === 'inline') for (const pair of value.pairs) addPairTo(holder, pair, offset);
}
