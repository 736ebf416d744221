import { catalogue } from '../../src/manifest/customResources/catalogue.ts';
import type { CatalogueField } from '../../src/manifest/customResources/field.ts';
import { table } from './markdown.ts';

/** The fields of custom resources that are known to be images, by project and kind. */
export function catalogueTable(): string {
  const rows = catalogue.map(({ project, group, kinds, fields }) => [
    project,
    kinds.map((kind) => `\`${kind}\``).join(', '),
    `\`${group}\``,
    fields.map(describeField).join('<br>'),
  ]);
  return table(['project', 'kinds', 'group', 'fields'], rows);
}

function describeField(field: CatalogueField): string {
  const pulledBy = 'pulledBy' in field && field.pulledBy ? ` (${field.pulledBy.join(', ')})` : '';
  if (field.form === 'image')
    return `\`${field.path}\`${field.scheme ? ` behind \`${field.scheme}\`` : ''}${pulledBy}`;
  if (field.form === 'podSpec') return `\`${field.path}\`: the containers${pulledBy}`;
  const parts = [
    field.repository,
    ...(field.tags ?? []),
    ...(field.digest === undefined ? [] : [field.digest]),
  ];
  return `${parts.map((part) => `\`${field.at}.${part}\``).join(' + ')}${pulledBy}`;
}
