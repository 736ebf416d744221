import { failingImages, isFailing, type FailingImages } from './failingPaths.ts';
import { markdownCode, markdownSentence } from './markdownText.ts';
import { plural } from './plural.ts';
import type { MatrixCell, MatrixRow, NodeGroup, PullOutcome, Report } from './report.ts';
import { byteLength, rowsThatFit } from './byteBudget.ts';

const maxColumns = 12;

const outcomeWords: Readonly<Record<PullOutcome, string>> = {
  mirror: 'mirror',
  upstream: 'upstream',
  refused: '**refused**',
  'not-scheduled': 'not scheduled',
};

/** The images against the groups of nodes as a Markdown table of at most `bytes`, or nothing when there are no images. */
export function writeMatrix({ matrix, findings }: Report, bytes: number): string {
  if (matrix.rows.length === 0) return '';
  const columns = matrix.columns.slice(0, maxColumns);
  const failing = failingImages(findings);
  const titles = [
    'Image',
    'Uses',
    ...columns.map(
      ({ name, nodes }) =>
        markdownCode(name) + (nodes.length > 1 ? ` (${plural(nodes.length, 'node')})` : ''),
    ),
  ];
  const head = `### Where each image comes from\n\n| ${titles.join(' | ')} |\n|${' --- |'.repeat(titles.length)}`;
  const rows = matrix.rows.map((row) => writeRow(row, columns, failing));
  const fitting = rowsThatFit(rows, bytes - byteLength(head));
  const cut = [
    ...(fitting.length < rows.length ? [plural(rows.length - fitting.length, 'image')] : []),
    ...(columns.length < matrix.columns.length
      ? [plural(matrix.columns.length - columns.length, 'group') + ' of nodes']
      : []),
  ];
  const note =
    cut.length === 0
      ? ''
      : `\n\n_Left out here for want of room: ${cut.join(' and ')}. report.json has them all._`;
  return [head, ...fitting].join('\n') + note;
}

function writeRow(row: MatrixRow, columns: readonly NodeGroup[], failing: FailingImages): string {
  const cells = columns.map((column, index) => {
    const cell = row.cells[index];
    return cell === undefined ? '' : writeCell(cell, isFailing(row, column, cell, failing));
  });
  return `| ${[markdownCode(row.image), row.uses, ...cells].join(' | ')} |`;
}

function writeCell({ outcome, attempts, note }: MatrixCell, fails: boolean): string {
  const [first, ...others] = attempts;
  const words =
    fails && outcome !== 'refused' ? `**fails** (${outcomeWords[outcome]})` : outcomeWords[outcome];
  const via =
    first === undefined ? '' : `<br>${markdownCode(first)}${others.length > 0 ? ` +${others.length}` : ''}`;
  return `${words}${via}${note === undefined ? '' : `<br>${markdownSentence(note)}`}`;
}
