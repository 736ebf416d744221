import type { ReadImages } from '../manifest/build.ts';
import { createImageUse } from '../manifest/imageReader.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import { child, items, text, type ScalarNode, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import type { Closure } from './closure.ts';
import type { Kustomizations } from './includes.ts';
import { readObjects, type Item } from './item.ts';
import { fileText, pieceOf } from './sourceText.ts';

/** A field that a kustomization declares to be an image: `images` in one of its `configurations`. */
export interface ImageField {
  /** Any kind where absent. */
  readonly kind: string | undefined;
  /** Keys; one that ends in `[]` is a list. */
  readonly path: readonly string[];
}

/** The fields that are declared anywhere below a root: those of a base count for what includes it. */
// kustomize api/internal/accumulator/resaccumulator.go MergeConfig
export function readImageFields(closure: Closure, { resolve }: Kustomizations): readonly ImageField[] {
  return closure.kustomizations.flatMap(({ root, folder }) =>
    items(child(root, 'configurations')).flatMap((item) => {
      const include = item.kind === 'scalar' ? resolve(folder, item.text) : undefined;
      if (include?.kind !== 'file') return [];
      const { documents } = parseYaml(include.path, include.text);
      return documents.flatMap((document) => items(child(document.root, 'images')).flatMap(readField));
    }),
  );
}

function readField(node: TreeNode): readonly ImageField[] {
  const path = text(child(node, 'path'));
  if (path === undefined) return [];
  return [{ kind: text(child(node, 'kind')), path: path.split('/').filter((key) => key !== '') }];
}

/** Reads declared fields besides those that everybody knows. */
export function readingFields(read: ReadImages, fields: readonly ImageField[]): ReadImages {
  if (fields.length === 0) return read;
  return (path, content) => {
    const known = read(path, content);
    const places = new Set(known.map(({ location: { start } }) => `${start.line}:${start.column}`));
    const others = declaredImages(path, content, fields).filter(
      ({ location: { start } }) => !places.has(`${start.line}:${start.column}`),
    );
    return [...known, ...others];
  };
}

function declaredImages(path: string, content: string, fields: readonly ImageField[]): readonly ImageUse[] {
  const source = fileText(path, content);
  return readObjects(source).flatMap(({ kind, root }) =>
    fields
      .filter((field) => field.kind === undefined || field.kind === kind)
      .flatMap((field) => scalarsAt(root, field.path, ''))
      .filter(({ scalar }) => text(scalar))
      .map(({ scalar, field }) => {
        const { location } = pieceOf(source, scalar);
        const place = { text: scalar.text, location, field } as const;
        return createImageUse({ ...place, confidence: 'certain', from: 'customResource' }, new Map());
      }),
  );
}

interface FieldScalar {
  readonly scalar: ScalarNode;
  /** As `spec.images[0]`. */
  readonly field: string;
}

function scalarsAt(
  node: TreeNode,
  [first, ...rest]: readonly string[],
  field: string,
): readonly FieldScalar[] {
  if (first === undefined) return node.kind === 'scalar' ? [{ scalar: node, field }] : [];
  const key = first.replace(/\[\]$/, '');
  const value = child(node, key);
  const here = field === '' ? key : `${field}.${key}`;
  if (!value) return [];
  if (value.kind !== 'sequence') return scalarsAt(value, rest, here);
  return value.items.flatMap((item, index) => scalarsAt(item, rest, `${here}[${index}]`));
}

/** True for an image in a declared field. */
export function isDeclared({ object, use }: Item, fields: readonly ImageField[]): boolean {
  return fields.some(
    ({ kind, path }) =>
      (kind === undefined || kind === object.kind) &&
      path.map((key) => key.replace(/\[\]$/, '')).join('.') === use.field.replaceAll(/\[\d+\]/g, ''),
  );
}
