import { child, descend, entries, items, type TreeNode } from '../../source/tree.ts';

/** A node at the end of a path. */
export interface FoundField {
  readonly node: TreeNode;
  /** The mapping or list that it stands in. */
  readonly parent: TreeNode;
  /** The path with the numbers of list items and the keys of mappings filled in. */
  readonly field: string;
}

/** The nodes that a path leads to: `[]` stands for every item of a list, and `*` for every key of a mapping. */
export function findFields(root: TreeNode, path: string): readonly FoundField[] {
  const start: FoundField = { node: root, parent: root, field: '' };
  if (path === '') return [start];
  return path
    .split('.')
    .reduce<readonly FoundField[]>((found, part) => found.flatMap((at) => step(at, part)), [start]);
}

function step({ node, field }: FoundField, part: string): readonly FoundField[] {
  const name = part.replace(/(?:\[\])+$/, '');
  const levels = (part.length - name.length) / 2;
  let found: readonly FoundField[] =
    name === '*'
      ? entries(node).map(({ key, value }) => ({ node: value, parent: node, field: join(field, key.text) }))
      : named(node, name, field);
  for (let level = 0; level < levels; level++) {
    found = found.flatMap((list) =>
      items(list.node).map((item, index) => ({
        node: item,
        parent: list.node,
        field: `${list.field}[${index}]`,
      })),
    );
  }
  return found;
}

function named(node: TreeNode, name: string, field: string): readonly FoundField[] {
  const value = child(node, name);
  return value ? [{ node: value, parent: node, field: join(field, name) }] : [];
}

function join(field: string, name: string): string {
  return field === '' ? name : `${field}.${name}`;
}

/** The node at the end of a path without lists. */
export function descendPath(root: TreeNode, path: string): TreeNode | undefined {
  return descend(root, ...path.split('.'));
}
