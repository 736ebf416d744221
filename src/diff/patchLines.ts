import type { FileChange } from './compareFiles.ts';

/** What a line of a unified diff is. */
export type PatchLineKind = 'head' | 'hunk' | 'added' | 'removed' | 'same';

export interface PatchLine {
  readonly kind: PatchLineKind;
  readonly text: string;
}

/** A change of a file as the lines of a unified diff; `/dev/null` stands where one side has no file. */
export function* patchLines({ kind, paths: [path], patch }: FileChange): Generator<PatchLine> {
  yield { kind: 'head', text: `--- ${kind === 'added' ? '/dev/null' : `a/${path}`}` };
  yield { kind: 'head', text: `+++ ${kind === 'removed' ? '/dev/null' : `b/${path}`}` };
  if (patch.kind === 'not-shown') {
    yield { kind: 'hunk', text: `(${patch.reason})` };
    return;
  }
  for (const { oldStart, oldLines, newStart, newLines, lines } of patch.hunks) {
    yield { kind: 'hunk', text: `@@ -${range(oldStart, oldLines)} +${range(newStart, newLines)} @@` };
    for (const text of lines) yield { kind: kindOf(text), text };
  }
}

/** Lines that {@link patchLines} yields for a change. */
export function countPatchLines({ patch }: FileChange): number {
  if (patch.kind === 'not-shown') return 3;
  return patch.hunks.reduce((sum, { lines }) => sum + lines.length + 1, 2);
}

/** A range without lines is numbered by the line before it. */
// GNU diffutils, Detailed Description of Unified Format
function range(start: number, lines: number): string {
  if (lines === 1) return `${start}`;
  return `${lines === 0 ? Math.max(start - 1, 0) : start},${lines}`;
}

function kindOf(line: string): PatchLineKind {
  if (line.startsWith('+')) return 'added';
  return line.startsWith('-') ? 'removed' : 'same';
}
