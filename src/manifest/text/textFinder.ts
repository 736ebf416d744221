import type { Location } from '../../source/location.ts';
import type { ScalarNode } from '../../source/tree.ts';
import { createImageUse } from '../imageReader.ts';
import type { Confidence, ImageParts, ImageSource, ImageUse } from '../imageUse.ts';
import type { KubernetesObject } from '../manifest.ts';
import { isPlaceholder } from '../placeholder.ts';
import { locateWithin } from '../scalarOffsets.ts';
import { locateScalar } from '../scalarLocation.ts';
import { gradeText } from './gradeText.ts';
import { hintOf, isNoPull, wordsOf, type NameHint } from './names.ts';
import { findPublicImages, isRegistryHost } from './registryHosts.ts';

/** A value of an object with the name that it has: a variable, a flag, a key of a ConfigMap or of a mapping. */
export interface NamedText {
  readonly name: string;
  readonly node: ScalarNode;
  /** The stretch of the text of the scalar that counts; from its beginning, and to its end, when absent. */
  readonly start?: number;
  readonly end?: number;
  readonly field: string;
}

/** Where texts stand, for all that are found there. */
export interface TextPlace {
  readonly object: KubernetesObject;
  readonly from: ImageSource;
  readonly substitutions: ReadonlyMap<string, string>;
  /** Something around the texts says that they are about images, as the name of their ConfigMap. */
  readonly isAboutImages?: boolean;
  /** Images are looked for in the middle of texts as well. */
  readonly isProse?: boolean;
}

/** The images among values that stand together, be they whole or split into repository and tag. */
export function findNamedImages(texts: readonly NamedText[], place: TextPlace): readonly ImageUse[] {
  if (texts.length === 0) return [];
  const split = findSplitImages(texts, place);
  const whole = texts.flatMap((text) => (split.used.has(text) ? [] : findNamedImage(text, place)));
  return [...split.uses, ...whole];
}

/** The image that a value is, or those of public registries in the middle of it. */
function findNamedImage(text: NamedText, place: TextPlace): readonly ImageUse[] {
  const value = valueOf(text);
  const isNamed = nameOfImage.test(text.name);
  // Nearly every value of a repository ends here: without such a name an image has a slash.
  if (!isNamed && !value.includes('/')) return [];
  const words = wordsOf(text.name);
  const confidence = gradeText(value, hintWithin(isNamed ? hintOf(words) : 'none', place));
  if (isNoPull(words)) return [];
  if (confidence) return [textUse(text, place, value, confidence)];
  return place.isProse && /\s/.test(value) ? findInProse(text, place) : [];
}

const nameOfImage = /ima?g/i;

function hintWithin(hint: NameHint, { isAboutImages }: TextPlace): NameHint {
  return hint === 'none' && isAboutImages ? 'about images' : hint;
}

/** Images of public registries in a script or a sentence: nobody can say what becomes of them. */
export function findInProse(text: NamedText, place: TextPlace): readonly ImageUse[] {
  const value = valueOf(text);
  return [...findPublicImages(value)].flatMap((match) => {
    const image = match[0].replace(/[./:-]+$/, '');
    if (gradeText(image, 'none') !== 'likely') return [];
    return [textUse({ ...text, start: (text.start ?? 0) + match.index }, place, image, 'possible')];
  });
}

function valueOf({ node, start = 0, end }: NamedText): string {
  return node.text.slice(start, end);
}

function textUse(text: NamedText, place: TextPlace, value: string, confidence: Confidence): ImageUse {
  const location = locateText(text, place, value);
  const { from, substitutions } = place;
  return createImageUse({ text: value, location, confidence, from, field: text.field }, substitutions);
}

function locateText({ node, start = 0 }: NamedText, { object }: TextPlace, value: string): Location {
  if (start === 0 && value.length === node.text.length) return locateScalar(object, node);
  return locateWithin(object, node, start, start + value.length);
}

type Part = 'registry' | 'repository' | 'tag' | 'digest';

const partNames: readonly (readonly [Part, readonly string[]])[] = [
  ['registry', ['registry', 'hub']],
  ['repository', ['repository', 'repo', 'name', '']],
  ['tag', ['tag', 'version']],
  ['digest', ['digest', 'sha']],
];

const lastPart = /(?:tag|version|digest|sha)$/i;

interface SplitImages {
  readonly uses: readonly ImageUse[];
  readonly used: ReadonlySet<NamedText>;
}

/** `X_IMAGE_REPO` and `X_IMAGE_TAG`, `image_name` and `image_version`: names that differ in their last word only. */
function findSplitImages(texts: readonly NamedText[], place: TextPlace): SplitImages {
  const used = new Set<NamedText>();
  if (texts.length < 2 || !texts.some(({ name }) => lastPart.test(name))) return { uses: [], used };
  const uses = [...groupParts(texts).values(), partsByPath(texts)].flatMap((parts) => {
    if ([...parts.values()].some((part) => used.has(part))) return [];
    const joined = joinParts(parts, place);
    if (!joined) return [];
    for (const part of parts.values()) used.add(part);
    return [joined];
  });
  return { uses, used };
}

/** By the words in front of the last one, which has to say what part it is. */
function groupParts(texts: readonly NamedText[]): ReadonlyMap<string, ReadonlyMap<Part, NamedText>> {
  const groups = new Map<string, Map<Part, NamedText>>();
  for (const text of texts) {
    const named = partOf(wordsOf(text.name));
    if (!named) continue;
    const group = groups.get(named.group) ?? new Map<Part, NamedText>();
    groups.set(named.group, group);
    if (!group.has(named.part)) group.set(named.part, text);
  }
  return groups;
}

/** `repository`, `image` and `version`, where the image is the last part of the name and the repository all in front of it. */
function partsByPath(texts: readonly NamedText[]): ReadonlyMap<Part, NamedText> {
  const byName = new Map(texts.map((text) => [text.name, text]));
  const [folder, name, tag] = [
    byName.get('repository'),
    byName.get('image'),
    byName.get('version') ?? byName.get('tag'),
  ];
  if (!folder || !name || !tag || !/^[\w.-]+$/.test(valueOf(name))) return new Map();
  const isDigest = valueOf(tag).startsWith('sha256:');
  return new Map([
    ['registry', folder],
    ['repository', name],
    [isDigest ? 'digest' : 'tag', tag],
  ]);
}

function partOf(words: readonly string[]): { group: string; part: Part } | undefined {
  const last = words.at(-1) ?? '';
  const isWhole = last === 'image' || last === 'img';
  const stem = isWhole
    ? words.slice(0, -1)
    : words.slice(0, -1).filter((word) => word !== 'image' && word !== 'img');
  const isAboutImage = isWhole || words.length !== stem.length + 1;
  const suffix = isWhole ? '' : last;
  const part = partNames.find(([, names]) => names.includes(suffix))?.[0];
  // `REPOSITORY` beside `TAG` is a pair; a `NAME`, a `VERSION` or a `HUB` may be anything's.
  const isPlain = ['repository', 'repo', 'registry', 'tag', 'digest'].includes(suffix);
  return part && (isAboutImage || isPlain) ? { group: stem.join(' '), part } : undefined;
}

function joinParts(parts: ReadonlyMap<Part, NamedText>, place: TextPlace): ImageUse | undefined {
  const repository = parts.get('repository');
  const [registry, tag, digest] = (['registry', 'tag', 'digest'] as const).map((part) =>
    filled(parts.get(part)),
  );
  if (!repository || !(tag || digest)) return undefined;
  const name = `${registry ? `${valueOf(registry)}/` : ''}${valueOf(repository)}`;
  const image = `${name}${tag ? `:${valueOf(tag)}` : ''}${digest ? `@${valueOf(digest)}` : ''}`;
  // One that is complete is no part, and what a template fills in is not known.
  if (gradeText(name, 'image') === undefined || /[:@]/.test(name.slice(name.lastIndexOf('/') + 1)))
    return undefined;
  if (isPlaceholder(image) || gradeText(image, 'image') !== 'likely' || !areOfImage(parts, name, place))
    return undefined;
  const written: ImageParts = {
    ...(registry && { registry: locateText(registry, place, valueOf(registry)) }),
    repository: locateText(repository, place, valueOf(repository)),
    ...(tag && { tag: locateText(tag, place, valueOf(tag)) }),
    ...(digest && { digest: locateText(digest, place, valueOf(digest)) }),
  };
  const location = locateText(repository, place, valueOf(repository));
  const { from, substitutions } = place;
  const found = {
    text: image,
    location,
    confidence: 'likely',
    from,
    field: repository.field,
    parts: written,
  } as const;
  return createImageUse(found, substitutions);
}

/** A `repository` and a `tag` may be those of a git repository, unless something speaks of images. */
function areOfImage(
  parts: ReadonlyMap<Part, NamedText>,
  name: string,
  { isAboutImages }: TextPlace,
): boolean {
  const words = [...parts.values()].flatMap((part) => wordsOf(part.name));
  const [host = ''] = name.split('/', 1);
  return isAboutImages === true || words.includes('image') || words.includes('img') || isRegistryHost(host);
}

function filled(text: NamedText | undefined): NamedText | undefined {
  return text && valueOf(text) !== '' ? text : undefined;
}
