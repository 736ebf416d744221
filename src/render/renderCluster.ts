import type { MissingPullSecret } from '../manifest/missingPullSecrets.ts';
import { formatPlace } from '../source/location.ts';
import { groupNodes } from './cluster/nodeGroups.ts';
import type { ClusterRendering, Unexpressed } from './clusterTarget.ts';
import { clusterTargets } from './clusterTargets.ts';
import type { ConfiguredNode } from './target.ts';

/** What manifests say and files for the cluster need to know. */
export interface ClusterManifests {
  /** The registries that images name, in any order and as often as they are named. */
  readonly namespaceHosts: Iterable<string>;
  readonly missingPullSecrets: readonly MissingPullSecret[];
}

/**
 * The files for the whole cluster, by their path in the rendered tree, sorted; and what their programs cannot be told. Nothing
 * at all where registries.yaml says nothing.
 */
export function renderCluster(
  nodes: readonly ConfiguredNode[],
  { namespaceHosts, missingPullSecrets }: ClusterManifests,
): ClusterRendering {
  const groups = groupNodes(nodes.filter(({ isUnchanged }) => !isUnchanged));
  if (!groups.some(({ isEmpty }) => !isEmpty)) return { files: new Map(), unexpressed: [] };
  const cluster = {
    groups,
    unchanged: nodes.filter(({ isUnchanged }) => isUnchanged),
    namespaceHosts: [...new Set(namespaceHosts)].sort(),
    missingPullSecrets,
  };
  const renderings = clusterTargets.map((target) => target.render(cluster));
  const files = renderings.flatMap((rendering) =>
    [...rendering.files].map(([path, text]): [string, string] => [`cluster/${path}`, text]),
  );
  return {
    files: new Map(files.sort(([a], [b]) => (a < b ? -1 : 1))),
    unexpressed: withoutRepetitions(renderings.flatMap(({ unexpressed }) => unexpressed)),
  };
}

/** Groups of nodes that share a line of registries.yaml say the same of it. */
function withoutRepetitions(list: readonly Unexpressed[]): Unexpressed[] {
  const byKey = new Map(
    list.map((entry) => [
      JSON.stringify([entry.target, entry.what, entry.location && formatPlace(entry.location)]),
      entry,
    ]),
  );
  return [...byKey.values()];
}
