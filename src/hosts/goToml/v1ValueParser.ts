import type { TomlScalar } from '../../source/toml.ts';
import {
  checkDepth,
  type WrittenArray,
  type WrittenPair,
  type WrittenTable,
  type WrittenValue,
} from '../../source/tomlTree.ts';
import { quote } from '../goText.ts';
import { GoTomlPanic, Placeless } from './goTomlError.ts';
import { dateProblem, printDate } from './v1Dates.ts';
import { exact, floatValue, integerValue, type NumberRules, type NumberValue } from './v1Numbers.ts';
import type { Token } from './v1Tokens.ts';
import { fail, keysOf, printToken, type TokenStream } from './v1TokenStream.ts';
import { printFloat, setPath, Tree } from './v1Tree.ts';

/** How a version of the library differs from others. */
export interface Rules1 extends NumberRules {
  /** Version 1.8, which has an error of its own for what is no value. */
  readonly isOld: boolean;
  /** The library panics for what is no value; the next version made an error of it. */
  readonly panics: boolean;
}

/**
 * A value, and what the library's tree has for it. Of tables in lists and of times with an offset Go prints addresses in
 * memory, which nobody can foretell.
 */
export interface Value {
  readonly written: WrittenValue;
  readonly tree: Tree | readonly Tree[] | { readonly printed: string };
}

/** Reads values, in lists and inline tables too. */
// pelletier/go-toml v1.9.5 parser.go parseRvalue
export class ValueParser1 {
  readonly #tokens: TokenStream;
  readonly #rules: Rules1;

  constructor(tokens: TokenStream, rules: Rules1) {
    this.#tokens = tokens;
    this.#rules = rules;
  }

  /**
   * The value that the next tokens are.
   *
   * @throws GoTomlProblem, GoTomlPanic, Placeless, TooDeep
   */
  parse(depth: number): Value {
    const token = this.#tokens.take();
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
    if (this.#tokens.peek().kind !== 'LocalTime') {
      checkDate(date, date.text, false);
      return leaf(date, { type: 'datetime', value: date.text, text: date.text }, printDate(date.text));
    }
    let last = this.#tokens.take();
    let text = `${date.text}T${last.text}`;
    const hasOffset = this.#tokens.peek().kind === 'TimeOffset';
    if (hasOffset) {
      last = this.#tokens.take();
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
      if (this.#tokens.peek().kind === 'EOF') fail(this.#tokens.peek(), 'unterminated array');
      if (this.#tokens.peek().kind === ']') break;
      values.push(this.parse(depth + 1));
      const follow = this.#tokens.peek();
      if (follow.kind === 'EOF') fail(follow, 'unterminated array');
      if (follow.kind !== ']' && follow.kind !== ',') fail(follow, 'missing comma');
      if (follow.kind === ',') this.#tokens.take();
    }
    const { end } = this.#tokens.take();
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
    for (let follow = this.#tokens.peek(); follow.kind !== '}'; follow = this.#tokens.peek()) {
      if (follow.kind === 'EOF') fail(follow, 'unterminated inline table');
      if (follow.kind === 'Key' || follow.kind === 'Integer' || follow.kind === 'String') {
        if (previous && previous.kind !== ',') fail(follow, 'comma expected between fields in inline table');
        pairs.push(this.#parseField(tree, depth));
      } else if (follow.kind === ',') {
        if (previous?.kind === ',') fail(follow, 'need field between two commas in inline table');
        this.#tokens.take();
      } else {
        fail(follow, `unexpected token type in inline table: ${printToken(follow)}`);
      }
      previous = follow;
    }
    const { end } = this.#tokens.take();
    if (previous?.kind === ',') fail(previous, 'trailing comma at the end of inline table');
    tree.isInline = true;
    return { written: { kind: 'inline', pairs, start: opening.start, end } satisfies WrittenTable, tree };
  }

  #parseField(tree: Tree, depth: number): WrittenPair {
    const key = this.#tokens.take();
    this.#tokens.assume('=');
    const keys = keysOf(key, 'invalid key: ');
    const value = this.parse(depth + keys.length);
    setPath(
      tree,
      keys.map(({ text }) => text),
      value.tree,
    );
    return { kind: 'pair', keys, value: value.written, start: key.start, end: value.written.end };
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
