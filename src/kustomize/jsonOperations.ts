import { child, items, text, type TreeNode } from '../source/tree.ts';
import { fieldSegments, type Item, type Origin } from './item.ts';
import type { ObjectSelector } from './selectObjects.ts';
import { pieceOf, type SourceText } from './sourceText.ts';

/** What the operations of a JSON patch do to images; undefined where only kustomize knows. */
export function applyOperations(
  source: SourceText,
  operations: TreeNode,
  selects: ObjectSelector,
  all: readonly Item[],
): readonly Item[] | undefined {
  let changed: readonly Item[] | undefined = all;
  for (const operation of items(operations)) {
    if (!changed) return undefined;
    changed = applyOperation(source, operation, selects, changed);
  }
  return changed;
}

// RFC 6902. The path is a JSON pointer: RFC 6901.
function applyOperation(
  source: SourceText,
  operation: TreeNode,
  selects: ObjectSelector,
  all: readonly Item[],
): readonly Item[] | undefined {
  const name = text(child(operation, 'op')) ?? '';
  if (name === 'test') return all;
  const path = pointerSegments(text(child(operation, 'path')) ?? '');
  const value = child(operation, 'value');
  const isAt = (item: Item): boolean => selects(item.object) && isPrefix(path, fieldSegments(item.use.field));
  if (name === 'replace' || name === 'add') {
    const origin = value?.kind === 'scalar' ? originOf(source, value) : undefined;
    if (value?.kind === 'scalar' && origin && path.at(-1) === lastSegment(all.find(isAt)))
      return all.map((item) =>
        isAt(item) ? { ...item, text: value.text, name: origin, tag: origin, digest: origin } : item,
      );
    return mayHoldImage(value) || (name === 'replace' && all.some(isAt)) ? undefined : all;
  }
  // What `remove`, `move` and `copy` do to the numbers of other containers is left to kustomize.
  return all.some(isAt) || path.includes('containers') || path.includes('initContainers') ? undefined : all;
}

function originOf(source: SourceText, value: TreeNode & { kind: 'scalar' }): Origin {
  return { location: pieceOf(source, value).location, isRule: false, whole: value.text };
}

function lastSegment(item: Item | undefined): string | undefined {
  return item && fieldSegments(item.use.field).at(-1);
}

function pointerSegments(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((segment) => segment.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function isPrefix(path: readonly string[], field: readonly string[]): boolean {
  return path.length <= field.length && path.every((segment, index) => segment === field[index]);
}

/** A text of its own can be one only where an image was. */
function mayHoldImage(value: TreeNode | undefined): boolean {
  if (value?.kind === 'sequence') return value.items.some(mayHoldImage);
  return (
    value?.kind === 'mapping' &&
    value.entries.some((entry) => entry.key.text === 'image' || mayHoldImage(entry.value))
  );
}
