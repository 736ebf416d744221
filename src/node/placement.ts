import type { NodeRequirement, Placement, Toleration } from '../manifest/imageUse.ts';
import type { ClusterNode, Taint } from './clusterNode.ts';

/**
 * True when Pods of this placement may run on the node, as the scheduler decides it. What is not known of a node (its labels,
 * when no inventory tells them) never excludes it.
 */
export function mayRunOn(placement: Placement, node: ClusterNode): boolean {
  // A Pod with nodeName passes the scheduler by.
  if (placement.nodeName !== undefined) return placement.nodeName === node.name;
  return (
    matchesSelector(placement.nodeSelector, node) &&
    matchesAffinity(placement.nodeAffinity, node) &&
    node.taints.every((taint) => isTolerated(taint, placement))
  );
}

/** The label of a node, or undefined when it has none; null when it is not known. */
function labelOf(node: ClusterNode, key: string): string | undefined | null {
  if (node.labels && Object.hasOwn(node.labels, key)) return node.labels[key];
  // The kubelet sets these on every node.
  if (key === 'kubernetes.io/hostname' && !node.labels) return node.name;
  if (key === 'kubernetes.io/os') return 'linux';
  if (key === 'kubernetes.io/arch') return node.architecture ?? null;
  return node.labels ? undefined : null;
}

function matchesSelector(selector: Readonly<Record<string, string>>, node: ClusterNode): boolean {
  return Object.entries(selector).every(([key, value]) => {
    const label = labelOf(node, key);
    return label === null || label === value;
  });
}

function matchesAffinity(terms: readonly (readonly NodeRequirement[])[], node: ClusterNode): boolean {
  return terms.length === 0 || terms.some((term) => term.every((requirement) => meets(node, requirement)));
}

function meets(node: ClusterNode, { key, operator, values, subject }: NodeRequirement): boolean {
  const actual = subject === 'field' ? node.name : labelOf(node, key);
  if (actual === null) return true;
  switch (operator) {
    case 'In':
      return actual !== undefined && values.includes(actual);
    case 'NotIn':
      return actual === undefined || !values.includes(actual);
    case 'Exists':
      return actual !== undefined;
    case 'DoesNotExist':
      return actual === undefined;
    case 'Gt':
      return actual !== undefined && Number(actual) > Number(values[0]);
    case 'Lt':
      return actual !== undefined && Number(actual) < Number(values[0]);
    default:
      return true;
  }
}

function isTolerated(taint: Taint, placement: Placement): boolean {
  if (taint.effect !== 'NoSchedule' && taint.effect !== 'NoExecute') return true;
  // The DaemonSet controller adds tolerations for the conditions of a node.
  if (placement.isDaemonSet && taint.key.startsWith('node.kubernetes.io/')) return true;
  return placement.tolerations.some((toleration) => tolerates(toleration, taint));
}

function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect && toleration.effect !== taint.effect) return false;
  if (!toleration.key) return toleration.operator === 'Exists';
  if (toleration.key !== taint.key) return false;
  return toleration.operator === 'Exists' || (toleration.value ?? '') === taint.value;
}
