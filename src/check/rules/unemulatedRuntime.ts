import type { Check } from '../check.ts';
import { listNames, nodeNames } from '../people.ts';

export const unemulatedRuntime: Check = {
  id: 'unemulated-runtime',
  severity: 'notice',
  summary: 'a node whose runtime mirrorproof does not know, or whose version is not given',
  documentation:
    'What containerd does with a configuration depends on its version. A node without `runtime` is taken for the newest ' +
    'containerd; a runtime other than containerd, k3s, RKE2 and Docker (CRI-O, say) reads other files, and nothing that is ' +
    'said about the node is certain.',
  *run({ cases, nodes }) {
    for (const { configuration, members } of cases) {
      const { profile } = configuration;
      const [first] = members;
      const names = nodeNames(members);
      if (!first || profile.emulated) continue;
      yield {
        message: `the runtime of ${listNames(names)} is not emulated: what is said about it is what containerd ${profile.version} would do`,
        location: first.node.runtimeLocation ?? first.node.location,
        nodes: names,
      };
    }
    for (const node of nodes) {
      if (node.runtime.kind !== 'unknown' || node.name === 'default') continue;
      yield {
        message: `the runtime of ${node.name} is not given: it is taken for the newest containerd`,
        location: node.location,
        nodes: [node.name],
        fix: { message: 'add `runtime: containerd://VERSION`, as `kubectl get nodes -o wide` prints it' },
      };
    }
  },
};
