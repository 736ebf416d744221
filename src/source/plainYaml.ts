import { CST } from 'yaml';
import type { MappingEntry, MappingNode, ScalarNode, SequenceNode, TreeNode } from './tree.ts';

/**
 * Reads YAML 1.2 that is written as nearly all manifests are: block mappings and sequences, texts on one line or in a block,
 * flow collections, comments. Gives the roots of the documents, just as the whole reader would make them, at a small part of
 * its cost; undefined for everything else, among it all that is wrong, which only the whole reader can judge.
 */
export function readPlainYaml(source: string): readonly TreeNode[] | undefined {
  if (unusual.test(source) || !source.isWellFormed()) return undefined;
  try {
    return [...new PlainReader(source).documents()];
  } catch (error) {
    if (error === notPlain) return undefined;
    throw error;
  }
}

/** Control characters, carriage returns among them, and byte order marks within the text. */
// eslint-disable-next-line no-control-regex
const unusual = /[\0-\x08\x0b-\x1f\x7f\u2028\u2029\ufeff]/;

/** The limits of the whole reader are far above what a text within these can reach. */
const maxDepth = 100;
const maxDocumentLength = 500_000;
const maxKeyLength = 1000;

class NotPlain extends Error {
  override readonly name = 'NotPlain';
}

const notPlain = new NotPlain('only the whole reader can read this');

const [newline, space, doubleQuote, hash, singleQuote, comma] = [10, 32, 34, 35, 39, 44];
const [dash, dot, colon, questionMark, backslash] = [45, 46, 58, 63, 92];
const [leftBracket, rightBracket, leftBrace, bar, rightBrace, greater] = [91, 93, 123, 124, 125, 62];

/** No plain text begins with one of these: tab, `"`, `#`, `%`, `&`, `'`, `*`, `,`, `!`, `>`, `@`, `[`, `]`, `` ` ``, `{`, `|`, `}`. */
const indicators: ReadonlySet<number> = new Set(
  Array.from('\t"#%&\'*,!>@[]`{|}', (character) => character.charCodeAt(0)),
);

/** The column of the end of a document. */
const noColumn = -1;

/** Reads forward only. Between two methods for blocks it stands at the first character of a line with content. */
class PlainReader {
  readonly #source: string;
  #at = 0;
  /** Of the line with content that comes next; {@link noColumn} where the document ends. */
  #column = 0;

  constructor(source: string) {
    this.#source = source;
  }

  *documents(): Generator<TreeNode> {
    this.#toContent();
    while (this.#at < this.#source.length || this.#column !== noColumn) {
      const start = this.#at;
      const isMarked = this.#column === noColumn;
      const behindMarker = isMarked ? this.#skipMarker() : start;
      if (this.#column === noColumn) yield plainScalar('', behindMarker);
      else yield this.#root();
      if (this.#column !== noColumn || this.#at - start > maxDocumentLength) throw notPlain;
    }
  }

  /** Goes over a `---` and returns where it ends, with the spaces behind it. */
  #skipMarker(): number {
    this.#at += '---'.length;
    this.#skipSpaces();
    const end = this.#at;
    this.#toLineEnd();
    this.#toContent();
    return end;
  }

  #root(): TreeNode {
    const code = this.#code(this.#at);
    if (code !== leftBracket && code !== leftBrace) return this.#block(0);
    const node = this.#flow(noColumn, 0);
    this.#endValue(noColumn);
    return node;
  }

  /** A collection whose first line is the current one. */
  #block(depth: number): MappingNode | SequenceNode {
    if (depth > maxDepth) throw notPlain;
    return this.#isItem() ? this.#sequence(depth) : this.#mapping(depth);
  }

  #mapping(depth: number): MappingNode {
    const column = this.#column;
    const start = this.#at;
    const entries: MappingEntry[] = [];
    let end = start;
    do {
      const key = this.#key();
      const value = this.#value(column, depth);
      entries.push({ key, value });
      end = value.end;
    } while (this.#column === column && !this.#isItem());
    if (this.#column >= column) throw notPlain;
    return { kind: 'mapping', entries, start, end };
  }

  #sequence(depth: number): SequenceNode {
    const column = this.#column;
    const start = this.#at;
    const items: TreeNode[] = [];
    let end = start;
    do {
      const item = this.#item(column, depth);
      items.push(item);
      end = item.end;
    } while (this.#column === column && this.#isItem());
    if (this.#column > column) throw notPlain;
    return { kind: 'sequence', items, start, end };
  }

  /** True at a dash that begins an item. */
  #isItem(): boolean {
    return this.#code(this.#at) === dash && this.#isBlank(this.#at + 1);
  }

  #item(column: number, depth: number): TreeNode {
    const start = this.#at;
    this.#at += 1;
    this.#skipSpaces();
    if (this.#isLineEnd(this.#at)) return this.#nested(column, column + 1, depth);
    if (this.#isItem() || this.#colonOfKey() >= 0) {
      this.#column = column + this.#at - start;
      return this.#block(depth + 1);
    }
    return this.#inline(column, depth);
  }

  /** The key of an entry, with its colon. */
  #key(): ScalarNode {
    const start = this.#at;
    const end = this.#colonOfKey();
    if (end < 0 || end - start > maxKeyLength) throw notPlain;
    const code = this.#code(start);
    let key: ScalarNode;
    if (code === doubleQuote || code === singleQuote) {
      key = this.#quoted();
    } else {
      key = plainScalar(this.#source.slice(start, this.#trimmed(start, end)), start);
      if (key.text === '<<') throw notPlain;
    }
    this.#at = end + 1;
    return key;
  }

  /** Where the colon behind a key stands; less than 0 where the line begins with no key. */
  #colonOfKey(): number {
    const code = this.#code(this.#at);
    if (code !== doubleQuote && code !== singleQuote) {
      if (!this.#beginsPlain()) return -1;
      const { end } = this.#plainEnd();
      return this.#code(end) === colon ? end : -1;
    }
    let at = this.#closingQuote(code) + 1;
    while (this.#code(at) === space) at += 1;
    return this.#code(at) === colon && this.#isBlank(at + 1) ? at : -1;
  }

  /** What stands behind the colon of a key, or below it. */
  #value(column: number, depth: number): TreeNode {
    this.#skipSpaces();
    return this.#isLineEnd(this.#at) ? this.#nested(column, column, depth) : this.#inline(column, depth);
  }

  /**
   * What stands on the following lines; where nothing does, the value is empty and stands here.
   *
   * @param itemColumn - from which column on a sequence belongs to it
   */
  #nested(column: number, itemColumn: number, depth: number): TreeNode {
    const behind = this.#at;
    this.#toLineEnd();
    this.#toContent();
    if (this.#column > column || (this.#column >= itemColumn && this.#isItem()))
      return this.#block(depth + 1);
    return plainScalar('', behind);
  }

  /** A value on the line of its key or dash. */
  #inline(column: number, depth: number): TreeNode {
    const code = this.#code(this.#at);
    if (code === bar || code === greater) return this.#blockScalar(column);
    if (code === leftBracket || code === leftBrace) {
      const node = this.#flow(column, depth + 1);
      this.#endValue(column);
      return node;
    }
    if (code === doubleQuote || code === singleQuote) {
      const node = this.#quoted();
      this.#endValue(column);
      return node;
    }
    if (!this.#beginsPlain()) throw notPlain;
    const start = this.#at;
    const { end } = this.#plainEnd();
    if (this.#code(end) === colon) throw notPlain;
    this.#at = end;
    const node = plainScalar(this.#source.slice(start, this.#trimmed(start, end)), start);
    this.#endValue(column);
    return node;
  }

  /** Leaves a value; what would go on with it on the next lines is no plain YAML. */
  #endValue(column: number): void {
    this.#toLineEnd();
    this.#toContent();
    if (this.#column > column) throw notPlain;
  }

  #beginsPlain(): boolean {
    const code = this.#code(this.#at);
    if (code === dash || code === questionMark || code === colon) return !this.#isBlank(this.#at + 1);
    return !indicators.has(code);
  }

  /** The end of a plain text on this line: at the colon of a key, at the line break, or at the space in front of a comment. */
  #plainEnd(): { readonly end: number } {
    const source = this.#source;
    let at = this.#at;
    for (; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === newline) break;
      if (code === colon && this.#isBlank(at + 1)) break;
      if (code === hash && source.charCodeAt(at - 1) === space) break;
      if (code === 9) throw notPlain;
    }
    return { end: at };
  }

  #trimmed(start: number, end: number): number {
    let at = end;
    while (at > start && this.#source.charCodeAt(at - 1) === space) at -= 1;
    return at;
  }

  /** The closing quote on the same line. */
  #closingQuote(quote: number): number {
    const source = this.#source;
    for (let at = this.#at + 1; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === newline) break;
      if (code === backslash && quote === doubleQuote) {
        at += 1;
        if (source.charCodeAt(at) === newline) break;
      } else if (code === quote) {
        if (quote === doubleQuote || source.charCodeAt(at + 1) !== quote) return at;
        at += 1;
      }
    }
    throw notPlain;
  }

  #quoted(): ScalarNode {
    const start = this.#at;
    const quote = this.#code(start);
    const end = this.#closingQuote(quote) + 1;
    this.#at = end;
    const inner = this.#source.slice(start + 1, end - 1);
    const isEscaped = inner.includes(quote === doubleQuote ? '\\' : "'");
    const type = quote === doubleQuote ? 'double-quoted-scalar' : 'single-quoted-scalar';
    const value = isEscaped
      ? this.#resolve({ type, offset: start, indent: 0, source: this.#source.slice(start, end) })
      : inner;
    return { kind: 'scalar', value, text: value, start, end };
  }

  #blockScalar(column: number): ScalarNode {
    const start = this.#at;
    const lineEnd = this.#source.indexOf('\n', start);
    const header = this.#source.slice(start, Math.max(lineEnd, start));
    if (!/^[|>][-+]?$/.test(header)) throw notPlain;
    const end = this.#blockEnd(lineEnd + 1, column, header.endsWith('+'));
    const text = this.#resolve({
      type: 'block-scalar',
      offset: start,
      indent: 0,
      props: [
        { type: 'block-scalar-header', offset: start, indent: 0, source: header },
        { type: 'newline', offset: lineEnd, indent: 0, source: '\n' },
      ],
      source: this.#source.slice(lineEnd + 1, end),
    });
    this.#at = end;
    this.#toContent();
    if (this.#column > column) throw notPlain;
    return { kind: 'scalar', value: text, text, start, end };
  }

  /** Where a block of text ends that begins with this line and is indented deeper than `column`. */
  #blockEnd(first: number, column: number, keepsBlankLines: boolean): number {
    const source = this.#source;
    let indentation = noColumn;
    let longestBlank = 0;
    let end = first;
    for (let line = first; line < source.length;) {
      let at = line;
      while (source.charCodeAt(at) === space) at += 1;
      const isBlankLine = at >= source.length || source.charCodeAt(at) === newline;
      if (isBlankLine) {
        if (indentation === noColumn) longestBlank = Math.max(longestBlank, at - line);
        // Spaces beyond the indentation are text.
        else if (at - line > indentation) throw notPlain;
      } else {
        if (indentation === noColumn) indentation = at - line;
        if (at - line < indentation || at - line <= column) break;
        if (source.charCodeAt(at) === 9) throw notPlain;
      }
      const lineEnd = source.indexOf('\n', at);
      line = lineEnd < 0 ? source.length : lineEnd + 1;
      if (!isBlankLine || keepsBlankLines) end = line;
    }
    if (indentation <= column || longestBlank > indentation) throw notPlain;
    return end;
  }

  #resolve(token: CST.FlowScalar | CST.BlockScalar): string {
    const resolved = CST.resolveAsScalar(token, true, () => {
      throw notPlain;
    });
    if (!resolved?.value.isWellFormed()) throw notPlain;
    return resolved.value;
  }

  /** A flow collection or a text within one. @param column - each line of it is indented deeper */
  #flow(column: number, depth: number): TreeNode {
    if (depth > maxDepth) throw notPlain;
    const code = this.#code(this.#at);
    if (code === leftBracket) return this.#flowSequence(column, depth);
    if (code === leftBrace) return this.#flowMapping(column, depth);
    if (code === doubleQuote || code === singleQuote) return this.#quoted();
    return this.#flowPlain();
  }

  #flowSequence(column: number, depth: number): SequenceNode {
    const start = this.#at;
    const items: TreeNode[] = [];
    this.#at += 1;
    this.#skipFlowSpace(column);
    while (this.#code(this.#at) !== rightBracket) {
      items.push(this.#flow(column, depth + 1));
      this.#toNextInFlow(column, rightBracket);
    }
    this.#at += 1;
    return { kind: 'sequence', items, start, end: this.#at };
  }

  #flowMapping(column: number, depth: number): MappingNode {
    const start = this.#at;
    const entries: MappingEntry[] = [];
    this.#at += 1;
    this.#skipFlowSpace(column);
    while (this.#code(this.#at) !== rightBrace) {
      const key = this.#flowKey();
      this.#skipFlowSpace(column);
      entries.push({ key, value: this.#flow(column, depth + 1) });
      this.#toNextInFlow(column, rightBrace);
    }
    this.#at += 1;
    return { kind: 'mapping', entries, start, end: this.#at };
  }

  #flowKey(): ScalarNode {
    const code = this.#code(this.#at);
    const isQuoted = code === doubleQuote || code === singleQuote;
    const key = isQuoted ? this.#quoted() : this.#flowPlain();
    this.#skipSpaces();
    const isColon = this.#code(this.#at) === colon && (isQuoted || this.#isBlank(this.#at + 1));
    if (!isColon || key.end - key.start > maxKeyLength || key.text === '<<') throw notPlain;
    this.#at += 1;
    return key;
  }

  /** Goes over the comma behind an item, or up to the bracket that closes the collection. */
  #toNextInFlow(column: number, closing: number): void {
    this.#skipFlowSpace(column);
    const code = this.#code(this.#at);
    if (code === closing) return;
    if (code !== comma) throw notPlain;
    this.#at += 1;
    this.#skipFlowSpace(column);
    if (this.#code(this.#at) === closing) throw notPlain;
  }

  #flowPlain(): ScalarNode {
    const source = this.#source;
    const start = this.#at;
    const first = this.#code(start);
    if (first === colon || first === questionMark || !this.#beginsPlain()) throw notPlain;
    if (first === dash && this.#endsFlowText(start + 1)) throw notPlain;
    // At the beginning of a line, it could end the document.
    if ((first === dash || first === dot) && this.#code(start - 1) === newline) throw notPlain;
    let at = start;
    for (; at < source.length; at++) {
      const code = source.charCodeAt(at);
      if (code === newline || code === comma || isBracket(code)) break;
      if (code === colon && (this.#isBlank(at + 1) || this.#endsFlowText(at + 1))) break;
      if (code === 9 || (code === hash && source.charCodeAt(at - 1) === space)) throw notPlain;
    }
    this.#at = at;
    const end = this.#trimmed(start, at);
    return plainScalar(source.slice(start, end), start);
  }

  #endsFlowText(at: number): boolean {
    const code = this.#code(at);
    return code === comma || isBracket(code);
  }

  #skipFlowSpace(column: number): void {
    this.#skipSpaces();
    while (this.#code(this.#at) === newline) {
      const lineStart = this.#at + 1;
      this.#at = lineStart;
      this.#skipSpaces();
      const isBlankLine = this.#code(this.#at) === newline;
      if (!isBlankLine && this.#at - lineStart <= column) throw notPlain;
    }
  }

  #skipSpaces(): void {
    while (this.#code(this.#at) === space) this.#at += 1;
  }

  /** Goes over spaces and a comment; anything else is no plain YAML. */
  #toLineEnd(): void {
    this.#skipSpaces();
    if (!this.#isLineEnd(this.#at)) throw notPlain;
    const end = this.#source.indexOf('\n', this.#at);
    this.#at = end < 0 ? this.#source.length : end + 1;
  }

  /** From the beginning of a line to the next one that is neither empty nor a comment. */
  #toContent(): void {
    const source = this.#source;
    for (let line = this.#at; ;) {
      let at = line;
      while (source.charCodeAt(at) === space) at += 1;
      const code = this.#code(at);
      if (code !== newline && code !== hash && at < source.length) {
        this.#at = at;
        this.#column = this.#endsDocument(line) ? noColumn : at - line;
        return;
      }
      const end = source.indexOf('\n', at);
      line = end < 0 ? source.length : end + 1;
      if (line < source.length) continue;
      this.#at = source.length;
      this.#column = noColumn;
      return;
    }
  }

  #endsDocument(line: number): boolean {
    if (!this.#source.startsWith('---', line) && !this.#source.startsWith('...', line)) return false;
    if (!this.#isBlank(line + 3)) return false;
    if (this.#code(line) === dot) throw notPlain;
    return true;
  }

  /** True at the end of a line, and at a comment, which has a space or nothing in front of it. */
  #isLineEnd(at: number): boolean {
    const code = this.#code(at);
    return code === newline || at >= this.#source.length || (code === hash && this.#code(at - 1) === space);
  }

  /** True at a space, at a line break and at the end of the text. */
  #isBlank(at: number): boolean {
    const code = this.#source.charCodeAt(at);
    if (code === 9) throw notPlain;
    return code === space || code === newline || at >= this.#source.length;
  }

  /** The character at an offset; not a number where there is none. */
  #code(at: number): number {
    return this.#source.charCodeAt(at);
  }
}

function isBracket(code: number): boolean {
  return code === leftBracket || code === rightBracket || code === leftBrace || code === rightBrace;
}

function plainScalar(text: string, start: number): ScalarNode {
  return { kind: 'scalar', value: plainValue(text), text, start, end: start + text.length };
}

/** Whatever is not written like this is a text: most are seen to be one by their first character. */
const mayBeTyped = /^[-+.0-9~TtFfNn]/;

// YAML 1.2.2, 10.3.2 Core Schema: Tag Resolution
function plainValue(text: string): ScalarNode['value'] {
  if (text === '') return null;
  if (!mayBeTyped.test(text)) return text;
  if (/^(?:~|[Nn]ull|NULL)$/.test(text)) return null;
  if (/^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/.test(text)) return text.charAt(0).toLowerCase() === 't';
  if (/^0o[0-7]+$/.test(text)) return Number.parseInt(text.slice(2), 8);
  if (/^[-+]?[0-9]+$/.test(text)) return Number.parseInt(text, 10);
  if (/^0x[0-9a-fA-F]+$/.test(text)) return Number.parseInt(text.slice(2), 16);
  if (/^(?:[-+]?\.(?:inf|Inf|INF)|\.nan|\.NaN|\.NAN)$/.test(text))
    return text.endsWith('n') || text.endsWith('N')
      ? Number.NaN
      : text.startsWith('-')
        ? -Infinity
        : Infinity;
  if (/^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/.test(text))
    return Number.parseFloat(text);
  return text;
}
