import type { Finding } from '../check/finding.ts';
import type { Matrix, MatrixCell, MatrixRow, NodeGroup } from './report.ts';

/** Pulls of several images that go the same failing way on one group of nodes. */
export interface FailingPath {
  readonly images: readonly string[];
  readonly group: NodeGroup;
  readonly cell: MatrixCell;
}

/** Image to the nodes on which an error says that its pull fails. */
export type FailingImages = ReadonlyMap<string, ReadonlySet<string> | 'every node'>;

/** The images whose pull an error is about. */
export function failingImages(findings: readonly Finding[]): FailingImages {
  const failing = new Map<string, Set<string> | 'every node'>();
  for (const { severity, image, nodes } of findings) {
    if (severity !== 'error' || image === undefined) continue;
    const known = failing.get(image) ?? new Set();
    if (nodes === undefined || known === 'every node') {
      failing.set(image, 'every node');
      continue;
    }
    for (const node of nodes) known.add(node);
    failing.set(image, known);
  }
  return failing;
}

/** True when a pull on these nodes is refused, or an error says that it fails. */
export function isFailing(
  row: MatrixRow,
  column: NodeGroup,
  cell: MatrixCell,
  failing: FailingImages,
): boolean {
  if (cell.outcome === 'refused') return true;
  const nodes = failing.get(row.image);
  if (cell.outcome === 'not-scheduled' || nodes === undefined) return false;
  return nodes === 'every node' || column.nodes.some((node) => nodes.has(node));
}

/** The failing cells of the matrix; images that fail in the same way on the same nodes are one path. */
export function collectFailingPaths({ columns, rows }: Matrix, failing: FailingImages): FailingPath[] {
  const paths = new Map<string, FailingPath & { images: string[] }>();
  for (const row of rows) {
    for (const [index, group] of columns.entries()) {
      const cell = row.cells[index];
      if (cell === undefined || !isFailing(row, group, cell, failing)) continue;
      const key = JSON.stringify([index, cell.attempts, cell.note]);
      const path = paths.get(key);
      if (path === undefined) paths.set(key, { images: [row.image], group, cell });
      else path.images.push(row.image);
    }
  }
  return [...paths.values()];
}
