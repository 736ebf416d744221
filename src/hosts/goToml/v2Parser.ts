import type { TomlScalar } from '../../source/toml.ts';
import {
  checkDepth,
  type TomlExpression,
  type WrittenHeader,
  type WrittenPair,
  type WrittenValue,
} from '../../source/tomlTree.ts';
import { GoTomlProblem } from './goTomlError.ts';
import { Cursor, isControl, printByte, printCode } from './v2Bytes.ts';
import { readLineString2, readString2 } from './v2Strings.ts';
import { decodeValue2, type ValueKind } from './v2Values.ts';

/** How a version of the library differs from others. */
export interface Rules2 {
  /** Version 2.2 takes the second 60. */
  readonly takesLeapSeconds: boolean;
  /** Version 2.3 points at the assignment whose `=` is missing at the end of the text; before, at the end. */
  readonly pointsAtAssignment: boolean;
}

/** The headers and assignments of a text, one after the other: an error comes when it is reached. */
// pelletier/go-toml v2.2.4 unstable/parser.go
export class Parser2 {
  readonly #cursor: Cursor;
  readonly #rules: Rules2;
  #isFirst = true;

  constructor(text: string, rules: Rules2) {
    this.#cursor = new Cursor(text);
    this.#rules = rules;
  }

  /**
   * The next expression; undefined at the end.
   *
   * @throws GoTomlProblem, TooDeep
   */
  next(): TomlExpression | undefined {
    const cursor = this.#cursor;
    while (!cursor.isAtEnd) {
      if (!this.#isFirst) this.#newline();
      if (cursor.isAtEnd) return undefined;
      const expression = this.#expression();
      this.#isFirst = false;
      if (expression) return expression;
    }
    return undefined;
  }

  #newline(): void {
    const cursor = this.#cursor;
    if (cursor.next === '\n') {
      cursor.at += 1;
    } else if (cursor.next === '\r') {
      if (cursor.at + 1 >= cursor.text.length) cursor.fail('windows new line expected');
      if (!cursor.startsWith('\r\n')) cursor.fail(String.raw`windows new line should be \r\n`);
      cursor.at += 2;
    } else {
      cursor.fail(`expected newline but got ${printCode(cursor.text, cursor.at)}`);
    }
  }

  #expression(): TomlExpression | undefined {
    const cursor = this.#cursor;
    cursor.skipSpaces();
    if (cursor.next === '#') {
      this.#comment();
      return undefined;
    }
    if (cursor.isAtEnd || cursor.next === '\n' || cursor.next === '\r') return undefined;
    const expression = cursor.next === '[' ? this.#header() : this.#pair(0);
    cursor.skipSpaces();
    if (cursor.next === '#') this.#comment();
    return expression;
  }

  #comment(): void {
    const cursor = this.#cursor;
    cursor.at += 1;
    for (; !cursor.isAtEnd && cursor.next !== '\n'; cursor.at += 1) {
      const isForbidden = cursor.next === '\r' ? !cursor.startsWith('\r\n') : isControl(cursor.next);
      if (isForbidden) cursor.fail('invalid character in comment');
    }
  }

  #expect(character: string): void {
    const cursor = this.#cursor;
    if (cursor.isAtEnd) cursor.fail(`expected character ${character} but the document ended here`);
    if (cursor.next !== character) cursor.fail(`expected character ${character}`);
    cursor.at += 1;
  }

  #header(): WrittenHeader {
    const cursor = this.#cursor;
    const start = cursor.at;
    const isArray = cursor.startsWith('[[');
    cursor.at += isArray ? 2 : 1;
    cursor.skipSpaces();
    const keys = this.#key();
    checkDepth(keys.length, start);
    cursor.skipSpaces();
    this.#expect(']');
    if (isArray) this.#expect(']');
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
    if (cursor.isAtEnd) cursor.fail('expected key but found none');
    const start = cursor.at;
    const isQuoted = cursor.next === '"' || cursor.next === "'";
    const text = isQuoted ? readLineString2(cursor) : cursor.take(/[A-Za-z0-9_-]+/y);
    if (!isQuoted && text === '') {
      cursor.fail(`invalid character at start of key: ${printByte(cursor.text, start)}`);
    }
    return { kind: 'scalar', type: 'string', value: text, text, start, end: cursor.at };
  }

  #pair(depth: number): WrittenPair {
    const cursor = this.#cursor;
    const start = cursor.at;
    const keys = this.#key();
    checkDepth(depth + keys.length, start);
    if (cursor.isAtEnd) {
      const words = 'expected = after a key, but the document ends there';
      cursor.fail(words, this.#rules.pointsAtAssignment ? start : cursor.at);
    }
    this.#expect('=');
    cursor.skipSpaces();
    const value = this.#value(depth + keys.length);
    return { kind: 'pair', keys, value, start, end: cursor.at };
  }

  #value(depth: number): WrittenValue {
    const cursor = this.#cursor;
    const start = cursor.at;
    checkDepth(depth, start);
    switch (cursor.next) {
      case '':
        return cursor.fail('expected value, not eof');
      case '"':
      case "'": {
        const text = readString2(cursor);
        return { kind: 'scalar', type: 'string', value: text, text, start, end: cursor.at };
      }
      case 't':
      case 'f':
        return this.#boolean(cursor.next === 't' ? 'true' : 'false');
      case '[':
        return this.#array(depth);
      case '{':
        return this.#inlineTable(depth);
      default:
        return this.#numberOrDate();
    }
  }

  #boolean(word: string): TomlScalar {
    const cursor = this.#cursor;
    const start = cursor.at;
    if (!cursor.startsWith(word)) cursor.fail(`expected '${word}'`);
    cursor.at += word.length;
    return {
      kind: 'scalar',
      type: 'boolean',
      value: word === 'true',
      text: word,
      start,
      end: cursor.at,
    };
  }

  #inlineTable(depth: number): WrittenValue {
    const cursor = this.#cursor;
    const start = cursor.at;
    const pairs: WrittenPair[] = [];
    cursor.at += 1;
    while (!cursor.isAtEnd) {
      const before = cursor.at;
      cursor.skipSpaces();
      if (cursor.isAtEnd) cursor.fail('inline table is incomplete', before);
      if (cursor.next === '}') break;
      if (pairs.length > 0) {
        this.#expect(',');
        cursor.skipSpaces();
      }
      pairs.push(this.#pair(depth));
    }
    this.#expect('}');
    return { kind: 'inline', pairs, start, end: cursor.at };
  }

  #array(depth: number): WrittenValue {
    const cursor = this.#cursor;
    const start = cursor.at;
    const items: WrittenValue[] = [];
    cursor.at += 1;
    while (!cursor.isAtEnd) {
      this.#skipLines();
      if (cursor.isAtEnd) cursor.fail('array is incomplete', start);
      if (cursor.next === ']') break;
      if (cursor.next === ',') {
        if (items.length === 0) cursor.fail('array cannot start with comma');
        cursor.at += 1;
        this.#skipLines();
      } else if (items.length > 0) {
        cursor.fail('array elements must be separated by commas');
      }
      if (cursor.next === ']') break;
      items.push(this.#value(depth + 1));
      this.#skipLines();
    }
    this.#expect(']');
    return { kind: 'array', items, start, end: cursor.at };
  }

  /** Passes space, comments and line ends. */
  #skipLines(): void {
    const cursor = this.#cursor;
    for (;;) {
      cursor.skipSpaces();
      if (cursor.next === '#') this.#comment();
      if (cursor.next === '\n' || cursor.next === '\r') this.#newline();
      else return;
    }
  }

  #numberOrDate(): TomlScalar {
    const cursor = this.#cursor;
    const { next } = cursor;
    if (next === 'i' || next === 'n') {
      const word = next === 'i' ? 'inf' : 'nan';
      const start = cursor.at;
      if (!cursor.startsWith(word)) cursor.fail(`expected '${word}'`);
      cursor.at += word.length;
      return this.#decoded('float', start);
    }
    const isDate = /^(?:\d\d:|\d{4}-)/.test(cursor.text.slice(cursor.at, cursor.at + 5));
    return isDate ? this.#date() : this.#number();
  }

  /** Takes what looks like a date, with one space before a digit. */
  // pelletier/go-toml v2.2.4 unstable/parser.go scanDateTime
  #date(): TomlScalar {
    const cursor = this.#cursor;
    const start = cursor.at;
    const { text } = cursor;
    let hasSpace = false;
    let isSplit = false;
    for (; !cursor.isAtEnd; cursor.at += 1) {
      if (/^[\d:.TtZz+-]$/.test(cursor.next)) continue;
      if (cursor.next !== ' ' || hasSpace || !/^\d$/.test(text.charAt(cursor.at + 1))) break;
      hasSpace = true;
      cursor.at += cursor.at + 2 >= text.length ? 1 : 2;
      // Only the first byte of a character of several is passed.
      isSplit = cursor.next > '\u007F';
      if (isSplit) break;
    }
    const written = text.slice(start, isSplit ? cursor.at + 1 : cursor.at);
    const hasTime = hasSpace || /[Tt:.]/.test(written);
    const hasOffset = /[+Zz]|(?<=.{8})-/s.test(written);
    if (!hasTime) return this.#decoded('local-date', start, written);
    if (!written.includes('-')) return this.#decoded('local-time', start, written);
    return this.#decoded(hasOffset ? 'date-time' : 'local-date-time', start, written);
  }

  #number(): TomlScalar {
    const cursor = this.#cursor;
    const start = cursor.at;
    const { text } = cursor;
    if (text.length - start > 2 && /^0[^.eE]/s.test(text.slice(start, start + 2))) {
      cursor.take(/0x[0-9A-Fa-f_]*|0o[0-7_]*|0b[01_]*|0/y);
      return this.#decoded('integer', start);
    }
    const number = cursor.take(/[\d+\-_.eE]*/y);
    if (cursor.next === 'i' || cursor.next === 'n') {
      const word = cursor.next === 'i' ? 'inf' : 'nan';
      if (!cursor.startsWith(word)) {
        cursor.fail(`unexpected character '${cursor.next}' while scanning for a number`);
      }
      cursor.at += word.length;
      return this.#decoded('float', start);
    }
    if (number === '') cursor.fail('incomplete number');
    return this.#decoded(/[.eE]/.test(number) ? 'float' : 'integer', start);
  }

  /** What is wrong with the value comes out only when it is decoded, which it is not where nothing is read. */
  #decoded(
    kind: ValueKind,
    start: number,
    text: string = this.#cursor.text.slice(start, this.#cursor.at),
  ): TomlScalar {
    const end = this.#cursor.at;
    const type = kind === 'integer' || kind === 'float' ? kind : 'datetime';
    const node = { kind: 'scalar', type, text, start, end } as const;
    try {
      const { takesLeapSeconds } = this.#rules;
      return { ...node, value: decodeValue2(kind, { text, start, takesLeapSeconds }) };
    } catch (error) {
      if (!(error instanceof GoTomlProblem)) throw error;
      return { ...node, value: text, problem: error };
    }
  }
}
