import type { TomlScalar } from '../../source/toml.ts';
import {
  checkDepth,
  type TomlExpression,
  type WrittenArray,
  type WrittenPair,
  type WrittenTable,
  type WrittenValue,
} from '../../source/tomlTree.ts';
import { quote } from '../goText.ts';
import { GoTomlProblem } from './goTomlError.ts';
import { SeenHeaders } from './seenHeaders.ts';
import { dateProblem, printDate } from './v1Dates.ts';
import { parseKey1, WrongKey } from './v1Keys.ts';
import { exact, floatValue, integerValue, type NumberRules, type NumberValue } from './v1Numbers.ts';
import type { Token, TokenKind } from './v1Tokens.ts';
import {
  createSubTree,
  getPath,
  isTrees,
  printFloat,
  printObstacle,
  setPath,
  Tree,
  type Obstacle,
  type TreeValue,
} from './v1Tree.ts';

/** How a version of the library differs from others. */
export interface Rules1 extends NumberRules {
  /** Version 1.8, which has an error of its own for what is no value. */
  readonly isOld: boolean;
  /** The library panics for what is no value; the next version made an error of it. */
  readonly panics: boolean;
}

/** Makes the library panic: containerd ends with these words. */
export class GoTomlPanic extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** An error without a place. */
export class Placeless extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/**
 * A value, and what the library's tree has for it. Of tables in lists and of times with an offset Go prints addresses in
 * memory, which nobody can foretell.
 */
interface Value {
  readonly written: WrittenValue;
  readonly tree: Tree | readonly Tree[] | { readonly printed: string };
}

/** Where an offset is, counted in characters. */
export type Place = (offset: number) => { readonly line: number; readonly column: number };

/**
 * The headers and assignments of a text.
 *
 * @throws GoTomlProblem, GoTomlPanic, Placeless
 */
// pelletier/go-toml v1.9.5 parser.go
export function parseTokens1(
  tokens: readonly Token[],
  rules: Rules1,
  place: Place,
): readonly TomlExpression[] {
  const parser = new Parser(tokens, rules, place);
  return parser.run();
}

class Parser {
  readonly #tokens: readonly Token[];
  readonly #rules: Rules1;
  readonly #place: Place;
  readonly #tree = new Tree();
  readonly #seen = new SeenHeaders();
  readonly #expressions: TomlExpression[] = [];
  #at = 0;
  #table: readonly string[] = [];

  constructor(tokens: readonly Token[], rules: Rules1, place: Place) {
    this.#tokens = tokens;
    this.#rules = rules;
    this.#place = place;
  }

  run(): readonly TomlExpression[] {
    for (let token = this.#peek(); token.kind !== 'EOF'; token = this.#peek()) {
      if (token.kind === '[[') this.#parseArrayHeader();
      else if (token.kind === '[') this.#parseHeader();
      else if (token.kind === 'Key') this.#parseAssignment();
      else if (token.kind === 'Error') fail(token, `parsing error: ${token.text}`);
      else fail(token, `unexpected token ${printKind(token.kind)}`);
    }
    return this.#expressions;
  }

  /** The last token, which ends the text, is never passed. */
  #peek(): Token {
    const token = this.#tokens[this.#at] ?? this.#tokens.at(-1);
    if (!token) throw new Error('a text has at least the token of its end');
    return token;
  }

  #take(): Token {
    const token = this.#peek();
    this.#at += 1;
    return token;
  }

  #assume(kind: TokenKind): Token {
    const token = this.#take();
    if (token.kind !== kind) {
      fail(token, `was expecting token ${printKind(kind)}, but got ${printToken(token)} instead`);
    }
    return token;
  }

  #parseArrayHeader(): void {
    const opening = this.#take();
    const key = this.#take();
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
    const { end } = this.#assume(']]');
    this.#expressions.push({ kind: 'header', keys, isArray: true, start: opening.start, end });
  }

  #parseHeader(): void {
    const opening = this.#take();
    const key = this.#take();
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
    const { end } = this.#assume(']');
    this.#table = path;
    this.#expressions.push({ kind: 'header', keys, isArray: false, start: opening.start, end });
  }

  #print(path: readonly string[], obstacle: Obstacle): string {
    return printObstacle(path, obstacle, this.#place, !this.#rules.isOld);
  }

  #parseAssignment(): void {
    const key = this.#take();
    this.#assume('=');
    const keys = keysOf(key, 'invalid key: ');
    const value = this.#parseValue(keys.length);
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

  #parseValue(depth: number): Value {
    const token = this.#take();
    checkDepth(depth, token.start);
    const { kind } = token;
    if (kind === 'EOF') return fail(token, 'expecting a value');
    if (kind === 'Error') return fail(token, token.text);
    if (kind === '=') return fail(token, 'cannot have multiple equals for the same key');
    if (kind === '[') return this.#parseArray(token, depth);
    if (kind === '{') return this.#parseInlineTable(token, depth);
    return kind === 'LocalDate' ? this.#parseDate(token) : this.#parseScalar(token);
  }

  #parseScalar(token: Token): Value {
    const { kind, text } = token;
    if (kind === 'String') {
      return leaf(token, { type: 'string', value: text, text }, quote(text), token.places?.[0]);
    }
    if (kind === 'True' || kind === 'False') {
      return leaf(token, { type: 'boolean', value: kind === 'True', text }, text);
    }
    if (kind === 'Integer') return this.#parseInteger(token);
    if (kind === 'Float') return float(token, Number(numberOf(token, floatValue(text, this.#rules))));
    if (kind === 'NaN') return float(token, Number.NaN);
    if (kind === 'Inf') return float(token, text.startsWith('-') ? -Infinity : Infinity);
    if (kind !== 'LocalTime') return this.#refuseToken(token);
    checkDate(token, text, false);
    return leaf(token, { type: 'datetime', value: text, text }, printDate(text));
  }

  #parseInteger(token: Token): Value {
    const { text } = token;
    const read = integerValue(text, this.#rules);
    if (!read) throw new Placeless('invalid base', token.start);
    const value = BigInt(numberOf(token, read));
    const isUnsigned = value >= 2n ** 63n;
    const printed = isUnsigned ? `0x${value.toString(16)}` : value.toString();
    return leaf(token, { type: 'integer', value: exact(value), text }, printed);
  }

  #refuseToken(token: Token): never {
    const words = `unhandled token: ${printToken(token)}`;
    if (this.#rules.isOld) return fail(token, 'never reached');
    if (!this.#rules.panics) throw new Placeless(words, token.start);
    throw new GoTomlPanic(words, token.start);
  }

  #parseDate(date: Token): Value {
    if (this.#rules.isOld) return this.#parseOldDate(date);
    if (this.#peek().kind !== 'LocalTime') {
      checkDate(date, date.text, false);
      return leaf(date, { type: 'datetime', value: date.text, text: date.text }, printDate(date.text));
    }
    let last = this.#take();
    let text = `${date.text}T${last.text}`;
    const hasOffset = this.#peek().kind === 'TimeOffset';
    if (hasOffset) {
      last = this.#take();
      text += last.text;
    }
    checkDate(date, text, hasOffset);
    const printed = hasOffset ? 'time.Time{}' : printDate(text);
    return leaf({ ...date, end: last.end }, { type: 'datetime', value: text, text }, printed);
  }

  #parseOldDate(token: Token): Value {
    const hasOffset = token.hasOffset === true;
    const text = hasOffset ? token.text : token.text.replaceAll(' ', 'T');
    checkDate(token, text, hasOffset);
    const printed = hasOffset ? 'time.Time{}' : printDate(text);
    return leaf(token, { type: 'datetime', value: text, text }, printed);
  }

  #parseArray(opening: Token, depth: number): Value {
    const values: Value[] = [];
    for (;;) {
      if (this.#peek().kind === 'EOF') fail(this.#peek(), 'unterminated array');
      if (this.#peek().kind === ']') break;
      values.push(this.#parseValue(depth + 1));
      const follow = this.#peek();
      if (follow.kind === 'EOF') fail(follow, 'unterminated array');
      if (follow.kind !== ']' && follow.kind !== ',') fail(follow, 'missing comma');
      if (follow.kind === ',') this.#take();
    }
    const { end } = this.#take();
    const items = values.map(({ written }) => written);
    const written: WrittenArray = { kind: 'array', items, start: opening.start, end };
    const trees = values.flatMap(({ tree }) => (tree instanceof Tree ? [tree] : []));
    if (trees.length > 0 && trees.length === values.length) return { written, tree: trees };
    const printed = values.map(({ tree }) => ('printed' in tree ? tree.printed : '(*toml.Tree)'));
    const shown = values.length === 0 ? '(nil)' : `{${printed.join(', ')}}`;
    return { written, tree: { printed: `[]interface {}${shown}` } };
  }

  #parseInlineTable(opening: Token, depth: number): Value {
    const tree = new Tree();
    const pairs: WrittenPair[] = [];
    let previous: Token | undefined;
    for (let follow = this.#peek(); follow.kind !== '}'; follow = this.#peek()) {
      if (follow.kind === 'EOF') fail(follow, 'unterminated inline table');
      if (follow.kind === 'Key' || follow.kind === 'Integer' || follow.kind === 'String') {
        if (previous && previous.kind !== ',') fail(follow, 'comma expected between fields in inline table');
        pairs.push(this.#parseField(tree, depth));
      } else if (follow.kind === ',') {
        if (previous?.kind === ',') fail(follow, 'need field between two commas in inline table');
        this.#take();
      } else {
        fail(follow, `unexpected token type in inline table: ${printToken(follow)}`);
      }
      previous = follow;
    }
    const { end } = this.#take();
    if (previous?.kind === ',') fail(previous, 'trailing comma at the end of inline table');
    tree.isInline = true;
    return { written: { kind: 'inline', pairs, start: opening.start, end } satisfies WrittenTable, tree };
  }

  #parseField(tree: Tree, depth: number): WrittenPair {
    const key = this.#take();
    this.#assume('=');
    const keys = keysOf(key, 'invalid key: ');
    const value = this.#parseValue(depth + keys.length);
    setPath(
      tree,
      keys.map(({ text }) => text),
      value.tree,
    );
    return { kind: 'pair', keys, value: value.written, start: key.start, end: value.written.end };
  }
}

function fail(token: Token, problem: string, isDoubled = false): never {
  throw new GoTomlProblem(problem, token.start, { isDoubled });
}

/** The library has the names of these two the wrong way round. */
function printKind(kind: TokenKind): string {
  if (kind === '[[') return ']]';
  return kind === ']]' ? '[[' : kind;
}

function printToken({ kind, text }: Token): string {
  if (kind === 'EOF') return 'EOF';
  return kind === 'Error' ? text : quote(text);
}

function keysOf(token: Token, problem: string): readonly TomlScalar[] {
  try {
    const parts = parseKey1(token.text);
    checkDepth(parts.length, token.start);
    const placeOf = (index: number): number => token.places?.[index] ?? token.start + index;
    return parts.map(({ text, start, end }): TomlScalar => {
      const span = { start: placeOf(start), end: placeOf(end - 1) + 1 };
      return { kind: 'scalar', type: 'string', value: text, text, ...span };
    });
  } catch (error) {
    if (error instanceof WrongKey) return fail(token, `${problem}${error.message}`);
    throw error;
  }
}

function numberOf(token: Token, read: NumberValue): number | bigint {
  return 'problem' in read ? fail(token, read.problem) : read.value;
}

function checkDate(token: Token, text: string, hasOffset: boolean): void {
  const problem = dateProblem(text, hasOffset);
  if (problem !== undefined) fail(token, problem);
}

function leaf(
  { start: tokenStart, end }: Token,
  value: Pick<TomlScalar, 'type' | 'value' | 'text'>,
  printed: string,
  start = tokenStart,
): Value {
  return { written: { kind: 'scalar', ...value, start, end }, tree: { printed } };
}

function float(token: Token, value: number): Value {
  return leaf(token, { type: 'float', value, text: token.text }, printFloat(value));
}

function withOffset(tree: Value['tree'], offset: number): TreeValue {
  return 'printed' in tree ? { kind: 'leaf', printed: tree.printed, place: { offset } } : tree;
}
