import { parseEndpoint } from '../../registries/endpoint.ts';
import type { Check } from '../check.ts';
import { listNames, nodeNames } from '../people.ts';

export const dockerMirrors: Check = {
  id: 'docker-mirrors',
  severity: 'error',
  summary: 'a mirror for anything but Docker Hub on a node that runs dockerd',
  documentation:
    '`registry-mirrors` in `daemon.json` is for Docker Hub only. A node that still runs dockerd (dockershim or cri-dockerd) ' +
    'asks every other registry itself, whatever registries.yaml says. Name the mirror in the image, or move the node to ' +
    'containerd.',
  *run({ pulls }) {
    for (const { reference, nodeCase, nodes, uses } of pulls) {
      if (nodeCase.configuration.registry.form !== 'docker' || reference.domain === 'docker.io') continue;
      const [first] = nodes;
      const mirror = first?.node.mirrors.get(reference.domain) ?? first?.node.mirrors.get('*');
      const isRealMirror = mirror?.endpoints.some(({ value }) => {
        const endpoint = parseEndpoint(value);
        return endpoint.ok && endpoint.endpoint.host !== reference.domain;
      });
      if (!mirror || !isRealMirror) continue;
      const names = nodeNames(nodes);
      for (const use of uses) {
        yield {
          message: `dockerd on ${listNames(names)} mirrors only Docker Hub: the mirror for \`${mirror.namespaceHost.value}\` is not used there, and \`${use.text}\` is asked from ${reference.domain} itself`,
          location: use.location,
          nodes: names,
          image: use.text,
          related: [{ message: 'the mirror', location: mirror.namespaceHost.location }],
          fix: { message: 'name the mirror in the image, or keep the Pod off these nodes' },
        };
      }
    }
  },
};
