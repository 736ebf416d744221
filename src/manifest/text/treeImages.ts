import {
  child,
  entries,
  items,
  text,
  type MappingNode,
  type ScalarNode,
  type TreeNode,
} from '../../source/tree.ts';
import { createImageUse } from '../imageReader.ts';
import type { ImageSource, ImageUse } from '../imageUse.ts';
import type { KubernetesObject } from '../manifest.ts';
import { podImages, readWorkload } from '../podSpec.ts';
import { locateScalar } from '../scalarLocation.ts';
import { findContainerTexts, hasContainerTexts } from './containerTexts.ts';
import { nestedObject } from './embedded.ts';
import { hintOf, isTarget, wordsOf } from './names.ts';
import { findNamedImages, type NamedText } from './textFinder.ts';

/** What is looked for in a tree that no schema is known of, and who else reads parts of it. */
export interface TreeSearch {
  readonly object: KubernetesObject;
  readonly from: ImageSource;
  readonly substitutions: ReadonlyMap<string, string>;
  /** Offsets of the scalars that somebody has read already. */
  readonly claimed: Set<number>;
  readonly isAboutImages?: boolean;
  /** Reads an object that stands within this one. */
  readonly readNested: (object: KubernetesObject) => readonly ImageUse[];
  /** Reads a text of several lines. */
  readonly readText: (scalar: ScalarNode, name: string, field: string) => readonly ImageUse[];
}

/** Keys of objects with nothing in them that anybody pulls. */
const passedOver: ReadonlySet<string> = new Set([
  'annotations',
  'labels',
  'managedFields',
  'description',
  'matchLabels',
  // What OpenShift notes of the image that it deployed.
  'lastTriggeredImage',
]);

/** The images in a tree, by the names of its keys, and by what looks like a Pod spec or a container. */
export function findTreeImages(root: TreeNode, search: TreeSearch, field = ''): readonly ImageUse[] {
  return new TreeWalk(search).walk(root, field);
}

class TreeWalk {
  readonly #search: TreeSearch;
  readonly #seen = new Set<TreeNode>();
  readonly #uses: ImageUse[] = [];

  constructor(search: TreeSearch) {
    this.#search = search;
  }

  walk(root: TreeNode, field: string): readonly ImageUse[] {
    this.#visit(root, field, '');
    return this.#uses;
  }

  /** @param name the key that the node is the value of */
  #visit(node: TreeNode, field: string, name: string): void {
    if (node.kind === 'scalar' || this.#seen.has(node)) return;
    this.#seen.add(node);
    if (node.kind === 'mapping') this.#visitMapping(node, field, name);
    else this.#visitItems(node.items, field, name);
  }

  #visitItems(list: readonly TreeNode[], field: string, name: string): void {
    const texts: NamedText[] = [];
    for (const [index, item] of list.entries()) {
      const at = `${field}[${index}]`;
      if (item.kind !== 'scalar') this.#visit(item, at, name);
      else this.#addText(texts, item, name, at);
    }
    for (const found of texts) this.#findNamed([found], name);
  }

  #visitMapping(mapping: MappingNode, field: string, name: string): void {
    const nested =
      mapping === this.#search.object.root ? undefined : nestedObject(this.#search.object, mapping);
    if (nested) {
      this.#add(this.#search.readNested(nested));
      return;
    }
    if (hasContainers(mapping)) this.#readPodSpec(mapping, field);
    const isContainer = hasContainerTexts(mapping);
    if (isContainer) {
      this.#add(findContainerTexts(this.#search.object, mapping, field, this.#search.substitutions));
    }
    this.#visitEntries(mapping, field, name, isContainer);
  }

  #visitEntries(mapping: MappingNode, field: string, name: string, isContainer: boolean): void {
    const words = wordsOf(name);
    if (isTarget(words)) return;
    const isImage = hintOf(words) === 'image';
    const texts: NamedText[] = [];
    for (const { key, value } of entries(mapping)) {
      if (passedOver.has(key.text)) continue;
      if (isContainer && /^(?:env|args|command)$/.test(key.text)) continue;
      const at = field === '' ? key.text : `${field}.${key.text}`;
      // `image: {repository, tag}` reads as `image_repository` and `image_tag`.
      const valueName = isImage ? `${name}_${key.text}` : key.text;
      if (value.kind === 'scalar') this.#addText(texts, value, valueName, at);
      else this.#visit(value, at, key.text);
    }
    this.#findNamed(texts, name, isImage);
  }

  #addText(texts: NamedText[], node: ScalarNode, name: string, field: string): void {
    if (!text(node) || this.#search.claimed.has(node.start)) return;
    if (node.text.includes('\n')) this.#add(this.#search.readText(node, name, field));
    else texts.push({ node, name, field });
  }

  /** @param isImage the texts are the values of what is called an image */
  #findNamed(texts: readonly NamedText[], name: string, isImage = false): void {
    const { object, from, substitutions } = this.#search;
    const isAboutImages = this.#search.isAboutImages === true || hintOf(wordsOf(name)) !== 'none';
    const uses = findNamedImages(texts, { object, from, substitutions, isAboutImages });
    for (const use of uses) {
      if (use.confidence === 'likely') this.#uses.push(use);
      else if (isImage && isOneOfSeveral(use)) this.#uses.push({ ...use, confidence: 'likely' });
      // A name without tag and registry may be that of a machine or a picture.
      else if (/(?:^|\.)image$/.test(use.field)) this.#uses.push(use);
    }
  }

  #readPodSpec(spec: MappingNode, field: string): void {
    const { object, claimed, substitutions } = this.#search;
    for (const image of podImages(spec, field)) {
      if (claimed.has(image.node.start)) continue;
      claimed.add(image.node.start);
      const location = locateScalar(object, image.node);
      const workload = object.kind === '' ? undefined : readWorkload(object, spec);
      const found = {
        text: image.node.text,
        location,
        confidence: 'likely',
        from: image.from,
        field: image.field,
        workload,
      } as const;
      this.#uses.push(createImageUse(found, substitutions));
    }
  }

  #add(uses: readonly ImageUse[]): void {
    for (const use of uses) this.#uses.push(use);
  }
}

/** True in `image: {application: a/b:1, init: a/c:1}`, but for keys of something else, as `pullSecret`. */
function isOneOfSeveral({ text: image, field }: ImageUse): boolean {
  const key = field.slice(field.lastIndexOf('.') + 1);
  return image.includes('/') && /[:@]/.test(image) && hintOf(wordsOf(`image_${key}`)) !== 'none';
}

/** True for what can only be a Pod spec: a list of containers that have a name and an image. */
function hasContainers(mapping: MappingNode): boolean {
  return ['containers', 'initContainers'].some((key) =>
    items(child(mapping, key)).some((item) => text(child(item, 'name')) && text(child(item, 'image'))),
  );
}
