import { LineIndex, type Stretch } from '../source/lineIndex.ts';
import type { Location, Position } from '../source/location.ts';
import { withinQuotes } from '../source/scalarContent.ts';
import type { ScalarNode } from '../source/tree.ts';

/** Text that stands in a file: all of it, or a text within, as an inline patch is. */
export interface SourceText {
  readonly file: string;
  readonly text: string;
  /** Where a stretch of `text` stands in the file, as offsets; undefined where it is not written there in one piece. */
  readonly toFile: (start: number, end: number) => Stretch | undefined;
  /** Where a stretch of `text` stands in the file; as near as can be told. */
  readonly locate: (start: number, end: number) => Location;
  /** The offset of a place in `text`. */
  readonly offsetOf: (position: Position) => number;
}

/** A value, and where its characters stand. */
export interface Piece {
  readonly file: string;
  readonly text: string;
  readonly location: Location;
  /** Offsets of exactly these characters in the file; absent where they are written otherwise, with escapes for example. */
  readonly stretch?: Stretch;
}

/** All of a file. */
export function fileText(file: string, text: string): SourceText {
  const lines = new LineIndex(text);
  return {
    file,
    text,
    toFile: (start, end) => ({ start, end }),
    locate: (start, end) => ({ file, start: lines.position(start), end: lines.position(end) }),
    offsetOf: (position) => lines.offset(position),
  };
}

/** The text that a value is. Undefined where it is not written as it reads, so that nothing in it has a place. */
export function innerText(outer: SourceText, scalar: ScalarNode): SourceText | undefined {
  const content = writtenContent(outer.text, scalar);
  if (!content) return undefined;
  const { text, origins } = content;
  const lines = new LineIndex(text);
  const toOuter = (offset: number): number => {
    const { line, column } = lines.position(offset);
    return (origins[line - 1] ?? scalar.end) + column - 1;
  };
  return {
    file: outer.file,
    text,
    toFile: (start, end) =>
      text.slice(start, end).includes('\n') ? undefined : outer.toFile(toOuter(start), toOuter(end)),
    locate: (start, end) => outer.locate(toOuter(start), toOuter(end)),
    offsetOf: (position) => lines.offset(position),
  };
}

interface Content {
  readonly text: string;
  /** Offsets in the outer text at which its lines begin. */
  readonly origins: readonly number[];
}

function writtenContent(source: string, scalar: ScalarNode): Content | undefined {
  if (source.charAt(scalar.start) === '|') return blockContent(source, scalar);
  const { text } = scalar;
  const { start, end } = withinQuotes(source, scalar);
  return source.slice(start, end) === text ? { text, origins: [start] } : undefined;
}

/** The lines below a `|`, without their indentation. */
function blockContent(source: string, { start, end }: Stretch): Content | undefined {
  const [header = '', ...lines] = source.slice(start, end).split('\n');
  const first = lines.find((line) => line.trim() !== '');
  // An indicator (`|2`) leaves some of the indentation to the text.
  if (first === undefined || /\d/.test(header)) return undefined;
  const indentation = first.length - first.trimStart().length;
  const origins: number[] = [];
  let at = start + header.length + 1;
  for (const line of lines) {
    origins.push(at + Math.min(indentation, line.length));
    at += line.length + 1;
  }
  return { text: lines.map((line) => line.slice(indentation)).join('\n'), origins };
}

/** A scalar with the place of its characters, without quotes. */
export function pieceOf(source: SourceText, scalar: ScalarNode): Piece {
  const { start, end } = withinQuotes(source.text, scalar);
  return pieceAt(source, start, end, scalar.text);
}

/** A text that stands, or should stand, at these offsets. */
export function pieceAt(source: SourceText, start: number, end: number, text: string): Piece {
  const isWritten = source.text.slice(start, end) === text;
  const stretch = isWritten ? source.toFile(start, end) : undefined;
  return { file: source.file, text, location: source.locate(start, end), ...(stretch && { stretch }) };
}
