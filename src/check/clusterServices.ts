import type { ServiceFact } from '../manifest/facts.ts';

/** Namespaces that every cluster has, by which `registry.kube-system` is known for a Service without seeing it. */
const systemNamespaces = new Set(['default', 'kube-system', 'kube-public']);

/** A host that is the cluster-internal name of a Service. */
export interface ServiceName {
  readonly name: string;
  readonly namespace: string;
  /** False when it only looks like one: `registry.kube-system` could be a real name in the network of the node. */
  readonly isCertain: boolean;
}

/** Reads a host name as that of a Service (`NAME.NAMESPACE`, with or without `.svc` and the cluster domain). */
export function parseServiceName(
  hostname: string,
  services: readonly ServiceFact[],
): ServiceName | undefined {
  const [name, namespace, ...rest] = hostname.toLowerCase().split('.');
  if (name === undefined || namespace === undefined) return undefined;
  if (rest[0] === 'svc') return { name, namespace, isCertain: true };
  if (rest.length > 0) return undefined;
  const isKnown = services.some(
    (service) => service.name === name && (service.namespace ?? 'default') === namespace,
  );
  return isKnown || systemNamespaces.has(namespace) ? { name, namespace, isCertain: isKnown } : undefined;
}

/** The Service of this name in the repository. */
export function findService(services: readonly ServiceFact[], wanted: ServiceName): ServiceFact | undefined {
  return services.find(
    ({ name, namespace }) => name === wanted.name && (namespace ?? 'default') === wanted.namespace,
  );
}
