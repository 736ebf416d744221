import type { Location, Position } from './location.ts';

/** A stretch of a text, as offsets in UTF-16 code units: from the first character to just behind the last one. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/**
 * Turns offsets into a text into lines and columns, and back. The text is searched for line breaks when the first place is asked
 * for: most texts are never asked for one.
 */
export class LineIndex {
  readonly #text: string;
  #known: readonly number[] | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  position(offset: number): Position {
    const starts = this.#starts();
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: Math.max(offset - (starts[low] ?? 0), 0) + 1 };
  }

  offset({ line, column }: Position): number {
    return (this.#starts()[line - 1] ?? this.#text.length) + column - 1;
  }

  #starts(): readonly number[] {
    return (this.#known ??= lineStarts(this.#text));
  }
}

/** Tells the places of the stretches of a text. */
export function locateIn(file: string, text: string): (part: Stretch) => Location {
  const lines = new LineIndex(text);
  return ({ start, end }) => ({ file, start: lines.position(start), end: lines.position(end) });
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}
