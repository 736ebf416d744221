import { printCode, type Cursor } from './v2Bytes.ts';

/** The strings of go-toml 2.4. The cursor stands on the opening quote, and behind the closing one afterwards. */
// pelletier/go-toml v2.4.3 unstable/parser.go parseBasicString and others
export function readString24(cursor: Cursor): string {
  const quote = cursor.next;
  if (!cursor.startsWith(quote.repeat(3))) return readLineString24(cursor);
  return new StringReader(cursor, quote, true).read();
}

/** A string or key in one line. */
export function readLineString24(cursor: Cursor): string {
  return new StringReader(cursor, cursor.next, false).read();
}

const escapes: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['e', '\u001B'],
]);

const codeLengths: ReadonlyMap<string, number> = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
]);

class StringReader {
  readonly #cursor: Cursor;
  readonly #quote: string;
  readonly #isLong: boolean;
  #value = '';

  constructor(cursor: Cursor, quote: string, isLong: boolean) {
    this.#cursor = cursor;
    this.#quote = quote;
    this.#isLong = isLong;
  }

  /** As it is named in errors. */
  get #name(): string {
    const kind = this.#quote === '"' ? 'basic string' : 'literal string';
    return this.#isLong ? `multiline ${kind}` : kind;
  }

  read(): string {
    const cursor = this.#cursor;
    cursor.at += this.#isLong ? 3 : 1;
    if (this.#isLong) cursor.take(/\r?\n/y);
    while (!cursor.isAtEnd) {
      const character = cursor.next;
      if (character === this.#quote) {
        if (this.#closes()) return this.#value;
      } else if (character === '\\' && this.#quote === '"') {
        this.#escape();
      } else {
        this.#plain(character);
      }
    }
    const delimiter = this.#quote.repeat(3);
    return cursor.fail(
      this.#isLong ? `${this.#name} not terminated by ${delimiter}` : `unterminated ${this.#name}`,
    );
  }

  /** Passes quotes; true where they end the string. */
  #closes(): boolean {
    const cursor = this.#cursor;
    if (!this.#isLong) {
      cursor.at += 1;
      return true;
    }
    const start = cursor.at;
    const quotes = cursor.take(this.#quote === '"' ? /"+/y : /'+/y);
    if (quotes.length > 5) cursor.fail(`too many quotes at the end of a ${this.#name}`, start);
    const isEnd = quotes.length >= 3;
    this.#value += isEnd ? quotes.slice(3) : quotes;
    return isEnd;
  }

  #plain(character: string): void {
    const cursor = this.#cursor;
    let length = 1;
    if (character === '\n' || character === '\r') {
      if (!this.#isLong) cursor.fail(`${this.#name}s cannot have new lines`);
      if (character === '\r') {
        if (!cursor.startsWith('\r\n')) {
          cursor.fail('carriage returns must be followed by a newline character');
        }
        length = 2;
      }
    } else if ((character < ' ' && character !== '\t') || character === '\u007F') {
      cursor.fail(`${this.#name}s cannot have control characters`);
    }
    this.#value += cursor.text.slice(cursor.at, cursor.at + length);
    cursor.at += length;
  }

  #escape(): void {
    const cursor = this.#cursor;
    const start = cursor.at;
    if (start + 1 >= cursor.text.length) cursor.fail('need a character after \\');
    const character = cursor.text.charAt(start + 1);
    const simple = escapes.get(character);
    const length = codeLengths.get(character);
    if (this.#isLong && /^[ \t\n\r]$/.test(character)) {
      if (cursor.take(/\\[ \t]*\r?\n(?:[ \t\n]|\r\n)*/y) === '') this.#refuse();
    } else if (simple !== undefined) {
      this.#value += simple;
      cursor.at += 2;
    } else if (length !== undefined) {
      this.#codePoint(start, length);
    } else {
      this.#refuse();
    }
  }

  #refuse(): never {
    const cursor = this.#cursor;
    return cursor.fail(`invalid escape character ${printCode(cursor.text, cursor.at + 1)}`);
  }

  #codePoint(start: number, length: number): void {
    const cursor = this.#cursor;
    const { text } = cursor;
    const digits = start + 2;
    if (digits + length > text.length) cursor.fail('unicode escape sequence is too short', start);
    for (let at = digits; at < digits + length; at += 1) {
      if (!/^[0-9A-Fa-f]$/.test(text.charAt(at))) {
        cursor.fail('invalid hexadecimal digit in unicode escape sequence', at);
      }
    }
    const code = Number.parseInt(text.slice(digits, digits + length), 16);
    if (code > 0x10_ff_ff || (code >= 0xd8_00 && code < 0xe0_00)) {
      cursor.fail('escape sequence is not a valid unicode code point', start);
    }
    this.#value += String.fromCodePoint(code);
    cursor.at = digits + length;
  }
}
