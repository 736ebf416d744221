import type { NodeCase, Pull } from '../pull/pull.ts';
import { groupBy } from '../source/groupBy.ts';
import { compareMatrixRows, type Matrix, type MatrixCell, type MatrixRow, type NodeGroup } from './report.ts';

/** Every image against every distinct node configuration. */
export function buildMatrix(cases: readonly NodeCase[], pulls: readonly Pull[]): Matrix {
  const byImage = groupBy(pulls, ({ uses: [first] }) => first?.text ?? '');
  const rows = [...byImage].map(([image, imagePulls]): MatrixRow => {
    const uses = new Set(imagePulls.flatMap((pull) => pull.uses));
    const cells = cases.map((nodeCase): MatrixCell => {
      const pull = imagePulls.find((candidate) => candidate.nodeCase === nodeCase);
      return pull ? cellFor(pull) : { outcome: 'not-scheduled', attempts: [] };
    });
    return { image, uses: uses.size, cells };
  });
  return { columns: cases.map(groupName), rows: rows.sort(compareMatrixRows) };
}

function groupName({ members }: NodeCase): NodeGroup {
  const nodes = members.map(({ node }) => node.name);
  const [first = ''] = nodes;
  return { name: nodes.length === 1 ? first : `${first} and ${nodes.length - 1} more`, nodes };
}

function cellFor({ result }: Pull): MatrixCell {
  if (!result.ok) return { outcome: 'refused', attempts: [], note: result.error };
  const origins = result.attempts.map(({ host }) => `${host.scheme}://${host.host}`);
  const [first] = result.attempts;
  return { outcome: first?.source ? 'mirror' : 'upstream', attempts: [...new Set(origins)] };
}
