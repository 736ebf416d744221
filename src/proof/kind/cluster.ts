import { stringify } from 'yaml';
import { plural } from '../../report/plural.ts';
import type { NodePull, PlannedNode, ProofPlan } from '../plan.ts';

/** A node of the kind cluster, and the nodes of the repository that it stands for. */
export interface KindNode {
  /** Of its container, and in Kubernetes. */
  readonly name: string;
  readonly role: 'control-plane' | 'worker';
  readonly planned: PlannedNode;
  /** What is tried on it. */
  readonly pulls: readonly NodePull[];
}

/** A pull that is not tried, and why. */
export interface LeftOut {
  readonly planned: PlannedNode;
  readonly pull: NodePull;
  readonly reason: string;
}

export interface Cluster {
  readonly nodes: readonly KindNode[];
  readonly leftOut: readonly LeftOut[];
}

/** Pulls on one node: each of them takes a Pod, and a pull request from anybody may ask for it. */
const maxPullsOfNode = 500;

/** One kind node for each distinct node on which something can be tried, up to a number of them. */
// kind pkg/cluster/internal/providers/common/namer.go MakeNodeNamer
export function planCluster({ nodes }: ProofPlan, name: string, maxNodes: number): Cluster {
  const leftOut: LeftOut[] = [];
  const chosen: KindNode[] = [];
  for (const planned of nodes) {
    const reasonOf = ({ unprovable }: NodePull): string | undefined =>
      planned.setting.ok ? unprovable : planned.setting.reason;
    const possible = planned.pulls.filter((pull) => reasonOf(pull) === undefined);
    const pulls = possible.slice(0, maxPullsOfNode);
    for (const pull of planned.pulls) {
      const reason = reasonOf(pull);
      if (reason !== undefined) leftOut.push({ planned, pull, reason });
    }
    for (const pull of possible.slice(maxPullsOfNode)) leftOut.push({ planned, pull, reason: tooMany });
    if (pulls.length === 0) continue;
    if (chosen.length < maxNodes) {
      const role = chosen.length === 0 ? 'control-plane' : 'worker';
      chosen.push({ name: `${name}-${suffix(chosen.length)}`, role, planned, pulls });
      continue;
    }
    const reason = `there is room for ${plural(maxNodes, 'kind node')} only, one for each different node: --engine containerd has no such limit`;
    for (const pull of pulls) leftOut.push({ planned, pull, reason });
  }
  return { nodes: chosen, leftOut };
}

const tooMany = `a kind node pulls ${maxPullsOfNode} images at most: --engine containerd has no such limit`;

function suffix(index: number): string {
  if (index === 0) return 'control-plane';
  return index === 1 ? 'worker' : `worker${index}`;
}

/** What `kind create cluster --config` reads. */
// kind pkg/apis/config/v1alpha4/types.go
export function clusterConfig({ nodes }: Pick<Cluster, 'nodes'>): string {
  return stringify({
    kind: 'Cluster',
    apiVersion: 'kind.x-k8s.io/v1alpha4',
    nodes: nodes.map(({ role }) => ({ role })),
    kubeadmConfigPatches: [stringify(kubeletPatch)],
  });
}

/** A kubelet refuses to pull more than some images a second, and says less than it knows: both look like failed pulls. */
// kubernetes pkg/kubelet/images/helpers.go throttledImageService
const kubeletPatch = {
  apiVersion: 'kubelet.config.k8s.io/v1beta1',
  kind: 'KubeletConfiguration',
  registryPullQPS: 0,
  eventRecordQPS: 0,
};
