import { argo } from './argo.ts';
import { clusters } from './clusters.ts';
import { databases } from './databases.ts';
import { elastic } from './elastic.ts';
import type { Puller } from '../imageUse.ts';
import type { CatalogueEntry } from './field.ts';
import { knative } from './knative.ts';
import { mesh } from './mesh.ts';
import { messaging } from './messaging.ts';
import { monitoring } from './monitoring.ts';
import { openshift } from './openshift.ts';
import { packages } from './packages.ts';
import { storage } from './storage.ts';
import { tekton } from './tekton.ts';
import { virtualization } from './virtualization.ts';

/**
 * Where custom resources name images. Each entry is read from the API of its project, which the comment above it names. A new
 * one is a row in the file of its domain.
 */
export const catalogue: readonly CatalogueEntry[] = [
  ...argo,
  ...clusters,
  ...databases,
  ...elastic,
  ...knative,
  ...mesh,
  ...messaging,
  ...monitoring,
  ...openshift,
  ...packages,
  ...storage,
  ...tekton,
  ...virtualization,
];

/** The fields of each kind, by group and kind. */
export const fieldsByKind: ReadonlyMap<string, CatalogueEntry['fields']> = new Map(
  [...new Set(catalogue.flatMap(({ group, kinds }) => kinds.map((kind) => kindKey(group, kind))))].map(
    (key) => [
      key,
      catalogue.flatMap(({ group, kinds, fields }) =>
        kinds.some((kind) => kindKey(group, kind) === key) ? fields : [],
      ),
    ],
  ),
);

/** The kinds of the catalogue, whatever their group. */
export const catalogueKinds: ReadonlySet<string> = new Set(catalogue.flatMap(({ kinds }) => kinds));

/** Who gets what objects of a kind name, where that is never a node. */
export const pullersByKind: ReadonlyMap<string, readonly Puller[]> = new Map(
  [...new Set(catalogue.flatMap(({ kinds }) => kinds))].flatMap((kind) => {
    const fields = catalogue.flatMap((entry) => (entry.kinds.includes(kind) ? entry.fields : []));
    const pullers = [...new Set(fields.flatMap(({ pulledBy = ['node'] }) => pulledBy))];
    return pullers.includes('node') ? [] : [[kind, pullers] as const];
  }),
);

/** Group and kind as one text. */
export function kindKey(group: string, kind: string): string {
  return `${group}/${kind}`;
}
