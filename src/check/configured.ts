import type { ClusterNode } from '../node/clusterNode.ts';
import type { Pull } from '../pull/pull.ts';
import { parseEndpoint } from '../registries/endpoint.ts';
import { configForHost, upstreamHostOf } from '../render/configuredMirror.ts';
import { isPublicRegistry } from './publicRegistries.ts';

/**
 * True when the nodes of a pull were told how to ask its registry: by a mirror or a server in registries.yaml or in their own
 * files, or by TLS settings. A login alone does not say whether the registry has TLS.
 */
export function isConfigured({ reference, nodeCase, nodes, result }: Pull): boolean {
  // Nodes whose containerd refuses its configuration ask nobody; another check says so.
  if (!result.ok) return true;
  if (result.attempts.some(({ source }) => source)) return true;
  const [first] = nodes;
  if (!first) return true;
  const { mirrors, configs } = first.node;
  // What dockerd makes of a mirror that it cannot have is for another check to say.
  const isDockerMirror =
    nodeCase.configuration.registry.form === 'docker' && (mirrors.has(reference.domain) || mirrors.has('*'));
  return isDockerMirror || Boolean(configForHost(configs, upstreamHostOf(reference.domain))?.tls);
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
