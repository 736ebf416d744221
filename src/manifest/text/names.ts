/** What the name of a value says about it: it is an image, one without a tag, has to do with images, or nothing. */
export type NameHint = 'image' | 'repository' | 'about images' | 'none';

/** Words for an image itself. */
const imageWords: ReadonlySet<string> = new Set(['image', 'images', 'img']);

/** Words that may follow: `imageName`, `image_ref`. */
const nouns: ReadonlySet<string> = new Set(['name', 'ref', 'reference', 'url', 'uri', 'path', 'default']);

/** What stands beside images and is none. */
const otherThings: ReadonlySet<string> = new Set(
  (
    'pull policy secret secrets registry registries tag version digest sha sha256 hash prefix suffix type format size id os ' +
    'dir directory file list gc min max threshold service port host endpoint addr address url user username password key keys ' +
    'arch architecture platform push cache enabled count timeout interval destination dest output'
  ).split(' '),
);

/** Words of names that say where an image is put. */
const targets: ReadonlySet<string> = new Set(['destination', 'dest', 'push', 'output']);

/** Words of names for what comes from a registry and is no image. */
const otherArtifacts: ReadonlySet<string> = new Set([
  'cache',
  'chart',
  'charts',
  'bundle',
  'artifact',
  'sign',
]);

/** The words of a name in any spelling: `imageName`, `IMAGE_NAME`, `--image-name`. */
export function wordsOf(name: string): readonly string[] {
  if (name.length > 256) return [];
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter(Boolean);
}

/** What the words of a name say about its value. */
export function hintOf(words: readonly string[]): NameHint {
  const at = words.findLastIndex(
    (word) => imageWords.has(word) || (word.endsWith('image') && word.length < 24),
  );
  if (at < 0) return 'none';
  const rest = words.slice(at + 1);
  const isRepository = rest.length === 1 && (rest[0] === 'repository' || rest[0] === 'repo');
  if (isRepository || (rest.length === 0 && words[at - 1] === 'base')) return 'repository';
  if (rest.length === 0 || (rest.length === 1 && rest.every((word) => nouns.has(word)))) return 'image';
  // What operators call the images that they hand out: RELATED_IMAGE_CONTROLLER.
  if (words[at - 1] === 'related') return 'image';
  return rest.some((word) => otherThings.has(word)) ? 'none' : 'about images';
}

/** True for the name of a place that an image is put at. */
export function isTarget(words: readonly string[]): boolean {
  return words.some((word) => targets.has(word));
}

/** True for the name of what nobody pulls as an image: what is pushed, charts, caches. */
export function isNoPull(words: readonly string[]): boolean {
  if (isTarget(words)) return true;
  return words.some((word) => otherArtifacts.has(word)) && hintOf(words) !== 'image';
}
