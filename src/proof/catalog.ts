import { parseReference } from '../reference/parseReference.ts';
import type { Reference } from '../reference/reference.ts';

/** What the mirrors of a namespace host really hold. */
export interface Catalog {
  readonly namespaceHost: string;
  /** `path:tag` and `path@digest` of each image. */
  readonly images: readonly string[];
}

/** A catalog, and where the mirrors that a node asks have the images: `''`, or a project of their own as `hub/`. */
export interface PlacedCatalog extends Catalog {
  readonly prefixes: readonly string[];
}

/** A line that is no image. */
export interface CatalogProblem {
  readonly line: number;
  readonly text: string;
}

/** More lines than these are no list of images. */
const maxLines = 200_000;

/**
 * Reads a list of images, one a line, as those that come with an air-gapped installation: empty lines and comments do not count,
 * nor do the names of other namespace hosts.
 */
export function readCatalog(
  namespaceHost: string,
  text: string,
): { readonly catalog: Catalog; readonly problems: readonly CatalogProblem[] } {
  const images = new Set<string>();
  const problems: CatalogProblem[] = [];
  for (const [index, line] of text.split('\n', maxLines).entries()) {
    const written = line.replace(/(?:^|\s)#.*/, '').trim();
    if (written === '') continue;
    const result = parseReference(written);
    if (!result.ok) problems.push({ line: index + 1, text: written });
    else if (result.reference.domain === namespaceHost) images.add(nameOf(result.reference));
  }
  return { catalog: { namespaceHost, images: [...images] }, problems };
}

/** A tag beside a digest does not count. */
function nameOf({ path, tag = 'latest', digest }: Reference): string {
  return digest === undefined ? `${path}:${tag}` : `${path}@${digest}`;
}
