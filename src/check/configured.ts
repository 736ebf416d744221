import type { ClusterNode } from '../node/clusterNode.ts';
import { parseEndpoint } from '../registries/endpoint.ts';
import { configForHost, upstreamHostOf } from '../render/configuredMirror.ts';
import { isPublicRegistry } from './publicRegistries.ts';

/** True when registries.yaml says anything that a pull from this namespace host uses on this node. */
export function isConfigured(node: ClusterNode, namespaceHost: string): boolean {
  const mirror = node.mirrors.get(namespaceHost) ?? node.mirrors.get('*');
  if (mirror && mirror.endpoints.length > 0) return true;
  const config = configForHost(node.configs, upstreamHostOf(namespaceHost));
  return Boolean(config?.auth ?? config?.tls);
}

/** The public registries, or `*`, whose images the node asks somewhere else: their pulls are not meant to leave. */
export function mirroredUpstreams(node: ClusterNode): readonly string[] {
  return [...node.mirrors].flatMap(([namespaceHost, { endpoints }]) => {
    const isMirrored = endpoints.some(({ value }) => {
      const result = parseEndpoint(value);
      return result.ok && result.endpoint.host !== upstreamHostOf(namespaceHost);
    });
    return isMirrored && (namespaceHost === '*' || isPublicRegistry(namespaceHost)) ? [namespaceHost] : [];
  });
}
