import { GoTomlProblem } from './goTomlError.ts';
import { countBytes, isControl, printCode, type Cursor } from './v2Bytes.ts';

/** The strings of go-toml 2.0 to 2.3. The cursor stands on the opening quote, and behind the closing one afterwards. */
// pelletier/go-toml v2.2.4 unstable/scanner.go, unstable/parser.go parseBasicString and others
export function readString2(cursor: Cursor): string {
  const quote = cursor.next;
  if (!cursor.startsWith(quote.repeat(3))) return readLineString2(cursor);
  return quote === '"' ? readLongBasic(cursor) : readLongLiteral(cursor);
}

/** A string or key in one line. */
export function readLineString2(cursor: Cursor): string {
  return cursor.next === '"' ? readBasic(cursor) : readLiteral(cursor);
}

function readLiteral(cursor: Cursor): string {
  const start = cursor.at + 1;
  const { text } = cursor;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (character === "'") {
      cursor.at = at + 1;
      return text.slice(start, at);
    }
    if (character === '\n' || character === '\r') cursor.fail('literal strings cannot have new lines', at);
    if (isControl(character)) cursor.fail('invalid character', at);
  }
  return cursor.fail('unterminated literal string', text.length);
}

function readLongLiteral(cursor: Cursor): string {
  const { text } = cursor;
  const start = cursor.at + 3;
  for (let at = start; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (text.startsWith("'''", at)) {
      cursor.at = endOfLong(cursor, at, "'", "''' not allowed in multiline literal string");
      return withoutFirstNewline(text.slice(start, cursor.at - 3));
    }
    if (character === '\r') {
      checkNewline(cursor, at);
      at += 1;
    } else if (isControl(character)) cursor.fail('invalid character', at);
  }
  return cursor.fail("multiline literal string not terminated by '''", text.length);
}

/** Up to two quotes more belong to the string. */
function endOfLong(cursor: Cursor, at: number, quote: string, problem: string): number {
  const { text } = cursor;
  let end = at + 3;
  if (text[end] !== quote) return end;
  end += 1;
  if (text[end] !== quote) return end;
  end += 1;
  if (text[end] === quote) cursor.fail(problem, end - 3);
  return end;
}

function checkNewline(cursor: Cursor, at: number): void {
  if (at + 1 >= cursor.text.length) cursor.fail(String.raw`need a \n after \r`, cursor.text.length);
  if (cursor.text[at + 1] !== '\n') cursor.fail(String.raw`need a \n after \r`, at);
}

function withoutFirstNewline(content: string): string {
  return content.replace(/^\r?\n/, '');
}

function readBasic(cursor: Cursor): string {
  const start = cursor.at + 1;
  const end = endOfBasic(cursor, start);
  cursor.at = end + 1;
  const content = cursor.text.slice(start, end);
  if (content.includes('\\')) return new Unescaper(cursor, start, end, end, false).run();
  checkPlain(cursor, start, end);
  return content;
}

function endOfBasic(cursor: Cursor, start: number): number {
  const { text } = cursor;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"') return at;
    if (character === '\n' || character === '\r') cursor.fail('basic strings cannot have new lines', at);
    if (character === '\\') {
      if (at + 1 >= text.length) cursor.fail('need a character after \\', at);
      at += 1;
    }
  }
  return cursor.fail('basic string not terminated by "', text.length);
}

function checkPlain(cursor: Cursor, start: number, end: number): void {
  for (let at = start; at < end; at += 1) {
    if (isControl(cursor.text.charAt(at))) cursor.fail('invalid UTF-8', at);
  }
}

function readLongBasic(cursor: Cursor): string {
  const { text } = cursor;
  const opening = cursor.at + 3;
  const closing = endOfLongBasic(cursor, opening);
  cursor.at = closing;
  const end = closing - 3;
  const newline = /\r?\n/y;
  newline.lastIndex = opening;
  const start = newline.test(text) && newline.lastIndex <= end ? newline.lastIndex : opening;
  const content = text.slice(start, end);
  if (text.slice(opening, end).includes('\\')) return new Unescaper(cursor, start, end, closing, true).run();
  checkPlain(cursor, start, end);
  return content;
}

function endOfLongBasic(cursor: Cursor, start: number): number {
  const { text } = cursor;
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === '"' && text.startsWith('"""', at)) {
      return endOfLong(cursor, at, '"', '""" not allowed in multiline basic string');
    }
    if (character === '\\') {
      if (at + 1 >= text.length) cursor.fail('need a character after \\', text.length);
      at += 1;
    } else if (character === '\r') {
      checkNewline(cursor, at);
      at += 1;
    }
  }
  return cursor.fail('multiline basic string not terminated by """', text.length);
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

/** Resolves the escapes of a string between two offsets. */
class Unescaper {
  readonly #cursor: Cursor;
  readonly #end: number;
  /** How far the digits of an escape may reach. */
  readonly #limit: number;
  readonly #isLong: boolean;
  #at: number;
  #value = '';

  constructor(cursor: Cursor, start: number, end: number, limit: number, isLong: boolean) {
    this.#cursor = cursor;
    this.#at = start;
    this.#end = end;
    this.#limit = limit;
    this.#isLong = isLong;
  }

  run(): string {
    const { text } = this.#cursor;
    while (this.#at < this.#end) {
      const character = text.charAt(this.#at);
      if (character === '\\') {
        if (!this.#isLong || !this.#skipNewlines()) this.#escape();
      } else {
        if (isControl(character))
          this.#cursor.fail(`invalid character ${printCode(text, this.#at)}`, this.#at);
        this.#value += character;
        this.#at += 1;
      }
    }
    return this.#value;
  }

  /** A backslash at the end of a line takes away all space up to what comes next. */
  #skipNewlines(): boolean {
    const { text } = this.#cursor;
    const lineEnd = /\\(?:[ \t]|\r(?=\n))*\n/y;
    lineEnd.lastIndex = this.#at;
    if (!lineEnd.test(text) || lineEnd.lastIndex > this.#end) return false;
    this.#at = lineEnd.lastIndex;
    while (this.#at < this.#end && /^[\n\r \t]$/.test(text.charAt(this.#at))) this.#at += 1;
    return true;
  }

  #escape(): void {
    const { text } = this.#cursor;
    const at = this.#at + 1;
    const character = text.charAt(at);
    const simple = escapes.get(character);
    if (simple !== undefined) {
      this.#value += simple;
      this.#at = at + 1;
    } else if (character === 'u' || character === 'U') {
      this.#codePoint(at + 1, character === 'u' ? 4 : 8);
    } else {
      this.#cursor.fail(`invalid escaped character ${printCode(text, at)}`, at);
    }
  }

  #codePoint(start: number, length: number): void {
    const { text } = this.#cursor;
    const available = countBytes(text.slice(start, Math.min(start + length, this.#limit)));
    if (available < length) {
      const words = `unicode point needs ${length} character, not ${available}`;
      throw new GoTomlProblem(words, start, { isAtEnd: available === 0 });
    }
    for (let at = start; at < start + length; at += 1) {
      if (!/^[0-9A-Fa-f]$/.test(text.charAt(at))) this.#cursor.fail('non-hex character', at);
    }
    const code = Number.parseInt(text.slice(start, start + length), 16);
    if (code > 0x10_ff_ff || (code >= 0xd8_00 && code < 0xe0_00)) {
      this.#cursor.fail('escape sequence is invalid Unicode code point', start);
    }
    this.#value += String.fromCodePoint(code);
    this.#at = start + length;
  }
}
