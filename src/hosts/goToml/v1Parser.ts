import type { TomlExpression } from '../../source/tomlTree.ts';
import { SeenHeaders } from './seenHeaders.ts';
import type { Token } from './v1Tokens.ts';
import { fail, keysOf, printKind, printToken, TokenStream } from './v1TokenStream.ts';
import {
  createSubTree,
  getPath,
  isTrees,
  printObstacle,
  setPath,
  Tree,
  type Obstacle,
  type TreeValue,
} from './v1Tree.ts';
import { ValueParser1, type Rules1, type Value } from './v1ValueParser.ts';

/** Where an offset is, counted in characters. */
export type Place = (offset: number) => { readonly line: number; readonly column: number };

/**
 * The headers and assignments of a text.
 *
 * @throws GoTomlProblem, GoTomlPanic, Placeless, TooDeep
 */
// pelletier/go-toml v1.9.5 parser.go
export function parseTokens1(
  tokens: readonly Token[],
  rules: Rules1,
  place: Place,
): readonly TomlExpression[] {
  return new Parser(tokens, rules, place).run();
}

class Parser {
  readonly #tokens: TokenStream;
  readonly #values: ValueParser1;
  readonly #rules: Rules1;
  readonly #place: Place;
  readonly #tree = new Tree();
  readonly #seen = new SeenHeaders();
  readonly #expressions: TomlExpression[] = [];
  #table: readonly string[] = [];

  constructor(tokens: readonly Token[], rules: Rules1, place: Place) {
    this.#tokens = new TokenStream(tokens);
    this.#values = new ValueParser1(this.#tokens, rules);
    this.#rules = rules;
    this.#place = place;
  }

  run(): readonly TomlExpression[] {
    for (let token = this.#tokens.peek(); token.kind !== 'EOF'; token = this.#tokens.peek()) {
      if (token.kind === '[[') this.#parseArrayHeader();
      else if (token.kind === '[') this.#parseHeader();
      else if (token.kind === 'Key') this.#parseAssignment();
      else if (token.kind === 'Error') fail(token, `parsing error: ${token.text}`);
      else fail(token, `unexpected token ${printKind(token.kind)}`);
    }
    return this.#expressions;
  }

  #parseArrayHeader(): void {
    const opening = this.#tokens.take();
    const key = this.#tokens.take();
    if (key.kind !== 'KeyGroupArray') {
      fail(key, `unexpected token ${printToken(key)}, was expecting a table array key`);
    }
    const keys = keysOf(key, 'invalid table array key: ');
    const path = keys.map(({ text }) => text);
    createSubTree(this.#tree, path.slice(0, -1));
    const known = getPath(this.#tree, path);
    if (known && !isTrees(known)) {
      fail(key, `key ${printToken(key)} is already assigned and not of type table array`, true);
    }
    this.#table = path;
    setPath(this.#tree, path, [...(known ?? []).slice(-1), new Tree()]);
    this.#seen.forgetBelow(key.text);
    if (this.#seen.last() !== key.text) this.#seen.add(key.text);
    const { end } = this.#tokens.assume(']]');
    this.#expressions.push({ kind: 'header', keys, isArray: true, start: opening.start, end });
  }

  #parseHeader(): void {
    const opening = this.#tokens.take();
    const key = this.#tokens.take();
    if (key.kind !== 'KeyGroup') {
      fail(key, `unexpected token ${printToken(key)}, was expecting a table key`);
    }
    if (this.#seen.has(key.text)) fail(key, 'duplicated tables', true);
    this.#seen.add(key.text);
    const keys = keysOf(key, 'invalid table array key: ');
    const path = keys.map(({ text }) => text);
    const obstacle = createSubTree(this.#tree, path);
    if (obstacle) fail(key, this.#print(path, obstacle), true);
    const table = getPath(this.#tree, path);
    if (table instanceof Tree && table.isInline) {
      fail(key, `could not re-define exist inline table or its sub-table : ${path.join('.')}`, true);
    }
    const { end } = this.#tokens.assume(']');
    this.#table = path;
    this.#expressions.push({ kind: 'header', keys, isArray: false, start: opening.start, end });
  }

  #print(path: readonly string[], obstacle: Obstacle): string {
    return printObstacle(path, obstacle, this.#place, !this.#rules.isOld);
  }

  #parseAssignment(): void {
    const key = this.#tokens.take();
    this.#tokens.assume('=');
    const keys = keysOf(key, 'invalid key: ');
    const value = this.#values.parse(keys.length);
    const names = keys.map(({ text }) => text);
    const path = [...this.#table, ...names.slice(0, -1)];
    const table = this.#tableFor(key, path);
    if (table.isInline) {
      fail(
        key,
        `could not add key or sub-table to exist inline table or its sub-table : ${path.join('.')}`,
        true,
      );
    }
    const name = names.at(-1) ?? '';
    if (table.values.has(name)) {
      fail(key, `The following key was defined twice: ${[...path, name].join('.')}`, true);
    }
    table.values.set(name, withOffset(value.tree, key.start));
    const { end } = value.written;
    this.#expressions.push({ kind: 'pair', keys, value: value.written, start: key.start, end });
  }

  #tableFor(key: Token, path: readonly string[]): Tree {
    const found = getPath(this.#tree, path);
    if (!found) {
      const obstacle = createSubTree(this.#tree, path);
      if (obstacle) fail(key, `could not create intermediate group: ${this.#print(path, obstacle)}`, true);
      return this.#tableFor(key, path);
    }
    const table: TreeValue | undefined = isTrees(found) ? found.at(-1) : found;
    if (table instanceof Tree) return table;
    return fail(key, `Unknown table type for path: ${path.join('.')}`, true);
  }
}

function withOffset(tree: Value['tree'], offset: number): TreeValue {
  return 'printed' in tree ? { kind: 'leaf', printed: tree.printed, place: { offset } } : tree;
}
