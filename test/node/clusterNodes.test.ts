import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { buildClusterNodes, type ClusterNodes } from '../../src/node/clusterNodes.ts';
import { loadRegistries } from '../../src/registries/load.ts';

const inventory = `apiVersion: v1
kind: List
items:
  - kind: Node
    metadata: {name: w1, labels: {zone: edge}}
    spec: {taints: [{key: dedicated, value: ci, effect: NoSchedule}]}
    status: {nodeInfo: {containerRuntimeVersion: "containerd://1.7.11-k3s2", architecture: arm64}}
  - kind: Node
    metadata: {name: w2, labels: {zone: core}}
    status: {nodeInfo: {containerRuntimeVersion: "containerd://1.6.20"}}
`;

function build(registries: string, files: Readonly<Record<string, string>> = {}): ClusterNodes {
  return buildClusterNodes(loadRegistries('cluster/registries.yaml', registries), filesInMemory(files));
}

suite('buildClusterNodes', () => {
  test('without entries there is one node', () => {
    assert.deepEqual(
      build('').nodes.map(({ name, runtime }) => [name, runtime.kind]),
      [['default', 'unknown']],
    );
  });

  test('an inventory tells names, labels, taints, architecture and runtime, with places', () => {
    const { nodes, problems } = build('nodes: [{from: nodes.yaml}]', { 'cluster/nodes.yaml': inventory });
    assert.deepEqual(problems, []);
    const [w1, w2] = nodes;
    assert.deepEqual(w1?.labels, { zone: 'edge' });
    assert.deepEqual(w1?.taints, [{ key: 'dedicated', value: 'ci', effect: 'NoSchedule' }]);
    assert.equal(w1?.architecture, 'arm64');
    assert.deepEqual(w1?.runtime, { kind: 'k3s', version: '1.7.11' });
    assert.deepEqual(w1?.location.start, { line: 5, column: 22 });
    assert.deepEqual(w2?.runtime, { kind: 'containerd', version: '1.6.20' });
  });

  test('later entries win; settings of a group reach its nodes only', () => {
    const { nodes } = build(
      `mirrors: {docker.io: {endpoint: [http://all]}}
nodes:
  - from: nodes.yaml
  - match: {zone: edge}
    mirrors: {docker.io: {endpoint: [http://edge]}}
  - name: w2
    runtime: containerd://2.1.0
  - name: w3
`,
      { 'cluster/nodes.yaml': inventory },
    );
    const endpoints = nodes.map(({ name, mirrors }) => [name, mirrors.get('docker.io')?.endpoints[0]?.value]);
    assert.deepEqual(endpoints, [
      ['w1', 'http://edge'],
      ['w2', 'http://all'],
      ['w3', 'http://all'],
    ]);
    assert.equal(nodes[1]?.runtime.version, '2.1.0');
  });

  test('nodes with the same settings share their maps', () => {
    const { nodes } = build('nodes: [{name: a}, {name: b}]');
    assert.equal(nodes[0]?.mirrors, nodes[1]?.mirrors);
  });

  test('entries that select nothing are problems at their place', () => {
    const { problems } = build(
      'nodes:\n  - match: {zone: moon}\n  - from: nowhere.yaml\n  - from: empty.yaml\n',
      {
        'cluster/empty.yaml': 'kind: List\nitems: []\n',
      },
    );
    assert.deepEqual(
      problems.map(({ message, location }) => [location.start.line, message]),
      [
        [2, 'no node that is named above has these labels'],
        [3, 'the node inventory `cluster/nowhere.yaml` is not in the repository'],
        [4, '`cluster/empty.yaml` names no node: save the output of `kubectl get nodes -o yaml` there'],
      ],
    );
  });
});
