import { isPlaceholder } from '../manifest/placeholder.ts';
import { parseReference } from '../reference/parseReference.ts';

/** A valid reference, or one that is filled in later. */
export function isImageText(image: string): boolean {
  return isPlaceholder(image) || parseReference(image).ok;
}

/** A valid reference with a tag or digest written out. */
export function isComplete(image: string): boolean {
  if (!/:[^/]+$|@/.test(image)) return false;
  return !isFileName(image) && parseReference(image).ok;
}

/** True for an image with a registry written out. */
export function hasDomain(image: string): boolean {
  const [first = ''] = image.split('/', 1);
  return first !== image && /[.:]|^localhost$/.test(first);
}

/** Pictures and disks are called images too. */
export function isFileName(image: string): boolean {
  return /\.(?:png|jpe?g|gif|svg|ico|webp|qcow2|iso|img|raw|vmdk|vhdx?|ova|tar|t?gz|xz|zip)$/i.test(image);
}
