import type { ClusterNode } from '../node/clusterNode.ts';
import { configForHost, upstreamHostOf } from '../render/configuredMirror.ts';

/** True when registries.yaml says anything that a pull from this namespace host uses on this node. */
export function isConfigured(node: ClusterNode, namespaceHost: string): boolean {
  const mirror = node.mirrors.get(namespaceHost) ?? node.mirrors.get('*');
  if (mirror && mirror.endpoints.length > 0) return true;
  const config = configForHost(node.configs, upstreamHostOf(namespaceHost));
  return Boolean(config?.auth ?? config?.tls);
}

/** True when some mirror of the node stands in for another host, so that its pulls are not meant to leave. */
export function mirrorsUpstreams(node: ClusterNode): boolean {
  return [...node.mirrors.values()].some(({ namespaceHost, endpoints }) =>
    endpoints.some(({ value }) => !value.replace(/^[a-z]+:\/\//, '').startsWith(upstreamHostOf(namespaceHost.value))),
  );
}
