import type { ScalarNode, TreeNode } from '../source/tree.ts';

/** Values that hold texts of another kind. */
export const foreignKeys = /^(?:dashboards?|openAPIV3Schema)$/i;

/** A value of several lines. */
export interface ValueText {
  readonly scalar: ScalarNode;
  /** Path of the value in the values, as `config.pod`. */
  readonly path: string;
}

/** The texts of several lines in the values of a chart. */
export function findTexts(root: TreeNode): readonly ValueText[] {
  const found: ValueText[] = [];
  collectTexts(root, '', found, new Set());
  return found;
}

function collectTexts(node: TreeNode, path: string, found: ValueText[], seen: Set<number>): void {
  if (node.kind === 'sequence') {
    for (const [index, item] of node.items.entries()) collectTexts(item, `${path}[${index}]`, found, seen);
  } else if (node.kind === 'mapping') {
    for (const { key, value } of node.entries) {
      if (!foreignKeys.test(key.text))
        collectTexts(value, path === '' ? key.text : `${path}.${key.text}`, found, seen);
    }
  } else if (node.text.includes('\n') && !seen.has(node.start)) {
    // An alias brings the same place again.
    seen.add(node.start);
    found.push({ scalar: node, path });
  }
}
