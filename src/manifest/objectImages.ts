import { catalogueKinds, kindKey } from './customResources/catalogue.ts';
import type { CatalogueField } from './customResources/field.ts';
import { isKubeadmKind } from './customResources/kubeadm.ts';
import { mayBeCustomKind } from './customResources/kubernetesGroups.ts';
import { readCustomResource } from './customResources/readCustomResource.ts';
import type { ImageReader } from './imageReader.ts';
import type { ImageUse } from './imageUse.ts';
import { groupOf, type KubernetesObject } from './manifest.ts';
import { readPodSpecs } from './podSpec.ts';
import { mayHoldImages } from './text/mayHoldImages.ts';
import { findObjectTexts } from './text/objectTexts.ts';

/** A field that is an image because the user says so. */
export interface ImagePath {
  /** Empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** `spec.steps[].image`: `[]` stands for every item of a list, and `*` for every key of a mapping. */
  readonly path: string;
}

/**
 * True for a document that is worth to be parsed for what {@link objectReader} finds: by its kind, or because something in it is
 * called an image.
 */
export function mayNameImages(kind: string, text: string): boolean {
  if (kind === 'ConfigMap') return mayHoldImages(text);
  if (catalogueKinds.has(kind) || isKubeadmKind(kind)) return true;
  return mayBeCustomKind(kind) && (text.includes('mage') || text.includes('MAGE'));
}

/** Objects within values of objects within values: nobody writes more of them than this. */
const maxNesting = 4;

/** The images of custom resources, of the texts that containers are told, of ConfigMaps and of annotations. */
export function objectReader(imagePaths: readonly ImagePath[]): ImageReader {
  const userFields = new Map<string, CatalogueField[]>();
  for (const { group, kind, path } of imagePaths) {
    const key = kindKey(group, kind);
    userFields.set(key, [...(userFields.get(key) ?? []), { form: 'image', path }]);
  }
  return ({ objects }, substitutions) => {
    const search = new ObjectSearch(userFields, substitutions);
    return objects.flatMap((object) => search.read(object, 0));
  };
}

/** The images of an object that stands in a value of another one. */
export function readNestedImages(
  object: KubernetesObject,
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  const manifest = { file: object.document.file, objects: [object], unparsed: [], problems: [] };
  return [...readPodSpecs(manifest, substitutions), ...objectReader([])(manifest, substitutions)];
}

class ObjectSearch {
  readonly #userFields: ReadonlyMap<string, readonly CatalogueField[]>;
  readonly #substitutions: ReadonlyMap<string, string>;

  constructor(
    userFields: ReadonlyMap<string, readonly CatalogueField[]>,
    substitutions: ReadonlyMap<string, string>,
  ) {
    this.#userFields = userFields;
    this.#substitutions = substitutions;
  }

  read(object: KubernetesObject, nesting: number): readonly ImageUse[] {
    const readNested = (nested: KubernetesObject): readonly ImageUse[] => {
      if (nesting >= maxNesting) return [];
      const { file } = nested.document;
      const manifest = { file, objects: [nested], unparsed: [], problems: [] };
      return [...readPodSpecs(manifest, this.#substitutions), ...this.read(nested, nesting + 1)];
    };
    const context = { substitutions: this.#substitutions, readNested };
    const userFields = this.#userFields.get(kindKey(groupOf(object), object.kind)) ?? [];
    return [...readCustomResource(object, userFields, context), ...findObjectTexts(object, context)];
  }
}
