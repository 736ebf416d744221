import type { Location } from '../../source/location.ts';
import {
  child,
  text as textOf,
  type ScalarNode,
  type SourceDocument,
  type TreeNode,
} from '../../source/tree.ts';
import { parseYaml } from '../../source/yaml.ts';
import { splitDocuments } from '../documentText.ts';
import type { Manifest, KubernetesObject } from '../manifest.ts';
import { holdsTemplate } from '../placeholder.ts';
import { locateWithin } from '../scalarOffsets.ts';

/** Longer texts are not taken apart; those that people write stay far below. */
const maxLength = 500_000;

/** A file that stands in a value of an object, as in the data of a ConfigMap. */
export interface EmbeddedFile {
  /** Its Kubernetes objects, and the documents that are templates of some, with places in the outer file. */
  readonly manifest: Manifest;
  /** Documents that are no objects, such as the settings of a program, as if they were objects without kind. */
  readonly settings: readonly KubernetesObject[];
  /** Where a line and column of the embedded text stand. */
  readonly locate: (start: number, end: number) => Location;
}

/** Reads a value as YAML or JSON. Undefined when it is too long, or too short to be a file. */
export function readEmbedded(object: KubernetesObject, scalar: ScalarNode): EmbeddedFile | undefined {
  const source = scalar.text;
  if (source.length > maxLength || !/[:{[]/.test(source)) return undefined;
  const { file } = object.document;
  const locate = (start: number, end: number): Location => locateWithin(object, scalar, start, end);
  const { documents, problems } = parseYaml(file, source);
  const found = documents.map((document): KubernetesObject => ({
    apiVersion: textOf(child(document.root, 'apiVersion')) ?? '',
    kind: textOf(child(document.root, 'kind')) ?? '',
    root: document.root,
    document: { ...document, locate: ({ start, end }) => locate(start, end) } satisfies SourceDocument,
    source,
  }));
  const isTemplate = problems.length > 0 && holdsTemplate(source);
  return {
    manifest: {
      file,
      objects: found.filter(isKubernetesObject),
      unparsed: isTemplate ? splitDocuments(source) : [],
      problems: [],
    },
    settings: found.filter((document) => !isKubernetesObject(document)),
    locate,
  };
}

/** True for what a cluster can be given, and false for the settings of a program that only look like it. */
export function isKubernetesObject({ kind, apiVersion }: KubernetesObject): boolean {
  return kind !== '' && /^(?:[a-z0-9.-]+\/)?v\d/.test(apiVersion);
}

/** An object that stands within another one, as in the resource template of a trigger. */
export function nestedObject(object: KubernetesObject, root: TreeNode): KubernetesObject | undefined {
  const nested = {
    ...object,
    apiVersion: textOf(child(root, 'apiVersion')) ?? '',
    kind: textOf(child(root, 'kind')) ?? '',
    root,
  };
  const hasContent = ['spec', 'data', 'template', 'objects', 'items'].some(
    (key) => child(root, key) !== undefined,
  );
  return isKubernetesObject(nested) && hasContent ? nested : undefined;
}
