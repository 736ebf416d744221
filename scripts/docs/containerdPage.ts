import { featureTable } from '../../src/resolver/featureTable.ts';
import { lines } from '../../src/resolver/release.ts';
import { table } from './markdown.ts';

/** What is emulated of each release line of containerd, and where it was read. */
export function containerdTable(): string {
  const rows = featureTable().map(({ description, source, cells }) => [
    description,
    ...lines.map((line) => cells.get(line) ?? ''),
    source,
  ]);
  return table(['behaviour', ...lines, 'read in'], rows);
}
