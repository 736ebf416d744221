import type { ClusterNode } from '../node/clusterNode.ts';
import { configForHost, upstreamHostOf } from '../render/configuredMirror.ts';

/** True when registries.yaml says anything that a pull from this namespace host uses on this node. */
export function isConfigured(node: ClusterNode, namespaceHost: string): boolean {
  const mirror = node.mirrors.get(namespaceHost) ?? node.mirrors.get('*');
  if (mirror && mirror.endpoints.length > 0) return true;
  const config = configForHost(node.configs, upstreamHostOf(namespaceHost));
  return Boolean(config?.auth ?? config?.tls);
}

/** Registries of the internet that people mirror. */
const publicRegistries = new Set([
  '*',
  'docker.io',
  'docker.elastic.co',
  'gcr.io',
  'ghcr.io',
  'k8s.gcr.io',
  'mcr.microsoft.com',
  'nvcr.io',
  'public.ecr.aws',
  'quay.io',
  'registry.gitlab.com',
  'registry.k8s.io',
]);

/** True when the node has a mirror for some registry of the internet, so that its pulls are not meant to leave. */
export function mirrorsUpstreams(node: ClusterNode): boolean {
  return [...node.mirrors.values()].some(
    ({ namespaceHost, endpoints }) => endpoints.length > 0 && publicRegistries.has(namespaceHost.value),
  );
}
