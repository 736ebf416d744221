import { child, items, text, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import type { ImageSource, ImageUse } from './imageUse.ts';
import type { KubernetesObject } from './manifest.ts';
import { containerLists } from './podSpec.ts';
import { findNamedImages } from './text/textFinder.ts';
import { findTreeImages } from './text/treeImages.ts';

/** Tells by the text whether the file is worth to be parsed. */
const operation = /\bop["']?[ \t]*:[ \t]*["']?(?:add|replace)\b/;

/** The images in the values of a JSON patch, which is a list of operations and names no object. */
// RFC 6902
export function readJsonPatches(
  file: string,
  source: string,
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  if (!operation.test(source)) return [];
  return parseYaml(file, source).documents.flatMap((document) => {
    const object = { apiVersion: '', kind: '', root: document.root, document, source };
    return readOperations(object, substitutions);
  });
}

/** The images in the values of operations, which are the root of the object. */
export function readOperations(
  object: KubernetesObject,
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  return items(object.root).flatMap((item, index) =>
    readOperation(object, item, `[${index}].value`, substitutions),
  );
}

function readOperation(
  object: KubernetesObject,
  item: TreeNode,
  field: string,
  substitutions: ReadonlyMap<string, string>,
): readonly ImageUse[] {
  const [name, path] = [text(child(item, 'op')), text(child(item, 'path'))];
  const value = child(item, 'value');
  if ((name !== 'add' && name !== 'replace') || path === undefined || !value) return [];
  const segments = path.split('/');
  const from = sourceAt(segments);
  if (value.kind === 'scalar') {
    if (!text(value)) return [];
    return findNamedImages([{ name: segments.at(-1) ?? '', node: value, field }], {
      object,
      from,
      substitutions,
    });
  }
  const claimed = new Set<number>();
  const search = { object, from, substitutions, claimed, readNested: () => [], readText: () => [] };
  return findTreeImages(value, search, field);
}

/** What stands at a JSON pointer, or below. */
function sourceAt(segments: readonly string[]): ImageSource {
  if (segments.includes('env')) return 'environment';
  const list = segments.find((segment) => containerLists.has(segment));
  return containerLists.get(list ?? '') ?? 'customResource';
}
