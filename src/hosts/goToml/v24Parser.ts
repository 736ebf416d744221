import type { TomlScalar } from '../../source/toml.ts';
import {
  checkDepth,
  type TomlExpression,
  type WrittenHeader,
  type WrittenPair,
  type WrittenValue,
} from '../../source/tomlTree.ts';
import { quote } from '../goText.ts';
import { GoTomlProblem } from './goTomlError.ts';
import { Cursor, printCode } from './v2Bytes.ts';
import type { ValueKind } from './v2Values.ts';
import { readLineString24, readString24 } from './v24Strings.ts';
import { decodeValue24 } from './v24Values.ts';

const radixDigits: ReadonlyMap<string, RegExp> = new Map([
  ['x', /[0-9A-Fa-f]/],
  ['o', /[0-7]/],
  ['b', /[01]/],
]);

const keywords: ReadonlyMap<string, string> = new Map([
  ['t', 'true'],
  ['f', 'false'],
  ['i', 'inf'],
  ['n', 'nan'],
]);

/** The headers and assignments of a text, one after the other: an error comes when it is reached. */
// pelletier/go-toml v2.4.3 unstable/parser.go
export class Parser24 {
  readonly #cursor: Cursor;

  constructor(text: string) {
    this.#cursor = new Cursor(text);
  }

  /**
   * The next expression; undefined at the end.
   *
   * @throws GoTomlProblem, TooDeep
   */
  next(): TomlExpression | undefined {
    const cursor = this.#cursor;
    for (;;) {
      cursor.skipSpaces();
      if (cursor.isAtEnd) return undefined;
      if (cursor.next === '#') {
        this.#comment();
        this.#endLine();
      } else if (cursor.next === '\n' || cursor.next === '\r') {
        this.#endLine();
      } else {
        const expression = cursor.next === '[' ? this.#header() : this.#pair(0);
        cursor.skipSpaces();
        if (cursor.next === '#') this.#comment();
        this.#endLine();
        return expression;
      }
    }
  }

  #endLine(): void {
    const cursor = this.#cursor;
    if (cursor.isAtEnd || cursor.take(/\r?\n/y) !== '') return;
    cursor.fail(`expected newline but got ${printCode(cursor.text, cursor.at)}`);
  }

  #comment(): void {
    const cursor = this.#cursor;
    cursor.at += 1;
    for (; !cursor.isAtEnd && cursor.next !== '\n'; cursor.at += 1) {
      const { next } = cursor;
      if (next === '\r') {
        if (cursor.startsWith('\r\n')) return;
        cursor.fail('carriage returns are not allowed in comments');
      }
      if ((next < ' ' && next !== '\t') || next === '\u007F') {
        cursor.fail('control characters are not allowed in comments');
      }
    }
  }

  #header(): WrittenHeader {
    const cursor = this.#cursor;
    const start = cursor.at;
    const isArray = cursor.startsWith('[[');
    const closing = isArray ? ']]' : ']';
    cursor.at += closing.length;
    cursor.skipSpaces();
    const keys = this.#key();
    checkDepth(keys.length, start);
    if (!cursor.startsWith(closing)) {
      cursor.fail(`expected '${closing}' to close ${isArray ? 'array ' : ''}table name`);
    }
    cursor.at += closing.length;
    return { kind: 'header', keys, isArray, start, end: cursor.at };
  }

  #key(): readonly TomlScalar[] {
    const cursor = this.#cursor;
    const keys = [this.#simpleKey()];
    for (;;) {
      cursor.skipSpaces();
      if (cursor.next !== '.') return keys;
      cursor.at += 1;
      cursor.skipSpaces();
      keys.push(this.#simpleKey());
    }
  }

  #simpleKey(): TomlScalar {
    const cursor = this.#cursor;
    if (cursor.isAtEnd) cursor.fail('expected key but reached end of input');
    const start = cursor.at;
    const isQuoted = cursor.next === '"' || cursor.next === "'";
    const text = isQuoted ? readLineString24(cursor) : cursor.take(/[A-Za-z0-9_-]+/y);
    if (!isQuoted && text === '') {
      cursor.fail(`invalid character at start of key: ${printCode(cursor.text, start)}`);
    }
    return { kind: 'scalar', type: 'string', value: text, text, start, end: cursor.at };
  }

  #pair(depth: number): WrittenPair {
    const cursor = this.#cursor;
    const start = cursor.at;
    const keys = this.#key();
    checkDepth(depth + keys.length, start);
    if (cursor.next !== '=') cursor.fail("expected '=' after key");
    cursor.at += 1;
    cursor.skipSpaces();
    const value = this.#value(depth + keys.length);
    return { kind: 'pair', keys, value, start, end: cursor.at };
  }

  #value(depth: number): WrittenValue {
    const cursor = this.#cursor;
    const start = cursor.at;
    checkDepth(depth, start);
    const { next } = cursor;
    if (next === '') cursor.fail('expected value, not end of input');
    if (next === '"' || next === "'") {
      const text = readString24(cursor);
      return { kind: 'scalar', type: 'string', value: text, text, start, end: cursor.at };
    }
    const keyword = keywords.get(next);
    if (keyword !== undefined) return this.#keyword(keyword);
    if (next === '[') return this.#array(depth);
    if (next === '{') return this.#inlineTable(depth);
    if (next === '+' || next === '-') return this.#number();
    if (!/^\d$/.test(next))
      cursor.fail(`unexpected character ${printCode(cursor.text, start)} at start of value`);
    const isDate = /^(?:\d\d:|\d{4}-)/.test(cursor.text.slice(start, start + 5));
    return isDate ? this.#date() : this.#number();
  }

  #keyword(word: string): TomlScalar {
    const cursor = this.#cursor;
    const start = cursor.at;
    if (!cursor.startsWith(word)) cursor.fail(`expected keyword ${quote(word)}`);
    cursor.at += word.length;
    if (word === 'inf' || word === 'nan') return this.#decoded('float', start);
    return { kind: 'scalar', type: 'boolean', value: word === 'true', text: word, start, end: cursor.at };
  }

  /** What stands between the brackets of a list or table: values with commas between, on any number of lines. */
  #elements<T>(closing: string, problems: ElementProblems, read: () => T): readonly T[] {
    const cursor = this.#cursor;
    const elements: T[] = [];
    cursor.at += 1;
    for (let isAfterElement = false; ;) {
      cursor.skipSpaces();
      if (cursor.isAtEnd) cursor.fail(problems.incomplete);
      if (cursor.next === closing) break;
      if (cursor.next === '\n' || cursor.next === '\r') this.#endLine();
      else if (cursor.next === '#') this.#comment();
      else if (cursor.next === ',') {
        if (!isAfterElement) cursor.fail(problems.comma);
        isAfterElement = false;
        cursor.at += 1;
      } else {
        if (isAfterElement) cursor.fail(problems.separator);
        elements.push(read());
        isAfterElement = true;
      }
    }
    cursor.at += 1;
    return elements;
  }

  #array(depth: number): WrittenValue {
    const start = this.#cursor.at;
    const problems = {
      incomplete: 'array is incomplete',
      comma: "expected value but got U+002C ','",
      separator: "expected ',' or ']' after array value",
    };
    const items = this.#elements(']', problems, () => this.#value(depth + 1));
    return { kind: 'array', items, start, end: this.#cursor.at };
  }

  #inlineTable(depth: number): WrittenValue {
    const start = this.#cursor.at;
    const problems = {
      incomplete: 'inline table is incomplete',
      comma: 'unexpected comma in inline table',
      separator: "expected ',' or '}' after inline table key-value",
    };
    const pairs = this.#elements('}', problems, () => this.#pair(depth));
    return { kind: 'inline', pairs, start, end: this.#cursor.at };
  }

  // pelletier/go-toml v2.4.3 unstable/parser.go scanDateTime
  #date(): TomlScalar {
    const cursor = this.#cursor;
    const start = cursor.at;
    const written = cursor.take(/(?:[\d:.+TtZz-]| (?=\d))+/y);
    const delimiter = /[Tt ]/.exec(written)?.index;
    if (written[2] === ':') return this.#decoded('local-time', start);
    if (delimiter === undefined) return this.#decoded('local-date', start);
    const hasOffset = /[Zz+-]/.test(written.slice(delimiter + 1));
    return this.#decoded(hasOffset ? 'date-time' : 'local-date-time', start);
  }

  // pelletier/go-toml v2.4.3 unstable/parser.go scanIntOrFloat
  #number(): TomlScalar {
    const cursor = this.#cursor;
    const start = cursor.at;
    const sign = cursor.take(/[+-]/y);
    if (cursor.isAtEnd) cursor.fail('expected number after sign', start);
    if (cursor.next === 'i' || cursor.next === 'n') {
      const word = cursor.next === 'i' ? 'inf' : 'nan';
      if (!cursor.startsWith(word)) cursor.fail(`expected ${quote(word)}`);
      cursor.at += word.length;
      return this.#decoded('float', start);
    }
    if (!/^\d$/.test(cursor.next)) cursor.fail(`expected digit but got ${printCode(cursor.text, cursor.at)}`);
    const radix = cursor.next === '0' ? radixDigits.get(cursor.text.charAt(cursor.at + 1)) : undefined;
    if (!radix) return this.#decimal(start);
    if (sign !== '') cursor.fail('sign is not allowed on numbers with a radix prefix', start);
    cursor.at += 2;
    if (!radix.test(cursor.next)) {
      cursor.fail('radix prefix must be followed by at least one digit', start);
    }
    this.#digits(radix);
    return this.#decoded('integer', start);
  }

  #decimal(start: number): TomlScalar {
    const cursor = this.#cursor;
    const first = cursor.at;
    const isZero = cursor.next === '0';
    this.#digits(/\d/);
    if (isZero && cursor.at > first + 1) cursor.fail('integers cannot have leading zeroes', first);
    let kind: ValueKind = 'integer';
    if (cursor.take(/\./y) !== '') {
      if (!/^\d$/.test(cursor.next)) cursor.fail('decimal point must be followed by a digit');
      this.#digits(/\d/);
      kind = 'float';
    }
    if (cursor.take(/[eE][+-]?/y) !== '') {
      if (!/^\d$/.test(cursor.next)) cursor.fail('exponent must contain at least one digit');
      this.#digits(/\d/);
      kind = 'float';
    }
    if (/^[A-Za-z]$/.test(cursor.next)) cursor.fail('strings must be quoted');
    return this.#decoded(kind, start);
  }

  /** Passes digits with single underscores between them; the first is one. */
  #digits(digit: RegExp): void {
    const cursor = this.#cursor;
    for (cursor.at += 1; ; cursor.at += 1) {
      if (cursor.next === '_') {
        if (!digit.test(cursor.text.charAt(cursor.at + 1))) {
          cursor.fail('number must have at least one digit between underscores');
        }
      } else if (!digit.test(cursor.next)) return;
    }
  }

  /** What is wrong with the value comes out only when it is decoded, which it is not where nothing is read. */
  #decoded(kind: ValueKind, start: number): TomlScalar {
    const end = this.#cursor.at;
    const text = this.#cursor.text.slice(start, end);
    const type = kind === 'integer' || kind === 'float' ? kind : 'datetime';
    const node = { kind: 'scalar', type, text, start, end } as const;
    try {
      return { ...node, value: decodeValue24(kind, text, start) };
    } catch (error) {
      if (!(error instanceof GoTomlProblem)) throw error;
      return { ...node, value: text, problem: error };
    }
  }
}

interface ElementProblems {
  readonly incomplete: string;
  readonly comma: string;
  readonly separator: string;
}
