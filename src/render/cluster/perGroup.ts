import type { Cluster, ClusterRendering, Unexpressed } from '../clusterTarget.ts';
import type { NodeGroup } from './nodeGroups.ts';

/** A file for the nodes of one group. */
export interface GroupRendering {
  readonly text: string;
  readonly unexpressed: readonly Unexpressed[];
}

/**
 * The same file for each group of nodes: at the top where all nodes are configured alike, else in a folder that is called as
 * the first node of the group. Groups without any setting need none.
 */
export function perGroup(
  cluster: Cluster,
  path: string,
  render: (group: NodeGroup) => GroupRendering | undefined,
): ClusterRendering {
  const renderings = cluster.groups.flatMap((group): [string, GroupRendering][] => {
    const rendering = group.isEmpty ? undefined : render(group);
    return rendering ? [[groupFolder(group, cluster) + path, rendering]] : [];
  });
  return {
    files: new Map(renderings.map(([file, { text }]) => [file, text])),
    unexpressed: renderings.flatMap(([, { unexpressed }]) => unexpressed),
  };
}

/** Where the files of a group are, below `cluster/`. */
export function groupFolder({ name }: NodeGroup, { groups }: Cluster): string {
  return groups.length > 1 ? `nodes/${name}/` : '';
}
