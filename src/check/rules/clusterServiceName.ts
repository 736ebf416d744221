import type { ServiceFact } from '../../manifest/facts.ts';
import { parseEndpoint } from '../../registries/endpoint.ts';
import { groupBy } from '../../source/groupBy.ts';
import type { Located } from '../../source/location.ts';
import type { Check, CheckContext, Problem } from '../check.ts';
import { findService, parseServiceName, type ServiceName } from '../clusterServices.ts';
import { isConfigured } from '../configured.ts';
import { listNames, nodeNames, onNodes } from '../people.ts';

export const clusterServiceName: Check = {
  id: 'cluster-service-name',
  severity: 'error',
  summary: 'a registry that is asked by the name of a Kubernetes Service',
  documentation:
    'Pulls are made by containerd on the node, and the node does not use the DNS of the cluster: ' +
    '`registry.kube-system.svc.cluster.local` resolves in every Pod and on no node (`no such host`). Use the ClusterIP of the ' +
    'Service as the endpoint, or a NodePort, or put the name into the `/etc/hosts` of each node and say so with `resolves`.',
  *run(context) {
    yield* endpointProblems(context);
    yield* imageProblems(context);
  },
};

/** Endpoints, each said once however many nodes it is written for. */
function* endpointProblems({ nodes, discovery }: CheckContext): Generator<Problem> {
  const written = nodes.flatMap((node) =>
    [...node.mirrors.values()].flatMap(({ endpoints }) => endpoints.map((endpoint) => ({ endpoint, node }))),
  );
  for (const [endpoint, shared] of groupBy(written, (one) => one.endpoint)) {
    const hostname = hostnameOf(endpoint.value) ?? '';
    const service = parseServiceName(hostname, discovery.services);
    const names = shared.flatMap(({ node }) => (node.resolves.has(hostname) ? [] : [node.name]));
    if (!service || names.length === 0) continue;
    yield {
      severity: service.isCertain ? 'error' : 'warning',
      message: `\`${hostname}\` ${service.isCertain ? 'is' : 'looks like'} a Service of the cluster, whose DNS the node does not use: pulls${onNodes(names)} end in "no such host"`,
      location: endpoint.location,
      nodes: names,
      ...describeFix(endpoint, hostname, service, discovery.services),
    };
  }
}

function describeFix(
  endpoint: Located<string>,
  hostname: string,
  name: ServiceName,
  services: readonly ServiceFact[],
): Pick<Problem, 'fix' | 'related'> {
  const service = findService(services, name);
  if (!service?.clusterIP) {
    return {
      fix: {
        message: `use the ClusterIP of the Service ${name.namespace}/${name.name} as the endpoint, or give the nodes the name and say so with \`resolves\``,
      },
    };
  }
  const mended = endpoint.value.replace(hostname, service.clusterIP.value);
  return {
    related: [{ message: 'the Service, with its ClusterIP', location: service.clusterIP.location }],
    fix: {
      message: `use its ClusterIP: \`${mended}\``,
      edit: { location: endpoint.location, replacement: `"${mended}"` },
    },
  };
}

/** Images that name a Service themselves, on nodes that have no mirror for it. */
function* imageProblems({ pulls, discovery }: CheckContext): Generator<Problem> {
  for (const pull of pulls) {
    const { reference, nodes, uses } = pull;
    const hostname = reference.domain.replace(/:\d+$/, '');
    const service = parseServiceName(hostname, discovery.services);
    if (!service?.isCertain || isConfigured(pull)) continue;
    const unaware = nodes.filter(({ node }) => !node.resolves.has(hostname));
    if (unaware.length === 0) continue;
    const names = nodeNames(unaware);
    for (const use of uses) {
      yield {
        message: `\`${hostname}\` is a Service of the cluster, whose DNS the node does not use: \`${use.text}\` cannot be pulled${onNodes(names)} ("no such host")`,
        location: use.location,
        nodes: names,
        image: use.text,
        fix: {
          message: `add a mirror for \`${reference.domain}\` with the ClusterIP of ${service.namespace}/${service.name} as its endpoint${names.length > 1 ? ` to ${listNames(names)}` : ''}`,
        },
      };
    }
  }
}

function hostnameOf(endpoint: string): string | undefined {
  const result = parseEndpoint(endpoint);
  return result.ok ? result.endpoint.hostname : undefined;
}
