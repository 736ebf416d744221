import { dash, dot, hash, newline, space, tab } from './characters.ts';
import { notPlain } from './notPlain.ts';

/** The column of the end of a document. */
export const noColumn = -1;

/** A place in a text, which moves forward only. */
export class Cursor {
  readonly source: string;
  at = 0;
  /** Of the line with content that {@link toContent} came to; {@link noColumn} where the document ends. */
  column = noColumn;

  constructor(source: string) {
    this.source = source;
  }

  /** The character at an offset; not a number where there is none. */
  code(at: number): number {
    return this.source.charCodeAt(at);
  }

  /** True at a space, at a line break and at the end of the text. */
  isBlank(at: number): boolean {
    const code = this.source.charCodeAt(at);
    if (code === tab) throw notPlain;
    return code === space || code === newline || at >= this.source.length;
  }

  /** True at the end of a line, and at a comment, which has a space or nothing in front of it. */
  isLineEnd(): boolean {
    const code = this.code(this.at);
    return (
      code === newline || this.at >= this.source.length || (code === hash && this.code(this.at - 1) === space)
    );
  }

  /** True at a dash that begins an item of a sequence. */
  isItem(): boolean {
    return this.code(this.at) === dash && this.isBlank(this.at + 1);
  }

  skipSpaces(): void {
    while (this.code(this.at) === space) this.at += 1;
  }

  /** Goes over what may stand behind a value, which is spaces and a comment, and on to the next content. */
  leaveLine(): void {
    this.skipSpaces();
    if (!this.isLineEnd()) throw notPlain;
    this.at = this.#nextLine(this.at);
    this.toContent();
  }

  /** From the beginning of a line to the first content that is there or below. */
  toContent(): void {
    const { source } = this;
    for (let line = this.at; line < source.length;) {
      let at = line;
      while (source.charCodeAt(at) === space) at += 1;
      const code = source.charCodeAt(at);
      if (code !== newline && code !== hash && at < source.length) {
        this.at = at;
        this.column = this.#endsDocument(line) ? noColumn : at - line;
        return;
      }
      line = this.#nextLine(at);
    }
    this.at = source.length;
    this.column = noColumn;
  }

  #nextLine(at: number): number {
    const end = this.source.indexOf('\n', at);
    return end < 0 ? this.source.length : end + 1;
  }

  #endsDocument(line: number): boolean {
    if (!this.source.startsWith('---', line) && !this.source.startsWith('...', line)) return false;
    if (!this.isBlank(line + 3)) return false;
    if (this.code(line) === dot) throw notPlain;
    return true;
  }
}
