import type { ReadImages } from '../manifest/build.ts';
import { containerLists } from '../manifest/podSpec.ts';
import { child, entries, text, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import { objectsIn, readItems, type Item, type SourceObject } from './item.ts';
import { applyOperations } from './jsonOperations.ts';
import type { PatchEntry } from './kustomization.ts';
import { namedObject, readTarget, type ObjectSelector } from './selectObjects.ts';
import type { SourceText } from './sourceText.ts';

/** What a patch does to images; undefined where only kustomize knows. */
export type PatchEffect = (all: readonly Item[]) => readonly Item[] | undefined;

/** Reads a patch: one that is merged, or a list of operations. */
export function readPatchEffect(
  { target }: PatchEntry,
  source: SourceText,
  read: ReadImages,
): PatchEffect | undefined {
  const { documents, problems } = parseYaml(source.file, source.text);
  if (problems.length > 0) return undefined;
  const selector = target && readTarget(target);
  if (target && !selector) return undefined;
  const [first] = documents;
  if (first?.root.kind === 'sequence')
    return selector && ((all) => applyOperations(source, first.root, selector, all));
  const objects = documents.flatMap(({ root }) => objectsIn(root));
  return (all) => applyMerge(source, objects, selector, all, read);
}

function applyMerge(
  source: SourceText,
  objects: readonly SourceObject[],
  selector: ObjectSelector | undefined,
  all: readonly Item[],
  read: ReadImages,
): readonly Item[] | undefined {
  const patched = readItems(source, read, { withContainers: true });
  let changed = all;
  for (const { kind, name, namespace, root } of objects) {
    const selects = selector ?? namedObject(kind, name, namespace);
    if (text(child(root, '$patch')) === 'delete') {
      changed = changed.filter(({ object }) => !selects(object));
      continue;
    }
    const directives = [...directivesIn(root)];
    if (directives.some(({ isDelete }) => !isDelete)) return undefined;
    for (const { container } of directives)
      changed = changed.filter((item) => !selects(item.object) || item.container !== container);
    const own = patched.filter(({ object }) => object.kind === kind && object.names.includes(name));
    // Lists of custom resources have no names to go by.
    if (own.some(({ use }) => !use.workload && use.field.includes('['))) return undefined;
    for (const item of own) changed = merge(item, selects, changed, !selector);
    for (const list of containerListsIn(root, [])) changed = reorder(list, selects, changed);
  }
  return changed;
}

/** Puts the image of a patch into the objects that it is for: to the container of that name, or as a new one. */
function merge(
  patch: Item,
  selects: ObjectSelector,
  all: readonly Item[],
  isForNamed: boolean,
): readonly Item[] {
  const isTarget = (item: Item): boolean => selects(item.object);
  const isSamePlace = (item: Item): boolean =>
    patch.container !== undefined && patch.use.field.includes('[')
      ? item.container === patch.container && listOf(item) === listOf(patch)
      : item.use.field === patch.use.field;
  const { text: image, name, tag, digest } = patch;
  if (all.some((item) => isTarget(item) && isSamePlace(item)))
    return all.map((item) =>
      isTarget(item) && isSamePlace(item) ? { ...item, text: image, name, tag, digest } : item,
    );
  const hosts = new Map(all.filter(isTarget).map((item) => [objectKey(item), item]));
  // An object without images so far: its patch must be for something, or kustomize refuses it.
  if (hosts.size === 0) return isForNamed ? [...all, patch] : all;
  const added = [...hosts.values()].map((host): Item => {
    const { workload } = host.use;
    return { ...patch, object: host.object, use: { ...patch.use, ...(workload && { workload }) } };
  });
  return [...all, ...added];
}

function objectKey({ object: { kind, names, namespace } }: Item): string {
  return JSON.stringify([kind, names, namespace]);
}

interface ContainerList {
  /** As `spec.template.spec.containers`. */
  readonly path: string;
  readonly names: readonly string[];
}

function* containerListsIn(node: TreeNode, path: readonly string[]): Generator<ContainerList> {
  for (const { key, value } of entries(node)) {
    const here = [...path, key.text];
    if (!containerLists.has(key.text)) yield* containerListsIn(value, here);
    else if (value.kind === 'sequence') {
      const names = value.items.flatMap((item) => text(child(item, 'name')) ?? []);
      yield { path: here.join('.'), names };
    }
  }
}

/** The containers of a patch come first. */
// kustomize api/filters/patchstrategicmerge/patchstrategicmerge.go: MergeOptionsListPrepend
function reorder(
  { path, names }: ContainerList,
  selects: ObjectSelector,
  all: readonly Item[],
): readonly Item[] {
  const isInList = (item: Item): boolean =>
    selects(item.object) && item.use.field.startsWith(`${path}[`) && item.container !== undefined;
  const orders = new Map<string, string[]>();
  for (const item of all.filter(isInList).toSorted((a, b) => indexOf(a) - indexOf(b))) {
    const order = orders.get(objectKey(item)) ?? [...names];
    if (!order.includes(item.container ?? '')) order.push(item.container ?? '');
    orders.set(objectKey(item), order);
  }
  return all.map((item) => {
    if (!isInList(item)) return item;
    const index = orders.get(objectKey(item))?.indexOf(item.container ?? '') ?? 0;
    const field = item.use.field.replace(/\[\d+\](?=\.image$)/, `[${index}]`);
    return { ...item, use: { ...item.use, field } };
  });
}

function indexOf({ use: { field } }: Item): number {
  return Number(/\[(\d+)\]\.image$/.exec(field)?.[1]);
}

/** The field without the numbers of its items. */
function listOf({ use: { field } }: Item): string {
  return field.replaceAll(/\[\d+\]/g, '[]');
}

/** The containers that a patch takes away, and what else it says about whole lists. */
function* directivesIn(
  node: TreeNode,
): Generator<{ readonly isDelete: boolean; readonly container: string | undefined }> {
  if (node.kind === 'sequence') for (const item of node.items) yield* directivesIn(item);
  if (node.kind !== 'mapping') return;
  const directive = text(child(node, '$patch'));
  if (directive !== undefined)
    yield { isDelete: directive === 'delete', container: text(child(node, 'name')) };
  for (const { value } of node.entries) yield* directivesIn(value);
}
