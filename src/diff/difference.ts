import type { FileChange } from './compareFiles.ts';
import type { ListedImage } from './compareImages.ts';
import type { PathChange } from './comparePulls.ts';

/** What differs between two states of a repository: what a change does to the nodes and to the pulls on them. */
export interface Difference {
  /** Of the rendered tree, sorted by the first path of each. */
  readonly files: readonly FileChange[];
  /** Those that touch the most workloads first. */
  readonly pulls: readonly PathChange[];
  /** By reference. */
  readonly images: Changes<ListedImage>;
  /** By name. */
  readonly nodes: Changes<string>;
}

/** What came and what went. */
export interface Changes<T> {
  readonly added: readonly T[];
  readonly removed: readonly T[];
}

/** True where nothing differs that a node or a pull could notice. */
export function isEmpty({ files, pulls, images, nodes }: Difference): boolean {
  const lists = [files, pulls, images.added, images.removed, nodes.added, nodes.removed];
  return lists.every((list) => list.length === 0);
}
