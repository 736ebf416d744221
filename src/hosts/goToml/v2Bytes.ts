import { GoTomlProblem } from './goTomlError.ts';

/** The first byte of a character in UTF-8. */
function leadByte(code: number): number {
  if (code < 0x80) return code;
  if (code < 0x8_00) return 0xc0 | (code >> 6);
  if (code >= 0xd8_00 && code <= 0xdf_ff) return 0xef;
  return code < 0x1_00_00 ? 0xe0 | (code >> 12) : 0xf0 | (code >> 18);
}

/** The byte at an offset as Go prints it with `%c`: version 2 looks at bytes, not at characters. */
export function printByte(text: string, at: number): string {
  return String.fromCodePoint(leadByte(text.codePointAt(at) ?? 0));
}

/** The byte at an offset as Go prints it with `%#U`. */
export function printCode(text: string, at: number): string {
  const byte = leadByte(text.codePointAt(at) ?? 0);
  const code = `U+${byte.toString(16).toUpperCase().padStart(4, '0')}`;
  const isPrintable = (byte >= 0x20 && byte < 0x7f) || byte > 0xa0;
  return isPrintable ? `${code} '${String.fromCodePoint(byte)}'` : code;
}

const utf8 = new TextEncoder();

export function countBytes(text: string): number {
  return utf8.encode(text).length;
}

/** A control character that TOML forbids everywhere: no tab, and no part of a line end. */
export function isControl(character: string): boolean {
  return (character < ' ' && !['\t', '\n', '\r', ''].includes(character)) || character === '\u007F';
}

/** Reads a text from its beginning to its end. */
export class Cursor {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  get isAtEnd(): boolean {
    return this.at >= this.text.length;
  }

  /** The UTF-16 unit that comes next; empty at the end. */
  get next(): string {
    return this.text.charAt(this.at);
  }

  startsWith(words: string): boolean {
    return this.text.startsWith(words, this.at);
  }

  skipSpaces(): void {
    while (this.next === ' ' || this.next === '\t') this.at += 1;
  }

  /** What of the text matches a sticky pattern here, which is passed. */
  take(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  /** @throws GoTomlProblem */
  fail(message: string, offset: number = this.at): never {
    throw new GoTomlProblem(message, offset, { isAtEnd: offset >= this.text.length });
  }
}
