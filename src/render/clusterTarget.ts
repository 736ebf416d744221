import type { MissingPullSecret } from '../manifest/missingPullSecrets.ts';
import type { Location } from '../source/location.ts';
import type { NodeGroup } from './cluster/nodeGroups.ts';
import type { ConfiguredNode } from './target.ts';

/** All that the files for a whole cluster are made from. */
export interface Cluster {
  /** Nodes whose registries are configured alike, in the order in which they first appear. */
  readonly groups: readonly NodeGroup[];
  /** Nodes that keep the files that they have, so that there is nothing to render for them. */
  readonly unchanged: readonly ConfiguredNode[];
  /** The registries that images of the repository name, sorted. */
  readonly namespaceHosts: readonly string[];
  readonly missingPullSecrets: readonly MissingPullSecret[];
}

/** Something that is configured and that a target has no words for. */
export interface Unexpressed {
  /** Id of the target. */
  readonly target: string;
  /** A sentence without its full stop. It may hold text of the repository. */
  readonly what: string;
  readonly location: Location | undefined;
}

/** What a target makes of a cluster. */
export interface ClusterRendering {
  /** By path below `cluster/`; each path is harmless already. */
  readonly files: ReadonlyMap<string, string>;
  readonly unexpressed: readonly Unexpressed[];
}

/** One kind of file for the whole cluster, or for programs beside it. Never holds a secret. */
export interface ClusterTarget {
  /** Kebab-case name. */
  readonly id: string;
  render(cluster: Cluster): ClusterRendering;
}
