import type { ImageUse } from '../manifest/imageUse.ts';
import { formatReference } from '../reference/parseReference.ts';
import type { Changes } from './difference.ts';

/** An image that a repository names. */
export interface ListedImage {
  /** In full: `docker.io/library/nginx:1.27`. */
  readonly image: string;
  /** How many places name it. */
  readonly uses: number;
}

/** Which images one of two states names and the other does not. Placeholders and texts that are no image are left out. */
export function compareImages(before: readonly ImageUse[], after: readonly ImageUse[]): Changes<ListedImage> {
  const [old, now] = [countUses(before), countUses(after)];
  return { added: listMissing(now, old), removed: listMissing(old, now) };
}

function countUses(uses: readonly ImageUse[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { reference } of uses) {
    if (!reference) continue;
    const image = formatReference(reference);
    counts.set(image, (counts.get(image) ?? 0) + 1);
  }
  return counts;
}

function listMissing(
  images: ReadonlyMap<string, number>,
  others: ReadonlyMap<string, number>,
): ListedImage[] {
  return [...images]
    .filter(([image]) => !others.has(image))
    .map(([image, uses]) => ({ image, uses }))
    .sort((a, b) => (a.image < b.image ? -1 : 1));
}
