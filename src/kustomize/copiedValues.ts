import { child, items, text, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import type { Closure } from './closure.ts';
import type { Kustomizations } from './includes.ts';
import { readObjects } from './item.ts';
import { pieceOf, type Piece } from './sourceText.ts';

/** The values in manifests that `replacements` and `vars` copy from. */
export function copiedValues(closure: Closure, { resolve }: Kustomizations): readonly Piece[] {
  const wanted = closure.kustomizations.flatMap(({ root, folder }) => {
    const replacements = items(child(root, 'replacements')).flatMap((item): readonly TreeNode[] => {
      const path = text(child(item, 'path'));
      const include = path === undefined ? undefined : resolve(folder, path);
      if (include?.kind !== 'file') return [item];
      const { documents } = parseYaml(include.path, include.text);
      return documents.flatMap((one) => (one.root.kind === 'sequence' ? one.root.items : [one.root]));
    });
    return [
      ...replacements.flatMap((one) =>
        fieldOf(child(one, 'source'), text(child(child(one, 'source'), 'fieldPath'))),
      ),
      ...items(child(root, 'vars')).flatMap((one) =>
        fieldOf(child(one, 'objref'), text(child(child(one, 'fieldref'), 'fieldpath'))),
      ),
    ];
  });
  if (wanted.length === 0) return [];
  return [...closure.files.values()].flatMap((source) =>
    readObjects(source).flatMap(({ kind, name, root }) =>
      wanted
        .filter((field) => field.kind === kind && field.name === name)
        .flatMap(({ path }) => {
          const scalar = descendPath(root, path);
          return scalar?.kind === 'scalar' ? [pieceOf(source, scalar)] : [];
        }),
    ),
  );
}

interface CopiedField {
  readonly kind: string;
  readonly name: string;
  readonly path: readonly string[];
}

function fieldOf(object: TreeNode | undefined, path: string | undefined): readonly CopiedField[] {
  const [kind, name] = [text(child(object, 'kind')), text(child(object, 'name'))];
  // The default is the name of the object, which nobody takes for an image.
  if (kind === undefined || name === undefined || path === undefined) return [];
  return [{ kind, name, path: path.split(/(?<!\\)\.|\[|\]/).filter((segment) => segment !== '') }];
}

/** The end of a path with keys, numbers and `name=value`, as kustomize writes them. */
function descendPath(root: TreeNode, path: readonly string[]): TreeNode | undefined {
  let node: TreeNode | undefined = root;
  for (const segment of path) {
    const [key = '', value] = segment.split('=');
    if (node?.kind !== 'sequence') node = child(node, segment.replaceAll('\\.', '.'));
    else if (value === undefined) node = node.items[Number(segment)];
    else node = node.items.find((item) => text(child(item, key)) === value);
  }
  return node;
}
