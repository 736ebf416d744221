import { writeJson } from '../report/writeJson.ts';
import type { FileChange, Patch } from './compareFiles.ts';
import type { Difference } from './difference.ts';
import { isEmpty } from './difference.ts';
import { patchLines } from './patchLines.ts';

/** A difference as JSON. Ends with a line break. */
export function formatDifferenceJson(difference: Difference): string {
  const { files, pulls, images, nodes } = difference;
  return writeJson({
    changed: !isEmpty(difference),
    files: files.map(describeFileChange),
    pulls,
    images,
    nodes,
  });
}

/** A change of a file, with its unified diff as one text. */
export function describeFileChange(change: FileChange): object {
  return { kind: change.kind, paths: change.paths, ...describePatch(change, change.patch) };
}

function describePatch(change: FileChange, patch: Patch): object {
  if (patch.kind === 'not-shown') return { notShown: patch.reason };
  const diff = [...patchLines(change)].map(({ text }) => `${text}\n`).join('');
  return { addedLines: patch.addedLines, removedLines: patch.removedLines, diff };
}
