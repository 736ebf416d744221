import { child, descend, entries, items, text, type MappingEntry, type TreeNode } from '../../source/tree.ts';
import { imageAnnotations } from '../customResources/mesh.ts';
import type { ImageUse } from '../imageUse.ts';
import { groupOf, type KubernetesObject } from '../manifest.ts';
import { containerLists, podSpecPath } from '../podSpec.ts';
import { findContainerTexts } from './containerTexts.ts';
import { findEmbeddedImages, type EmbeddedContext } from './embeddedImages.ts';
import { mayHoldImages } from './mayHoldImages.ts';
import { wordsOf } from './names.ts';
import { findPolicyImages } from './policyTexts.ts';
import { findNamedImages, type NamedText } from './textFinder.ts';

/** What {@link findObjectTexts} needs to know of what is around. */
export type TextContext = Pick<EmbeddedContext, 'substitutions' | 'readNested'>;

/** The images in the texts of an object of Kubernetes itself: containers, annotations, and the data of ConfigMaps. */
export function findObjectTexts(object: KubernetesObject, context: TextContext): readonly ImageUse[] {
  const path = podSpecPath(object);
  return [
    ...(path ? findPodTexts(object, path, context) : []),
    ...findAnnotations(object, child(object.root, 'metadata'), 'metadata', context),
    ...(object.kind === 'ConfigMap' && groupOf(object) === '' ? findConfigMapTexts(object, context) : []),
    ...findPolicyImages(object, context),
  ];
}

function findPodTexts(
  object: KubernetesObject,
  path: readonly string[],
  context: TextContext,
): readonly ImageUse[] {
  const spec = descend(object.root, ...path);
  const template = path.slice(0, -1);
  const uses: ImageUse[] = [];
  for (const list of containerLists.keys()) {
    for (const [index, container] of items(child(spec, list)).entries()) {
      if (container.kind !== 'mapping') continue;
      const field = `${path.join('.')}.${list}[${index}]`;
      for (const use of findContainerTexts(object, container, field, context.substitutions)) uses.push(use);
    }
  }
  if (template.length === 0) return uses;
  const metadata = descend(object.root, ...template, 'metadata');
  return [...uses, ...findAnnotations(object, metadata, `${template.join('.')}.metadata`, context)];
}

/** What was applied, where else it is used, and examples: nobody pulls what they name. */
const otherAnnotations =
  /last-applied|image\.openshift\.io\/triggers|alm-examples|initialization-resource|^meta\.helm|description/;

/** The images that the annotations of an object or a Pod template name. */
export function findAnnotations(
  object: KubernetesObject,
  metadata: TreeNode | undefined,
  field: string,
  context: TextContext,
): readonly ImageUse[] {
  const annotations = entries(child(metadata, 'annotations')).filter(
    ({ key, value }) =>
      value.kind === 'scalar' && /[/:]|ima?g/i.test(value.text) && !otherAnnotations.test(key.text),
  );
  if (annotations.length === 0) return [];
  const texts = annotations.flatMap((entry) => namedText(entry, `${field}.annotations`));
  const named = texts.map((annotation) => ({
    ...annotation,
    name: annotation.name.slice(annotation.name.lastIndexOf('/') + 1),
  }));
  const place = { object, from: 'annotation', substitutions: context.substitutions } as const;
  const known = new Set([...imageAnnotations].map((key) => `${field}.annotations.${key}`));
  const found = findNamedImages(named, place);
  return [
    ...found.map((use): ImageUse => (known.has(use.field) ? { ...use, confidence: 'certain' } : use)),
    ...texts
      .filter(({ node }) => /^\s*[[{]/.test(node.text) && mayHoldImages(node.text))
      .flatMap(({ node, field: at }) =>
        findEmbeddedImages(object, node, at, { ...context, from: 'annotation' }),
      ),
  ];
}

/** By convention the keys `_example` document the others, and no program reads them. */
// knative.dev/pkg configmap/example.go
function isExample(key: string): boolean {
  return key.startsWith('_example');
}

/** Values that are an image, and whole files in values. */
function findConfigMapTexts(object: KubernetesObject, context: TextContext): readonly ImageUse[] {
  const name = text(descend(object.root, 'metadata', 'name')) ?? '';
  const isAboutImages = wordsOf(name).some((word) => word === 'image' || word === 'images');
  const texts = entries(child(object.root, 'data')).flatMap((entry) => namedText(entry, 'data'));
  const isFile = ({ node }: NamedText): boolean => node.text.includes('\n') || /^\s*[[{]/.test(node.text);
  const embedded = { ...context, from: 'configMap', isAboutImages } as const;
  const place = {
    object,
    from: 'configMap',
    substitutions: context.substitutions,
    isAboutImages,
    isProse: true,
  } as const;
  return [
    ...findNamedImages(
      texts.filter((value) => !isFile(value)),
      place,
    ),
    ...texts.filter(isFile).flatMap(({ name: key, node, field }) => {
      const found = findEmbeddedImages(object, node, field, embedded);
      return isExample(key) ? found.map((use): ImageUse => ({ ...use, confidence: 'possible' })) : found;
    }),
  ];
}

function namedText({ key, value }: MappingEntry, field: string): readonly NamedText[] {
  return value.kind === 'scalar' && text(value)
    ? [{ name: key.text, node: value, field: `${field}.${key.text}` }]
    : [];
}
