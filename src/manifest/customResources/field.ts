import type { Puller } from '../imageUse.ts';

/** A field of a custom resource that is an image. */
export interface ImageField {
  readonly form: 'image';
  /** `spec.steps[].image`: `[]` stands for every item of a list, and `*` for every key of a mapping. */
  readonly path: string;
  /** Who gets it; the node when absent. */
  readonly pulledBy?: readonly Puller[];
  /** What is written in front of the image, as `docker://`. */
  readonly scheme?: string;
  /** It is an image only where the value of another key beside it is this one. */
  readonly onlyIf?: { readonly key: string; readonly value: string };
  /** The node gets it where the value of another key beside it is this one. */
  readonly nodeIf?: { readonly key: string; readonly value: string };
  /** The mapping with the fields of the Pod that it runs in: node selector, tolerations, pull secrets. */
  readonly pod?: string;
  /** False for a value that is an image only when it has a tag, a digest or a slash; a bare word is something else. */
  readonly isAlways?: false;
}

/** An image whose parts stand in several fields below one mapping. */
export interface JoinedField {
  readonly form: 'joined';
  /** The mapping, with `[]` and `*` as in the path of a field; empty for the object itself. */
  readonly at: string;
  /** A field that counts in place of the parts when it is there. */
  readonly unless?: string;
  readonly repository: string;
  /** What is added to the repository, one image for each, as the components of Istio. */
  readonly names?: readonly string[];
  /** The first of them that is there is the tag. */
  readonly tags?: readonly string[];
  readonly digest?: string;
  readonly scheme?: string;
  readonly pulledBy?: readonly Puller[];
  readonly pod?: string;
  /** What is there without tag and digest: `open` when the controller chooses a tag, and `nothing` when it chooses all of it. */
  readonly untagged: 'open' | 'nothing';
}

/** A mapping that is a Pod spec, or has the lists of containers of one. */
export interface PodSpecField {
  readonly form: 'podSpec';
  readonly path: string;
  readonly pulledBy?: readonly Puller[];
}

export type CatalogueField = ImageField | JoinedField | PodSpecField;

/** What is known of some kinds of one project. */
export interface CatalogueEntry {
  readonly project: string;
  readonly group: string;
  readonly kinds: readonly string[];
  readonly fields: readonly CatalogueField[];
}

/** Fields that are images and all alike. */
export function images(
  paths: readonly string[],
  options: Omit<ImageField, 'form' | 'path'> = {},
): readonly ImageField[] {
  return paths.map((path) => ({ form: 'image', path, ...options }));
}

/** Fields that are Pod specs. */
export function podSpecs(...paths: readonly string[]): readonly PodSpecField[] {
  return paths.map((path) => ({ form: 'podSpec', path }));
}
