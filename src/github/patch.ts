import type { LineRange } from '../report/annotations.ts';

/** The lines that a unified diff adds, as they are numbered after the change. */
export function addedLines(patch: string): LineRange[] {
  const ranges: LineRange[] = [];
  let line = 0;
  for (const text of patch.split('\n')) {
    const hunk = /^@@ -\d+(?:,\d+)? \+(\d+)/.exec(text);
    if (hunk !== null) {
      line = Number(hunk[1]);
    } else if (text.startsWith('+')) {
      addLine(ranges, line);
      line++;
    } else if (text.startsWith(' ')) {
      line++;
    }
  }
  return ranges;
}

/** Adds a line behind the last range, or to it. */
function addLine(ranges: LineRange[], line: number): void {
  const last = ranges.at(-1);
  if (last?.last === line - 1) ranges[ranges.length - 1] = { first: last.first, last: line };
  else ranges.push({ first: line, last: line });
}
