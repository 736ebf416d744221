import type { ServiceFact } from '../../manifest/facts.ts';
import { parseEndpoint } from '../../registries/endpoint.ts';
import type { Located } from '../../source/location.ts';
import type { Check, Problem } from '../check.ts';
import { findService, parseServiceName } from '../clusterServices.ts';
import { writeValue } from '../writeFix.ts';

export const clusterIpChanged: Check = {
  id: 'cluster-ip-changed',
  severity: 'error',
  summary: 'the ClusterIP of a Service that registries.yaml has otherwise',
  documentation:
    'Nodes reach a registry inside the cluster by the ClusterIP of its Service. When the Service in the repository gets another ' +
    'one, every node still asks the old address. The two are compared where `resolves`, or a mirror keyed by the name of the ' +
    'Service, gives the address of a Service that is in the repository with a fixed `clusterIP`.',
  *run({ writtenMirrors, registries, discovery: { services } }) {
    for (const { name, address } of registries.nodes.flatMap(({ resolves }) => resolves)) {
      yield* compare(name.value, address, address.value, services);
    }
    for (const { namespaceHost, endpoints } of writtenMirrors) {
      for (const endpoint of endpoints) {
        const result = parseEndpoint(endpoint.value);
        if (!result.ok || !/^\d+(\.\d+){3}$/.test(result.endpoint.hostname)) continue;
        yield* compare(
          namespaceHost.value.replace(/:\d+$/, ''),
          endpoint,
          result.endpoint.hostname,
          services,
        );
      }
    }
  },
};

function* compare(
  hostname: string,
  written: Located<string>,
  address: string,
  services: readonly ServiceFact[],
): Generator<Problem> {
  const name = parseServiceName(hostname, services);
  const clusterIP = name && findService(services, name)?.clusterIP;
  if (!name || !clusterIP || clusterIP.value === 'None' || clusterIP.value === address) return;
  const mended = written.value.replace(address, clusterIP.value);
  yield {
    message: `the Service ${name.namespace}/${name.name} has the ClusterIP ${clusterIP.value}, and the nodes still ask ${address}`,
    location: written.location,
    related: [{ message: 'the Service, with its ClusterIP', location: clusterIP.location }],
    fix: writeValue(written.location, mended),
  };
}
