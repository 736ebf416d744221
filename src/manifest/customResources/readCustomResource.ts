import type { ImageUse } from '../imageUse.ts';
import { groupOf, type KubernetesObject } from '../manifest.ts';
import { findEmbeddedImages } from '../text/embeddedImages.ts';
import type { TextContext } from '../text/objectTexts.ts';
import { findTreeImages } from '../text/treeImages.ts';
import { fieldsByKind, kindKey } from './catalogue.ts';
import type { CatalogueField } from './field.ts';
import { readKubeadm } from './kubeadm.ts';
import { isCustomGroup, mayBeCustomKind } from './kubernetesGroups.ts';
import { readFields } from './readFields.ts';

/**
 * The images of a custom resource: those of the fields that the catalogue or the user knows, and then what else is called an image
 * or looks like a Pod spec.
 *
 * @param userFields fields that the user names for objects of this kind
 */
export function readCustomResource(
  object: KubernetesObject,
  userFields: readonly CatalogueField[],
  context: TextContext,
): readonly ImageUse[] {
  const group = groupOf(object);
  const fields = [...userFields, ...(fieldsByKind.get(kindKey(group, object.kind)) ?? [])];
  const claimed = new Set<number>();
  const { substitutions } = context;
  const known = [
    ...readFields(fields, { object, claimed, substitutions }),
    ...readKubeadm(object, substitutions),
  ];
  if (!isCustomGroup(group) || !mayBeCustomKind(object.kind)) return known;
  return [...known, ...readUnknown(object, claimed, context)];
}

/** The status says what was pulled, and the metadata has no images but in annotations. */
const otherParts: ReadonlySet<string> = new Set(['apiVersion', 'kind', 'metadata', 'status']);

function readUnknown(
  object: KubernetesObject,
  claimed: Set<number>,
  context: TextContext,
): readonly ImageUse[] {
  const embedded = { ...context, from: 'customResource' } as const;
  const search = {
    ...embedded,
    object,
    claimed,
    readText: (scalar: Parameters<typeof findEmbeddedImages>[1], _name: string, field: string) =>
      findEmbeddedImages(object, scalar, field, embedded).filter(
        ({ confidence }) => confidence !== 'possible',
      ),
  };
  if (object.root.kind !== 'mapping') return [];
  // Settings of programs have no `spec`, and keep their keys beside the `kind`.
  const parts = object.root.entries.filter(({ key }) => !otherParts.has(key.text));
  return findTreeImages({ ...object.root, entries: parts }, search);
}
