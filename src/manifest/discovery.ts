import type { SourceProblem } from '../source/location.ts';
import type { BuildProblem } from './build.ts';
import type { Facts } from './facts.ts';
import type { ImageUse } from './imageUse.ts';

/** A manifest that cannot be read, and why: "it is" fits in front of the reason. */
export interface UnreadableFile {
  readonly path: string;
  readonly reason: string;
}

/** Everything that the Kubernetes manifests of a repository say about images. */
export interface Discovery extends Facts {
  /** In the order of the files. */
  readonly uses: readonly ImageUse[];
  /** Syntax errors of manifests. */
  readonly problems: readonly SourceProblem[];
  /** What is not known of kustomizations and charts. */
  readonly buildProblems: readonly BuildProblem[];
  readonly unreadable: readonly UnreadableFile[];
  readonly statistics: DiscoveryStatistics;
}

export interface DiscoveryStatistics {
  /** Files that were read. */
  readonly files: number;
  /** Kubernetes objects that were looked at. */
  readonly objects: number;
}
