import { isPlaceholder } from '../manifest/placeholder.ts';
import type { Confidence } from '../manifest/imageUse.ts';
import {
  child,
  descend,
  entries,
  text,
  type MappingNode,
  type ScalarNode,
  type TreeNode,
} from '../source/tree.ts';
import { readImageKey, type ImageWord } from './imageKey.ts';
import { hasDomain, isComplete, isFileName, isImageText } from './imageText.ts';
import { foreignKeys } from './valueTexts.ts';

/** The parts of an image, by what they are. */
export type ValueParts = Readonly<
  Partial<Record<'registry' | 'repository' | 'name' | 'tag' | 'digest', ScalarNode>>
>;

/** An image that the values of a chart name by the conventions of charts. */
export interface ValueImage {
  /** The parts joined as they are written. */
  readonly text: string;
  /** Empty when the image is one string. */
  readonly parts: ValueParts;
  /** The value that decides most: the repository, or all of it. */
  readonly main: ScalarNode;
  /** Path of the value in the values, as `image.repository`. */
  readonly path: string;
  readonly confidence: Confidence;
  /** True when a part of its own was to hold the tag, and nothing does: the chart completes it then. */
  readonly lacksTag: boolean;
}

/** Finds the images in the values of a chart. What each chart makes of them only its templates can tell. */
export function findValueImages(root: TreeNode): readonly ValueImage[] {
  const found: ValueImage[] = [];
  const seen = new Set<number>();
  const add = (image: ValueImage): void => {
    // An alias brings the same place again.
    if (seen.has(image.main.start)) return;
    seen.add(image.main.start);
    found.push(image);
  };
  visit(root, { path: [], globals: readGlobals(root) }, add);
  return found;
}

interface Surroundings {
  readonly path: readonly string[];
  readonly globals: Globals;
}

/** What holds for all images of a chart. */
interface Globals {
  /** For every image that has a registry of its own, instead of that: `global.imageRegistry`. */
  readonly registry?: ScalarNode;
  /** For every image that has none: `global.image.registry`. */
  readonly defaultRegistry?: ScalarNode;
  readonly hub?: ScalarNode;
  readonly tag?: ScalarNode;
}

function readGlobals(root: TreeNode): Globals {
  const [registry, hub, tag] = ['imageRegistry', 'hub', 'tag'].map((key) =>
    filled(descend(root, 'global', key)),
  );
  const defaultRegistry = filled(descend(root, 'global', 'image', 'registry'));
  return {
    ...(registry && { registry }),
    ...(defaultRegistry && { defaultRegistry }),
    ...(hub && { hub }),
    ...(tag && { tag }),
  };
}

function visit(node: TreeNode, around: Surroundings, add: (image: ValueImage) => void): void {
  if (node.kind === 'sequence') {
    const list = around.path.at(-1) ?? '';
    for (const [index, item] of node.items.entries()) {
      if (item.kind === 'scalar') addListed(item, around.path, add);
      else visit(item, { ...around, path: [...around.path.slice(0, -1), `${list}[${index}]`] }, add);
    }
  }
  if (node.kind !== 'mapping') return;
  for (const image of readMapping(node, around)) add(image);
  for (const { key, value } of node.entries) {
    if (!foreignKeys.test(key.text)) visit(value, { ...around, path: [...around.path, key.text] }, add);
  }
}

/** `images: [a/b:1]`. */
function addListed(item: ScalarNode, path: readonly string[], add: (image: ValueImage) => void): void {
  if (!/images$/i.test(path.at(-1) ?? '') || !isComplete(item.text)) return;
  add({ ...wholeImage(item, path), confidence: 'likely' });
}

/** The values of a mapping that belong together, as `fooRepository` and `fooTag`. */
type Group = Readonly<Partial<Record<ImageWord, { readonly key: string; readonly node: ScalarNode }>>>;

function readMapping(mapping: MappingNode, around: Surroundings): readonly ValueImage[] {
  const groups = new Map<string, Record<string, { key: string; node: ScalarNode }>>();
  for (const { key, value } of mapping.entries) {
    const read = value.kind === 'scalar' ? readImageKey(key.text) : undefined;
    if (!read || value.kind !== 'scalar') continue;
    const group = groups.get(read.stem) ?? {};
    group[read.word] = { key: key.text, node: value };
    groups.set(read.stem, group);
  }
  const images = [...groups].flatMap(([stem, group]) => readGroup(group, stem, mapping, around) ?? []);
  return [...images, ...readVariable(mapping, around.path), ...readNamedImages(mapping, around.path)];
}

/** Keys beside a `repository` that is none of images. */
const foreignCompanions = ['chart', 'url', 'branch', 'revision', 'repoURL', 'sourceRef', 'targetRevision'];

function readGroup(
  group: Group,
  stem: string,
  mapping: MappingNode,
  around: Surroundings,
): ValueImage | undefined {
  const isImageMap = stem === '' && isAboutImages(around.path);
  const repository =
    filled(group.repository?.node) ?? (isImageMap && hasTag(group) ? filled(group.name?.node) : undefined);
  const image = filled(group.image?.node);
  if (foreignCompanions.some((key) => child(mapping, key) !== undefined)) return undefined;
  if (repository) return splitImage({ group, repository, image, isImageMap, mapping }, around);
  if (!image || !group.image) return undefined;
  if (
    !isComplete(image.text) &&
    (filledTag(group) || filled(group.digest?.node) || filled(group.registry?.node))
  )
    return splitImage({ group, repository: image, image: undefined, isImageMap: true, mapping }, around);
  return singleImage(image, group.image.key, around);
}

interface SplitImage {
  readonly group: Group;
  readonly repository: ScalarNode;
  /** The last part of the name, where it stands for itself. */
  readonly image: ScalarNode | undefined;
  readonly isImageMap: boolean;
  readonly mapping: MappingNode;
}

function splitImage(split: SplitImage, { path, globals }: Surroundings): ValueImage | undefined {
  const { group, repository } = split;
  const name = split.image && /^[\w.-]+$/.test(split.image.text) ? split.image : undefined;
  const globalRegistry = group.registry ? globals.registry : undefined;
  const ownRegistry = globalRegistry ?? filled(group.registry?.node);
  const needsRegistry =
    !ownRegistry && !hasDomain(repository.text) && globals.defaultRegistry !== group.registry?.node;
  const registry = needsRegistry ? globals.defaultRegistry : ownRegistry;
  const tag = filledTag(group);
  const digest = filled(group.digest?.node);
  const joined = joinParts({ registry, repository, name, tag, digest });
  if (!isImageText(joined) || !isImageText(repository.text) || !isTold(split)) return undefined;
  const key = Object.values(group).find(({ node }) => node === repository)?.key ?? '';
  const isOwn = registry === undefined || registry === group.registry?.node;
  const isConventional = group.repository !== undefined && group.tag !== undefined && isOwn;
  return {
    text: joined,
    parts: {
      ...(registry && { registry }),
      repository,
      ...(name && { name }),
      ...(tag && { tag }),
      ...(digest && { digest }),
    },
    main: repository,
    path: [...path, key].join('.'),
    confidence: confidenceOf(split, isConventional),
    lacksTag: !tag && !digest && !isComplete(joined),
  };
}

function confidenceOf({ group, repository, isImageMap }: SplitImage, isConventional: boolean): Confidence {
  const hasPath = repository.text.includes('/');
  // `defaultImageRepository: team` is what the names of all images begin with, unless they say otherwise.
  if (!hasPath && /^default/i.test(group.repository?.key ?? '')) return 'possible';
  return isConventional && (isImageMap || hasPath) ? 'certain' : 'likely';
}

/** True when more than the word `repository` says that this is about images: charts and git have repositories too. */
function isTold({ group, repository, isImageMap, mapping }: SplitImage): boolean {
  if (isImageMap || group.image || group.registry || group.digest) return true;
  if (group.tag) return true;
  // `imageRepository: ghcr.io/a/b` has its tag from the chart.
  if (/^image/i.test(group.repository?.key ?? '') && hasDomain(repository.text)) return true;
  if (['pullPolicy', 'imagePullPolicy'].some((key) => child(mapping, key))) return true;
  return group.version !== undefined && repository.text.includes('/');
}

/** `image: nginx:1.27`. */
function singleImage(
  image: ScalarNode,
  key: string,
  { path, globals }: Surroundings,
): ValueImage | undefined {
  if (!isImageText(image.text) || isFileName(image.text)) return undefined;
  const whole = wholeImage(image, [...path, key]);
  if (isComplete(image.text) || isPlaceholder(image.text)) return { ...whole, confidence: 'likely' };
  if (globals.hub && !image.text.includes('/')) return hubImage(image, globals.hub, globals.tag, whole.path);
  const isPath = key.toLowerCase() === 'image' && image.text.includes('/');
  return { ...whole, confidence: isPath || hasDomain(image.text) ? 'likely' : 'possible' };
}

/** `global.hub` and `global.tag` for all images, of which only the names stand at their places. */
function hubImage(
  name: ScalarNode,
  registry: ScalarNode,
  tag: ScalarNode | undefined,
  path: string,
): ValueImage {
  return {
    text: joinParts({ registry, repository: name, tag }),
    parts: { registry, repository: name, ...(tag && { tag }) },
    main: name,
    path,
    confidence: 'likely',
    lacksTag: tag === undefined,
  };
}

/** `name: PROXY_IMAGE` with a `value`. */
function readVariable(mapping: MappingNode, path: readonly string[]): readonly ValueImage[] {
  const value = filled(child(mapping, 'value'));
  const name = text(child(mapping, 'name')) ?? '';
  if (!value || !/_IMAGE$|^RELATED_IMAGE_/.test(name) || !isComplete(value.text)) return [];
  return [{ ...wholeImage(value, [...path, 'value']), confidence: 'likely' }];
}

/** `images: {proxy: a/b:1}`, and variables in a mapping. */
function readNamedImages(mapping: MappingNode, path: readonly string[]): readonly ValueImage[] {
  const isList = /images$/i.test(path.at(-1) ?? '');
  return entries(mapping).flatMap(({ key, value }) => {
    const isNamed = (isList && !readImageKey(key.text)) || key.text.startsWith('RELATED_IMAGE_');
    const node = isNamed ? filled(value) : undefined;
    if (!node || !isComplete(node.text) || !node.text.includes('/')) return [];
    return [{ ...wholeImage(node, [...path, key.text]), confidence: 'likely' as const }];
  });
}

function wholeImage(main: ScalarNode, path: readonly string[]): Omit<ValueImage, 'confidence'> {
  return { text: main.text, parts: {}, main, path: path.join('.'), lacksTag: false };
}

type WrittenParts = Readonly<Record<'repository', ScalarNode>> &
  Readonly<Partial<Record<'registry' | 'name' | 'tag' | 'digest', ScalarNode | undefined>>>;

function joinParts({ registry, repository, name, tag, digest }: WrittenParts): string {
  const path = [registry, repository, name]
    .flatMap((part) => (part ? part.text.replace(/\/+$/, '') : []))
    .join('/');
  const tagged = tag ? `${path}${tag.text.startsWith('sha256:') ? '@' : ':'}${tag.text}` : path;
  if (!digest) return tagged;
  return `${tagged}@${digest.text.includes(':') ? digest.text : `sha256:${digest.text}`}`;
}

function filledTag(group: Group): ScalarNode | undefined {
  return filled(group.tag?.node) ?? filled(group.version?.node);
}

function hasTag(group: Group): boolean {
  return group.tag !== undefined || group.digest !== undefined;
}

/** A text or number that is not empty. */
function filled(node: TreeNode | undefined): ScalarNode | undefined {
  if (node?.kind !== 'scalar' || node.value === null || typeof node.value === 'boolean') return undefined;
  return node.text.trim() === '' ? undefined : node;
}

/** True below a key like `image` or `initImages`. */
function isAboutImages(path: readonly string[]): boolean {
  return path.slice(-4).some((key) => /image/i.test(key));
}
