import type { Location, Position } from './location.ts';

/**
 * Turns offsets into a text into lines and columns. The text is searched for line breaks when the first place is asked for: most
 * texts are never asked for one.
 */
export function locateIn(
  file: string,
  source: string,
): (part: { readonly start: number; readonly end: number }) => Location {
  let known: readonly number[] | undefined;
  return ({ start, end }) => {
    const starts = (known ??= lineStarts(source));
    return { file, start: positionAt(starts, start), end: positionAt(starts, end) };
  };
}

function lineStarts(source: string): readonly number[] {
  const starts = [0];
  for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

function positionAt(starts: readonly number[], offset: number): Position {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: Math.max(offset - (starts[low] ?? 0), 0) + 1 };
}
