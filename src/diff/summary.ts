import { plural } from '../report/plural.ts';
import { isEmpty, type Difference } from './difference.ts';

/** A difference in one sentence. */
export function summarizeDifference(difference: Difference): string {
  if (isEmpty(difference)) return 'Nothing changes for any node or pull.';
  const { files, pulls, images, nodes } = difference;
  const rendered = files.reduce((sum, { paths }) => sum + paths.length, 0);
  const changed = new Set(pulls.flatMap((change) => change.images.map(({ image }) => image))).size;
  const parts = [
    `${plural(rendered, 'rendered file')} ${verb(rendered)}`,
    `the pull path of ${plural(changed, 'image')} changes`,
    ...describe(images.added.length, images.removed.length, 'image'),
    ...describe(nodes.added.length, nodes.removed.length, 'node'),
  ];
  return `${capitalize(parts.join('; '))}.`;
}

function verb(number: number): string {
  return number === 1 ? 'changes' : 'change';
}

function describe(added: number, removed: number, noun: string): string[] {
  return added + removed === 0 ? [] : [`${plural(added, noun)} added, ${removed} removed`];
}

function capitalize(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
