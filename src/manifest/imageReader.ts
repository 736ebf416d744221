import { parseReference } from '../reference/parseReference.ts';
import type { ImageUse } from './imageUse.ts';
import type { Manifest } from './manifest.ts';
import { isFilledByTool, isPlaceholder, substitute } from './placeholder.ts';

/** Finds the images of one kind of place in a file. */
export type ImageReader = (
  manifest: Manifest,
  substitutions: ReadonlyMap<string, string>,
) => readonly ImageUse[];

/** An image as it stands in a file. */
type FoundImage = Omit<ImageUse, 'status' | 'reference' | 'invalid' | 'workload' | 'pulledBy'> & {
  readonly workload?: ImageUse['workload'] | undefined;
  /** Absent where the node does. */
  readonly pulledBy?: ImageUse['pulledBy'];
  /** True where somebody chooses the tag later, and no file says which. */
  readonly isOpen?: boolean;
};

/** UTF-16 code units of an image that reports repeat; no reference is nearly as long. */
const maxShownLength = 1024;

function shorten(image: string): string {
  return image.length <= maxShownLength ? image : `${image.slice(0, maxShownLength).toWellFormed()} ...`;
}

/** Fills in what the substitutions know and reads the text as a reference, unless something is still to be filled in. */
export function createImageUse(found: FoundImage, substitutions: ReadonlyMap<string, string>): ImageUse {
  const { workload, isOpen, ...place } = found;
  const use = {
    pulledBy: ['node'] as const,
    ...place,
    text: shorten(found.text),
    ...(workload && { workload }),
  };
  const image = substitute(found.text, substitutions);
  if (isOpen || isFilledByTool(image)) return { ...use, status: 'unresolved', pulledBy: [] };
  if (isPlaceholder(image)) return { ...use, status: 'unresolved' };
  const parsed = parseReference(image);
  if (!parsed.ok) return { ...use, status: 'resolved', invalid: parsed.error };
  return { ...use, status: 'resolved', reference: parsed.reference };
}
