import { plural } from '../report/plural.ts';
import type { Paint } from '../report/text.ts';
import { logLine } from '../report/workflowCommand.ts';
import type { FileChange } from './compareFiles.ts';
import type { PathChange } from './comparePulls.ts';
import { isEmpty, type Changes, type Difference } from './difference.ts';
import { countPatchLines, patchLines, type PatchLineKind } from './patchLines.ts';
import type { PullPath } from './pullPath.ts';
import { summarizeDifference } from './summary.ts';

/** Lines of diffs that are printed, for one file and for all. */
const maxLinesOfFile = 400;
const maxLines = 4000;

/** Names in one list; the others are counted. */
const maxNames = 10;
const maxImages = 50;

/** A difference for a person at a terminal: files first, then pull paths, images and nodes, and a sentence at the end. */
export function formatDifference(difference: Difference, paint: Paint): string {
  const { files, pulls, images, nodes } = difference;
  const sections = [
    formatFileChanges(files, paint),
    ...pulls.map((change) => formatPathChange(change, paint)),
    formatChanges('images', { added: images.added.map(nameOf), removed: images.removed.map(nameOf) }, paint),
    formatChanges('nodes', nodes, paint),
  ];
  const parts = isEmpty(difference) ? [] : sections.filter((section) => section !== '');
  return [...parts, `${summarizeDifference(difference)}\n`].join('\n');
}

/** Each change as a unified diff. What is long is cut, and the text says by how much. */
export function formatFileChanges(changes: readonly FileChange[], paint: Paint): string {
  const blocks: string[] = [];
  let left = maxLines;
  for (const [index, change] of changes.entries()) {
    if (left <= 0) {
      blocks.push(`... and ${plural(changes.length - index, 'other change')} of files\n`);
      break;
    }
    const lines = formatFileChange(change, Math.min(left, maxLinesOfFile), paint);
    left -= lines.length;
    blocks.push(lines.map((line) => `${line}\n`).join(''));
  }
  return blocks.join('\n');
}

function formatFileChange(change: FileChange, limit: number, paint: Paint): string[] {
  const lines: string[] = [];
  for (const { kind, text } of patchLines(change)) {
    if (lines.length >= limit) break;
    lines.push(paint(styles[kind], logLine(text)));
  }
  const leftOut = countPatchLines(change) - lines.length;
  const [, ...others] = change.paths;
  return [
    ...lines,
    ...(leftOut > 0 ? [paint('quiet', `... ${plural(leftOut, 'more line')}`)] : []),
    ...(others.length > 0
      ? [paint('quiet', logLine(`(and the same in ${listNames(others, maxNames)})`))]
      : []),
  ];
}

const styles = {
  head: 'place',
  hunk: 'quiet',
  added: 'added',
  removed: 'removed',
  same: 'plain',
} as const satisfies Record<PatchLineKind, string>;

function formatPathChange({ before, after, nodes, images, workloads }: PathChange, paint: Paint): string {
  const shown = images.slice(0, maxImages);
  const leftOut = images.length - shown.length;
  const touched = `${plural(images.length, 'image')}, ${plural(workloads, 'workload')}`;
  const lines = [
    paint('place', logLine(`${touched}: another pull path on ${listNames(nodes, maxNames)}`)),
    ...formatPath('before', before).map((line) => paint('removed', line)),
    ...formatPath('after', after).map((line) => paint('added', line)),
    ...shown.map(({ image, workloads: number }) => logLine(`  ${image} (${plural(number, 'workload')})`)),
    ...(leftOut > 0 ? [`  ... and ${plural(leftOut, 'other image')}`] : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function formatPath(title: string, path: PullPath): string[] {
  const head = `  ${title.padEnd(7)} `;
  if (!path.ok) return [logLine(`${head}nothing: ${path.error}`)];
  return path.steps.map(({ endpoint, notes }, index) => {
    const margin = index === 0 ? head : ' '.repeat(head.length);
    return logLine(`${margin}${index + 1}. ${[endpoint, ...notes].join('; ')}`);
  });
}

function formatChanges(noun: string, { added, removed }: Changes<string>, paint: Paint): string {
  const mark = (names: readonly string[], style: 'added' | 'removed', sign: string): string[] => [
    ...names.slice(0, maxImages).map((name) => paint(style, logLine(`  ${sign} ${name}`))),
    ...(names.length > maxImages ? [`  ${sign} ... and ${names.length - maxImages} more`] : []),
  ];
  if (added.length + removed.length === 0) return '';
  const lines = [noun, ...mark(added, 'added', '+'), ...mark(removed, 'removed', '-')];
  return lines.map((line) => `${line}\n`).join('');
}

function nameOf({ image, uses }: { readonly image: string; readonly uses: number }): string {
  return `${image} (${plural(uses, 'use')})`;
}

/** `a, b and 3 others`. */
function listNames(names: readonly string[], limit: number): string {
  const shown = names.slice(0, limit).join(', ');
  const leftOut = names.length - limit;
  return leftOut > 0 ? `${shown} and ${plural(leftOut, 'other')}` : shown;
}
