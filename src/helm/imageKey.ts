/** What the end of a key says about its value. */
export type ImageWord = 'registry' | 'repository' | 'image' | 'name' | 'tag' | 'version' | 'digest';

/** A key of values, taken apart: `sidecarImageTag` is the `tag` of `sidecar`. */
export interface ImageKey {
  /** In small letters, empty for a bare word. */
  readonly stem: string;
  readonly word: ImageWord;
}

/** The endings that charts use, the longer ones first. */
const endings: readonly (readonly [ending: string, word: ImageWord])[] = [
  ['imageregistry', 'registry'],
  ['registry', 'registry'],
  ['hub', 'registry'],
  ['imagerepository', 'repository'],
  ['repository', 'repository'],
  ['imagerepo', 'repository'],
  ['repo', 'repository'],
  ['imagename', 'image'],
  ['imageref', 'image'],
  ['image', 'image'],
  ['imagetag', 'tag'],
  ['tag', 'tag'],
  ['imageversion', 'version'],
  ['version', 'version'],
  ['imagedigest', 'digest'],
  ['digest', 'digest'],
  ['imagesha', 'digest'],
  ['sha256', 'digest'],
  ['sha', 'digest'],
];

/** Undefined for a key that says nothing about images. */
export function readImageKey(key: string): ImageKey | undefined {
  // No key that anybody writes by hand is longer.
  if (key.length > 100) return undefined;
  const plain = key.toLowerCase().replaceAll(/[-_]/g, '');
  if (plain === 'name') return { stem: '', word: 'name' };
  const ending = endings.find(([end]) => plain.endsWith(end));
  return ending && { stem: plain.slice(0, -ending[0].length), word: ending[1] };
}
