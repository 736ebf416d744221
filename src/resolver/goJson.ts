import { quote } from '../hosts/goText.ts';

/** The first value of a text and where it ends, or the text of Go's error. */
export type JsonResult =
  | { readonly ok: true; readonly value: unknown; readonly end: number }
  | {
      readonly ok: false;
      readonly error: string;
      /** The text ends too soon. */
      readonly isIncomplete: boolean;
    };

const maxDepth = 10_000;
const whitespace = /[ \t\r\n]*/y;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const stringCharacters = /(?:[^"\\\p{Cc}]|[\u007F-\u009F])*/uy;
const escape = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/** Reads all of a text as JSON. */
// Go encoding/json Unmarshal
export function unmarshalJson(text: string): JsonResult {
  const result = scan(text, ({ endError }) => endError);
  if (!result.ok) return result;
  const rest = skip(whitespace, text, result.end);
  if (rest === text.length) return result;
  return {
    ok: false,
    error: `invalid character ${shown(text, rest)} after top-level value`,
    isIncomplete: false,
  };
}

/** Reads the first value of a text as JSON. What follows is not looked at. */
// Go encoding/json Decoder.Decode
export function decodeJson(text: string): JsonResult {
  return scan(text, () => (/[^ \t\r\n]/.test(text) ? 'unexpected EOF' : 'EOF'));
}

function scan(text: string, printEnd: (error: JsonError) => string): JsonResult {
  try {
    const start = skip(whitespace, text, 0);
    const end = new Scanner(text).scan(start);
    return { ok: true, value: JSON.parse(text.slice(start, end)), end };
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { isIncomplete } = error;
    return { ok: false, error: isIncomplete ? printEnd(error) : error.message, isIncomplete };
  }
}

class JsonError extends Error {
  readonly isIncomplete: boolean;
  /** What is said of a text that ends here: as if a space followed. */
  readonly endError: string;

  constructor(where: string, character: string | undefined) {
    super(`invalid character ${character} ${where}`);
    this.isIncomplete = character === undefined;
    const isSpaceWrong = /^(?:in (?!string literal)|after decimal point)/.test(where);
    this.endError = isSpaceWrong ? `invalid character ' ' ${where}` : 'unexpected end of JSON input';
  }
}

/** Finds the end of a value as Go's scanner does, without recursion. */
// Go encoding/json scanner.go
class Scanner {
  readonly #text: string;
  #at = 0;
  /** The brackets that are open. */
  readonly #open: ('{' | '[')[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  scan(start: number): number {
    this.#at = start;
    do this.#value();
    while (this.#afterValue());
    return this.#at;
  }

  /** Reads a value up to its end, or up to the first value inside. */
  #value(): void {
    for (;;) {
      this.#at = skip(whitespace, this.#text, this.#at);
      const character = this.#text[this.#at];
      if (character !== '{' && character !== '[') return this.#scalar(character);
      this.#at += 1;
      this.#open.push(character);
      if (this.#open.length > maxDepth) this.#fail(this.#at - 1, 'exceeded max depth');
      this.#at = skip(whitespace, this.#text, this.#at);
      const close = character === '{' ? '}' : ']';
      if (this.#text[this.#at] === close) {
        this.#at += 1;
        this.#open.pop();
        return;
      }
      if (character === '{') this.#key('looking for beginning of object key string');
    }
  }

  /** Goes on behind a value; false at the end of the outermost. */
  #afterValue(): boolean {
    while (this.#open.length > 0) {
      this.#at = skip(whitespace, this.#text, this.#at);
      const isObject = this.#open.at(-1) === '{';
      const character = this.#text[this.#at];
      this.#at += 1;
      if (character === ',') {
        if (isObject) this.#key('looking for beginning of object key string');
        return true;
      }
      if (character !== (isObject ? '}' : ']')) {
        this.#fail(this.#at - 1, isObject ? 'after object key:value pair' : 'after array element');
      }
      this.#open.pop();
    }
    return false;
  }

  #key(where: string): void {
    this.#at = skip(whitespace, this.#text, this.#at);
    if (this.#text[this.#at] !== '"') this.#fail(this.#at, where);
    this.#string();
    this.#at = skip(whitespace, this.#text, this.#at);
    if (this.#text[this.#at] !== ':') this.#fail(this.#at, 'after object key');
    this.#at += 1;
  }

  #scalar(character: string | undefined): void {
    if (character === '"') return this.#string();
    if (character === 't') return this.#literal('true');
    if (character === 'f') return this.#literal('false');
    if (character === 'n') return this.#literal('null');
    if (character !== undefined && /[-\d]/.test(character)) return this.#number();
    this.#fail(this.#at, 'looking for beginning of value');
  }

  #string(): void {
    this.#at += 1;
    for (;;) {
      this.#at = skip(stringCharacters, this.#text, this.#at);
      const character = this.#text[this.#at];
      if (character === '"') {
        this.#at += 1;
        return;
      }
      const end = character === '\\' ? skip(escape, this.#text, this.#at) : this.#at;
      if (end === this.#at) this.#failInString();
      this.#at = end;
    }
  }

  #failInString(): never {
    if (this.#text[this.#at] !== '\\') this.#fail(this.#at, 'in string literal');
    if (this.#text[this.#at + 1] !== 'u') this.#fail(this.#at + 1, 'in string escape code');
    const digits = skip(/[0-9a-fA-F]*/y, this.#text, this.#at + 2);
    this.#fail(digits, String.raw`in \u hexadecimal character escape`);
  }

  #literal(word: string): void {
    for (let index = 1; index < word.length; index++) {
      const expected = word[index] ?? '';
      if (this.#text[this.#at + index] !== expected) {
        this.#fail(this.#at + index, `in literal ${word} (expecting '${expected}')`);
      }
    }
    this.#at += word.length;
  }

  #number(): void {
    const end = skip(number, this.#text, this.#at);
    const digits = this.#text.slice(this.#at, end);
    const next = this.#text[end] ?? '';
    if (digits === '') this.#fail(this.#at + 1, 'in numeric literal');
    if (next === '.') this.#fail(end + 1, 'after decimal point in numeric literal');
    if (/[eE]/.test(next) && !/[eE]/.test(digits)) {
      this.#fail(end + (/[+-]/.test(this.#text[end + 1] ?? '') ? 2 : 1), 'in exponent of numeric literal');
    }
    this.#at = end;
  }

  #fail(at: number, where: string): never {
    throw new JsonError(where, at < this.#text.length ? shown(this.#text, at) : undefined);
  }
}

function skip(pattern: RegExp, text: string, from: number): number {
  pattern.lastIndex = from;
  pattern.test(text);
  return Math.max(pattern.lastIndex, from);
}

/** The first byte of a character between single quotes. */
// Go encoding/json quoteChar
function shown(text: string, at: number): string {
  const [byte = 0] = new TextEncoder().encode(String.fromCodePoint(text.codePointAt(at) ?? 0));
  if (byte === 0x27) return String.raw`'\''`;
  if (byte === 0x22) return `'"'`;
  return `'${quote(String.fromCodePoint(byte)).slice(1, -1)}'`;
}
