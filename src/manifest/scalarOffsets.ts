import type { Stretch } from '../source/lineIndex.ts';
import type { Location } from '../source/location.ts';
import type { ScalarNode } from '../source/tree.ts';
import type { KubernetesObject } from './manifest.ts';

/** Where a stretch of the text of a scalar stands in the file, be it plain, quoted or a block. */
export function locateWithin(
  { document, source }: KubernetesObject,
  scalar: ScalarNode,
  start: number,
  end: number,
): Location {
  return document.locate(stretchWithin(source, scalar, { start, end }));
}

/** The same, as offsets. */
export function stretchWithin(source: string, scalar: ScalarNode, { start, end }: Stretch): Stretch {
  const offsets = scalarOffsets(source, scalar);
  const first = offsets[start] ?? scalar.start;
  const last = end > start ? offsets[end - 1] : undefined;
  return { start: first, end: last === undefined ? first : last + 1 };
}

/** What was worked out: a block with many images, or with blocks in it, is asked for many times. */
const known = new WeakMap<ScalarNode, Int32Array>();

/** For each UTF-16 code unit of the text of a scalar, its offset in the source. */
function scalarOffsets(source: string, scalar: ScalarNode): Int32Array {
  const offsets = known.get(scalar) ?? align(source, scalar);
  known.set(scalar, offsets);
  return offsets;
}

function align(source: string, { text, start, end }: ScalarNode): Int32Array {
  const first = source.charAt(start);
  if (first === '|' || first === '>') return alignBlock(source, text, { start, end });
  const quote = first === '"' || first === "'" ? first : '';
  const inner = { start: start + quote.length, end: end - quote.length };
  return new FlowAlignment(source, inner, quote).align(text);
}

/** A literal block is the same text without indentation; a folded one has spaces where lines end. */
function alignBlock(source: string, text: string, { start, end }: Stretch): Int32Array {
  const offsets = new Int32Array(text.length);
  const content = source.indexOf('\n', start) + 1;
  const indentation = Math.max(0, firstIndentation(source.slice(content, end)) - firstIndentation(text));
  let at = skipIndentation(source, content, indentation);
  for (let index = 0; index < text.length; index++) {
    const wanted = text.charAt(index);
    // Blank lines within a folded block stand for one line break less than there are.
    while (at < end && isLineEnd(source, at) && wanted !== '\n' && wanted !== ' ') {
      at = nextLine(source, at, indentation);
    }
    offsets[index] = Math.min(at, end);
    at = isLineEnd(source, at) ? nextLine(source, at, indentation) : at + 1;
  }
  return offsets;
}

/** Spaces in front of the first line that has something else on it. */
function firstIndentation(text: string): number {
  const content = text.search(/[^ \t\r\n]/);
  return content < 0 ? 0 : content - (text.lastIndexOf('\n', content) + 1);
}

function isLineEnd(source: string, at: number): boolean {
  const character = source.charAt(at);
  return character === '\n' || (character === '\r' && source.charAt(at + 1) === '\n');
}

function nextLine(source: string, at: number, indentation: number): number {
  return skipIndentation(source, source.indexOf('\n', at) + 1, indentation);
}

/** Not beyond the end of the line, which may have fewer spaces when nothing else is on it. */
function skipIndentation(source: string, lineStart: number, indentation: number): number {
  let at = lineStart;
  while (at < lineStart + indentation && source.charAt(at) === ' ') at += 1;
  return at;
}

/** Length of the escapes that are longer than two characters, by what stands behind the backslash. */
const escapeLengths: ReadonlyMap<string, number> = new Map([
  ['x', 4],
  ['u', 6],
  ['U', 10],
]);

/** A line break with the spaces around it, and a line break behind a backslash. */
const fold = /[ \t]*\r?\n(?:[ \t]*\r?\n)*[ \t]*/y;
const escapedFold = /\\\r?\n(?:[ \t]*\r?\n)*[ \t]*/y;

/** Walks through plain or quoted text and its value side by side. */
// yaml.org/spec/1.2.2 6.5 Line Folding, 7.3 Flow Scalar Styles
class FlowAlignment {
  readonly #source: string;
  readonly #end: number;
  readonly #quote: string;
  #at: number;
  /** Up to here spaces are known to stand for themselves. */
  #literalUntil = 0;

  constructor(source: string, { start, end }: Stretch, quote: string) {
    this.#source = source;
    this.#at = start;
    this.#end = end;
    this.#quote = quote;
  }

  align(text: string): Int32Array {
    const offsets = new Int32Array(text.length);
    for (let index = 0; index < text.length;) {
      const from = Math.min(this.#at, this.#end);
      const units = this.#next();
      offsets.fill(from, index, index + units);
      index += units;
      // At the end of the stretch nothing moves any more.
      if (this.#at >= this.#end && index < text.length) return offsets.fill(this.#end, index);
    }
    return offsets;
  }

  /** Moves on, and returns how many code units of the value that makes. */
  #next(): number {
    const character = this.#source.charAt(this.#at);
    if (this.#quote === '"' && character === '\\') return this.#escape();
    if (/[ \t\r\n]/.test(character) && this.#at >= this.#literalUntil) return this.#space();
    this.#at += this.#quote === "'" && character === "'" ? 2 : 1;
    return 1;
  }

  #space(): number {
    const folded = matchAt(fold, this.#source, this.#at);
    if (folded === undefined || this.#at + folded.length > this.#end) {
      this.#literalUntil = this.#at + (matchAt(/[ \t\r\n]+/y, this.#source, this.#at)?.length ?? 1);
      this.#at += 1;
      return 1;
    }
    this.#at += folded.length;
    return Math.max(1, lineBreaks(folded) - 1);
  }

  #escape(): number {
    const folded = matchAt(escapedFold, this.#source, this.#at);
    if (folded !== undefined) {
      this.#at += folded.length;
      return lineBreaks(folded) - 1;
    }
    const kind = this.#source.charAt(this.#at + 1);
    const length = escapeLengths.get(kind) ?? 2;
    const code = Number.parseInt(this.#source.slice(this.#at + 2, this.#at + length), 16);
    this.#at += length;
    return kind === 'U' && code > 0xff_ff ? 2 : 1;
  }
}

function matchAt(expression: RegExp, source: string, at: number): string | undefined {
  expression.lastIndex = at;
  return expression.exec(source)?.[0];
}

function lineBreaks(text: string): number {
  return text.split('\n').length - 1;
}
