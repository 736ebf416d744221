import type { ConfiguredNode } from '../target.ts';

/**
 * The labels that all of some nodes have and that kind can give to a node: it hands them to the kubelet, which does not start
 * with labels of Kubernetes itself but for a few.
 */
export function sharedLabels(nodes: readonly ConfiguredNode[]): Readonly<Record<string, string>> {
  const [first, ...others] = nodes.map(({ node }) => node.labels ?? {});
  const shared = Object.entries(first ?? {}).filter(
    ([key, value]) =>
      isAllowed(key) &&
      isValue(value) &&
      others.every((labels) => Object.hasOwn(labels, key) && labels[key] === value),
  );
  return Object.fromEntries(shared.sort(([a], [b]) => (a < b ? -1 : 1)));
}

const namePattern = /^[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const prefixPattern = /^(?=.{1,253}$)[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*$/;

// kubernetes staging/src/k8s.io/kubelet/pkg/apis/well_known_labels.go
const allowedKeys: ReadonlySet<string> = new Set([
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
]);

function isAllowed(key: string): boolean {
  const [name = '', prefix, ...more] = key.split('/').toReversed();
  if (!namePattern.test(name) || more.length > 0) return false;
  if (prefix === undefined || allowedKeys.has(key)) return true;
  return prefixPattern.test(prefix) && !/(?:^|\.)(?:kubernetes|k8s)\.io$/.test(prefix);
}

function isValue(text: string): boolean {
  return text === '' || namePattern.test(text);
}
