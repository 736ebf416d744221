import type { Stretch } from './lineIndex.ts';

/** A stretch of a text and what takes its place. */
export interface Replacement extends Stretch {
  readonly text: string;
}

/** A text with stretches of it replaced. One that begins within another goes with it. */
export function replaceStretches(text: string, replacements: readonly Replacement[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { start, end, text: other } of replacements.toSorted(
    (a, b) => a.start - b.start || a.end - b.end,
  )) {
    if (start < at) continue;
    parts.push(text.slice(at, start), other);
    at = end;
  }
  return parts.join('') + text.slice(at);
}
