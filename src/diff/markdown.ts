import { byteLength, rowsThatFit } from '../report/byteBudget.ts';
import { escapeMarkdown, markdownCode } from '../report/markdownText.ts';
import { plural } from '../report/plural.ts';
import { visibleText } from '../report/visibleText.ts';
import type { FileChange } from './compareFiles.ts';
import type { PathChange } from './comparePulls.ts';
import { isEmpty, type Changes, type Difference } from './difference.ts';
import type { ListedImage } from './compareImages.ts';
import { countPatchLines, patchLines } from './patchLines.ts';
import type { PullPath } from './pullPath.ts';
import { summarizeDifference } from './summary.ts';

/** Names in one cell; the others are counted. */
const maxNames = 5;
const maxLinesOfFile = 200;
/** Part of the whole that pull paths may take, and then what images may take of the rest. */
const pathsShare = 0.5;
const imagesShare = 0.2;

/**
 * A difference as a section of a job summary, in no more than `bytes` bytes: pull paths first, since people look for those,
 * then images, then the rendered files.
 *
 * @param base - What the state was compared with, as people name it.
 */
export function formatDifferenceMarkdown(difference: Difference, base: string, bytes: number): string {
  const head = [
    '### What this change does',
    `Compared with ${markdownCode(base)}: ${escapeMarkdown(summarizeDifference(difference))}`,
  ].join('\n\n');
  if (isEmpty(difference)) return head;
  const { pulls, images, files } = difference;
  const paths = writePathChanges(pulls, bytes * pathsShare);
  const names = writeImages(images, bytes * imagesShare);
  const sections = [head, paths, names].filter((section) => section !== '');
  const left = bytes - byteLength(sections.join('\n\n')) - 2;
  return [...sections, writeFileChanges(files, left)].filter((section) => section !== '').join('\n\n');
}

function writePathChanges(changes: readonly PathChange[], bytes: number): string {
  if (changes.length === 0) return '';
  const head = '| Images | Nodes | Before | After |\n| --- | --- | --- | --- |';
  const rows = rowsThatFit(changes.map(writePathChange), bytes - byteLength(head) - 100);
  const leftOut = changes.length - rows.length;
  const note = leftOut > 0 ? `\n\n_${plural(leftOut, 'other change')} of pull paths left out here._` : '';
  return rows.length > 0 ? `${[head, ...rows].join('\n')}${note}` : note.trim();
}

function writePathChange({ before, after, nodes, images, workloads }: PathChange): string {
  const names = writeNames(images.map(({ image }) => image));
  const cells = [`${names}<br>${plural(workloads, 'workload')}`, writeNames(nodes)];
  return `| ${[...cells, writePath(before), writePath(after)].join(' | ')} |`;
}

function writePath(path: PullPath): string {
  if (!path.ok) return `nothing: ${escapeMarkdown(path.error)}`;
  const steps = path.steps.map(
    ({ endpoint, notes }, index) =>
      `${index + 1}. ${[markdownCode(endpoint), ...notes.map(escapeMarkdown)].join('; ')}`,
  );
  return steps.join('<br>');
}

function writeNames(names: readonly string[]): string {
  const leftOut = names.length - maxNames;
  const shown = names.slice(0, maxNames).map(markdownCode);
  return [...shown, ...(leftOut > 0 ? [`and ${plural(leftOut, 'other')}`] : [])].join('<br>');
}

function writeImages({ added, removed }: Changes<ListedImage>, bytes: number): string {
  const rows = [
    ...added.map(({ image }) => `- added: ${markdownCode(image)}`),
    ...removed.map(({ image }) => `- removed: ${markdownCode(image)}`),
  ];
  const shown = rowsThatFit(rows, bytes - 100);
  const leftOut = rows.length - shown.length;
  return [...shown, ...(leftOut > 0 ? [`- and ${plural(leftOut, 'other')}`] : [])].join('\n');
}

function writeFileChanges(changes: readonly FileChange[], bytes: number): string {
  const blocks: string[] = [];
  let left = bytes - 100;
  for (const change of changes) {
    const block = writeFileChange(change);
    left -= byteLength(block) + 2;
    if (left < 0) break;
    blocks.push(block);
  }
  const leftOut = changes.length - blocks.length;
  if (leftOut > 0) blocks.push(`_${plural(leftOut, 'other change')} of rendered files left out here._`);
  return blocks.join('\n\n');
}

/** Collapsed: the paths tell enough at first sight. */
function writeFileChange(change: FileChange): string {
  const [path, ...others] = change.paths;
  const lines: string[] = [];
  for (const { text } of patchLines(change)) {
    if (lines.length >= maxLinesOfFile) break;
    lines.push(visibleText(text));
  }
  const leftOut = countPatchLines(change) - lines.length;
  if (leftOut > 0) lines.push(`... ${plural(leftOut, 'more line')}`);
  const fence = fenceFor(lines);
  const same = others.length > 0 ? ` and ${plural(others.length, 'other file')} in the same way` : '';
  const title = `${change.kind}: ${markdownCode(path)}${same}`;
  return `<details><summary>${title}</summary>\n\n${fence}diff\n${lines.join('\n')}\n${fence}\n\n</details>`;
}

/** Longer than any row of backticks in the lines, so that none of them ends the block. */
// GitHub Flavored Markdown 4.5, Fenced code blocks
function fenceFor(lines: readonly string[]): string {
  const runs = lines.flatMap((line) => line.match(/`+/g) ?? []);
  return '`'.repeat(runs.reduce((longest, run) => Math.max(longest, run.length + 1), 3));
}
