import type { TomlScalar } from '../../source/toml.ts';
import type { WrittenPair, WrittenValue } from '../../source/tomlTree.ts';
import { GoTomlProblem } from './goTomlError.ts';

type Kind = 'value' | 'table' | 'array table';

interface Entry {
  kind: Kind;
  isExplicit: boolean;
  /** Made by the key of an assignment. */
  isAssigned: boolean;
  readonly children: Map<string, Entry>;
}

function entry(kind: Kind, isExplicit: boolean, isAssigned: boolean): Entry {
  return { kind, isExplicit, isAssigned, children: new Map() };
}

function fail(message: string, key: TomlScalar): never {
  throw new GoTomlProblem(message, key.start, { isDoubled: true });
}

/** Knows which keys a text has had, and refuses those that do not go together. */
// pelletier/go-toml v2.2.4 internal/tracker/seen.go
export class SeenKeys2 {
  readonly #root = entry('table', false, false);
  #table = this.#root;

  /** @throws GoTomlProblem */
  addHeader(keys: readonly TomlScalar[], isArray: boolean): void {
    closeTable(this.#table);
    let parent = this.#root;
    for (const key of keys.slice(0, -1)) {
      const known = parent.children.get(key.text);
      if (known?.kind === 'value') fail(`expected ${key.text} to be a table, not a value`, key);
      parent = known ?? addChild(parent, key, entry('table', false, false));
    }
    const last = keys.at(-1);
    if (!last) return;
    const known = parent.children.get(last.text);
    if (isArray) this.#addArray(parent, last, known);
    else this.#addTable(parent, last, known);
  }

  #addTable(parent: Entry, key: TomlScalar, known: Entry | undefined): void {
    if (known && known.kind !== 'table') fail(`key ${key.text} should be a table, not a ${known.kind}`, key);
    if (known?.isExplicit) fail(`table ${key.text} already exists`, key);
    if (known) known.isExplicit = true;
    this.#table = known ?? addChild(parent, key, entry('table', true, false));
  }

  #addArray(parent: Entry, key: TomlScalar, known: Entry | undefined): void {
    if (known && known.kind !== 'array table') {
      // The library has the two words the wrong way round.
      fail(`key ${known.kind} already exists as a ${key.text},  but should be an array table`, key);
    }
    known?.children.clear();
    this.#table = known ?? addChild(parent, key, entry('array table', true, false));
  }

  /** @throws GoTomlProblem */
  addPair(pair: WrittenPair): void {
    addPairTo(this.#table, pair);
  }
}

function addChild(parent: Entry, key: TomlScalar, child: Entry): Entry {
  parent.children.set(key.text, child);
  return child;
}

/** The tables that assignments made are closed where the table that they are in ends. */
function closeTable(table: Entry): void {
  for (const child of table.children.values()) {
    if (child.isAssigned) {
      child.isExplicit = true;
      child.isAssigned = false;
    }
    closeTable(child);
  }
}

function addPairTo(table: Entry, { keys, value }: WrittenPair): void {
  let parent = table;
  for (const [index, key] of keys.entries()) {
    const known = parent.children.get(key.text);
    if (known) checkKnown(known, key, index === keys.length - 1);
    parent = known ?? addChild(parent, key, entry('table', false, true));
  }
  parent.kind = 'value';
  checkValue(value);
}

function checkKnown(known: Entry, key: TomlScalar, isLast: boolean): void {
  const name = key.text;
  if (isLast) fail(`key ${name} is already defined`, key);
  if (known.kind !== 'table') fail(`expected ${name} to be a table, not a ${known.kind}`, key);
  if (known.isExplicit) fail(`cannot redefine table ${name} that has already been explicitly defined`, key);
}

function checkValue(value: WrittenValue): void {
  if (value.kind === 'array') for (const item of value.items) checkValue(item);
  if (value.kind !== 'inline') return;
  const table = entry('table', false, false);
  for (const pair of value.pairs) addPairTo(table, pair);
}
