import type { ClusterNode } from '../../node/clusterNode.ts';
import { profileFor } from '../../resolver/profile.ts';
import type { Check, Problem } from '../check.ts';
import { groupBy } from '../../source/groupBy.ts';
import { listNames, nodeNames } from '../people.ts';

export const unemulatedRuntime: Check = {
  id: 'unemulated-runtime',
  severity: 'notice',
  summary: 'a node whose runtime mirrorproof does not know, or whose version is not given',
  documentation:
    'What containerd does with a configuration depends on its version. A node without `runtime` is taken for the newest ' +
    'containerd; a runtime other than containerd, k3s, RKE2 and Docker (CRI-O, say) reads other files, and nothing that is ' +
    'said about the node is certain. The version of k3s or RKE2 itself is not that of its containerd.',
  *run({ cases, nodes }) {
    for (const { configuration, members } of cases) {
      const { profile } = configuration;
      const [first] = members;
      const names = nodeNames(members);
      if (!first || profile.emulated) continue;
      yield {
        message: `the runtime of ${listNames(names)} is not emulated: what is said about it is what containerd ${profile.version} would do`,
        location: first.node.writtenRuntime?.location ?? first.node.location,
        nodes: names,
      };
    }
    yield* unknownVersions(nodes);
  },
};

/** Nodes without a runtime, or with a version that was not examined: one problem for each text. */
function* unknownVersions(nodes: readonly ClusterNode[]): Generator<Problem> {
  const unsure = nodes.filter(({ name, runtime }) => {
    const { assumed, emulated } = profileFor(runtime);
    return assumed && emulated && runtime.kind !== 'docker' && name !== 'default';
  });
  for (const [written, alike] of groupBy(unsure, ({ writtenRuntime }) => writtenRuntime?.value ?? '')) {
    const [{ writtenRuntime, location, runtime }] = alike;
    const names = alike.map(({ name }) => name);
    const { version } = profileFor(runtime);
    yield {
      message:
        written === ''
          ? `the runtime of ${listNames(names)} is not given: it is taken for containerd ${version}, the newest that is known`
          : `the containerd of \`${written}\` on ${listNames(names)} is not known: it is taken for containerd ${version}`,
      location: writtenRuntime?.location ?? location,
      nodes: names,
      fix: {
        message:
          'write the runtime as `kubectl get nodes -o wide` prints it, as `containerd://1.7.24` or `containerd://1.7.11-k3s2`',
      },
    };
  }
}
