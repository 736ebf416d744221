import type { ReadImages } from '../manifest/build.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import { child, descend, items, text, type TreeNode } from '../source/tree.ts';
import { parseYaml } from '../source/yaml.ts';
import type { Location } from '../source/location.ts';
import type { SourceText } from './sourceText.ts';

/** Where a part of an image comes from. */
export interface Origin {
  readonly location: Location;
  /** It stands in a kustomization's `images:`, not in a manifest or patch. */
  readonly isRule: boolean;
  /** The whole image that stands there, of which the part is one; absent where only the part does. */
  readonly whole?: string;
}

/** An image on its way through the kustomizations. */
export interface Item {
  /** As it was written first. */
  readonly use: ImageUse;
  readonly object: ObjectName;
  /** Of the container that has it. */
  readonly container: string | undefined;
  readonly text: string;
  readonly name: Origin;
  readonly tag: Origin | undefined;
  readonly digest: Origin | undefined;
}

/** What is known of an object besides its images. */
export interface ObjectName {
  readonly kind: string;
  /** All that it had, the last one counts: patches may name it by each. */
  readonly names: readonly string[];
  readonly namespace: string | undefined;
  /** A kustomization put it into a namespace. */
  readonly isMoved: boolean;
  /** It is for tools on the machine of a user, as it is written: kustomize reads it, and leaves it out of what it prints. */
  readonly isLocal: boolean;
}

/** Any value but `false` makes an object a local one. */
// kustomize api/konfig/general.go IgnoredByKustomizeAnnotation
export const localAnnotation = 'config.kubernetes.io/local-config';

/** A Kubernetes object in a text. */
export interface SourceObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace: string | undefined;
  readonly root: TreeNode;
}

/** The objects of a text; the items of lists instead of the lists. */
export function readObjects(source: SourceText): readonly SourceObject[] {
  const { documents } = parseYaml(source.file, source.text);
  return documents.flatMap(({ root }) => objectsIn(root));
}

export function objectsIn(root: TreeNode): readonly SourceObject[] {
  const kind = text(child(root, 'kind')) ?? '';
  const members = child(root, 'items');
  if (kind.endsWith('List') && members?.kind === 'sequence') return items(members).flatMap(objectsIn);
  const metadata = child(root, 'metadata');
  const name = text(child(metadata, 'name')) ?? '';
  return [{ kind, name, namespace: text(child(metadata, 'namespace')), root }];
}

/**
 * The images of a text before anything is done to them.
 *
 * @param options - `withContainers`: also the names of their containers, which patches go by. Takes as long as reading the text.
 */
export function readItems(
  source: SourceText,
  read: ReadImages,
  { withContainers }: { readonly withContainers: boolean },
): readonly Item[] {
  const uses = read(source.file, source.text);
  const isEnough =
    !withContainers && uses.every(({ workload }) => workload) && !source.text.includes(localAnnotation);
  const objects = isEnough ? [] : readObjects(source);
  return uses.flatMap((use): readonly Item[] => {
    const { workload } = use;
    const object = isEnough ? undefined : objectAt(objects, source.offsetOf(use.location.start));
    // A text that is no YAML has images and no objects.
    const { kind, name, namespace } = object ?? workload ?? { kind: '', name: '' };
    const located = locateUse(use, source);
    const origin = { location: located.location, isRule: false, whole: use.text };
    return [
      {
        use: located,
        object: { kind, names: [name], namespace, isMoved: false, isLocal: isLocal(object) },
        container: object && containerName(object.root, use.field),
        text: use.text,
        name: origin,
        tag: origin,
        digest: origin,
      },
    ];
  });
}

function isLocal(object: SourceObject | undefined): boolean {
  const value = text(descend(object?.root, 'metadata', 'annotations', localAnnotation));
  return value !== undefined && value !== 'false';
}

/** An image of a text with its places in the file. */
function locateUse(use: ImageUse, source: SourceText): ImageUse {
  const place = ({ start, end }: Location): Location =>
    source.locate(source.offsetOf(start), source.offsetOf(end));
  const parts = Object.entries(use.parts ?? {}).map(([part, at]) => [part, place(at)] as const);
  return {
    ...use,
    location: place(use.location),
    ...(use.parts && { parts: Object.fromEntries(parts) }),
  };
}

/** The object that an offset is in. They are in the order of the text. */
function objectAt(objects: readonly SourceObject[], offset: number): SourceObject | undefined {
  let low = 0;
  let high = objects.length - 1;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((objects[middle]?.root.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const found = objects[low];
  return found && found.root.start <= offset && offset < found.root.end ? found : undefined;
}

/** `spec.containers[0].image` as `spec`, `containers`, `0`, `image`. */
export function fieldSegments(field: string): readonly string[] {
  return field.split(/[.[\]]+/).filter((segment) => segment !== '');
}

function containerName(root: TreeNode, field: string): string | undefined {
  let node: TreeNode | undefined = root;
  for (const segment of fieldSegments(field).slice(0, -1))
    node = node?.kind === 'sequence' ? node.items[Number(segment)] : child(node, segment);
  return text(child(node, 'name'));
}
