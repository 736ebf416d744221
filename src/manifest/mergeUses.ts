import { formatPlace } from '../source/location.ts';
import type { ImageUse } from './imageUse.ts';

/** What stands where, as a key. */
export function placeOf({ text, location }: ImageUse): string {
  return `${formatPlace(location)}:${text}`;
}

/** Makes one of the images that several builds make alike, at one place and with one key: all of them have built it. */
export function mergeUses(
  uses: readonly ImageUse[],
  keyOf: (use: ImageUse) => readonly unknown[],
): readonly ImageUse[] {
  const merged = new Map<string, { readonly use: ImageUse; readonly builtBy: Set<string> }>();
  for (const use of uses) {
    const key = JSON.stringify([placeOf(use), ...keyOf(use)]);
    const known = merged.get(key) ?? { use, builtBy: new Set() };
    merged.set(key, known);
    for (const file of use.builtBy ?? []) known.builtBy.add(file);
  }
  return [...merged.values()].map(({ use, builtBy }) => ({ ...use, builtBy: [...builtBy] }));
}
