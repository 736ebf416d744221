import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { clusterConfig, planCluster } from '../../../src/proof/kind/cluster.ts';
import { planOf } from '../containerd/provedExample.ts';

const plan = planOf({
  'registries.yaml': `mirrors: {quay.io: {endpoint: ["http://10.1.1.1:5000"]}}
nodes:
  - {name: a, runtime: "containerd://1.7.24"}
  - {name: b, runtime: "containerd://1.7.24", mirrors: {ghcr.io: {endpoint: ["http://10.1.1.2:5000"]}}}
  - {name: c, runtime: "docker://28.1.0"}
  - {name: d, runtime: "containerd://1.7.24"}
  - {name: e, runtime: "k3s://1.7.24", mirrors: {docker.io: {endpoint: ["http://10.1.1.3"], rewrite: {"^(.*)": "hub/$1"}}}}
images: ["quay.io/app:1", "nginx:1"]
`,
});

suite('planCluster', () => {
  test('has one node for each distinct node, and the first one is the control plane', () => {
    const { nodes } = planCluster(plan, 'x', 8);
    assert.deepEqual(
      nodes.map(({ name, role, planned }) => `${name} ${role} ${planned.nodes.join('+')}`),
      ['x-control-plane control-plane a+d', 'x-worker worker b', 'x-worker2 worker e'],
    );
    assert.equal(
      clusterConfig({ nodes }),
      `kind: Cluster
apiVersion: kind.x-k8s.io/v1alpha4
nodes:
  - role: control-plane
  - role: worker
  - role: worker
kubeadmConfigPatches:
  - |
    apiVersion: kubelet.config.k8s.io/v1beta1
    kind: KubeletConfiguration
    registryPullQPS: 0
    eventRecordQPS: 0
`,
    );
  });

  test('says of each pull that is left out why', () => {
    const reasons = planCluster(plan, 'x', 8).leftOut.map(
      ({ pull, reason }) => `${pull.image} on ${pull.nodes.join('+')}: ${reason}`,
    );
    assert.ok(
      reasons.includes(
        'nginx:1 on e: its repository is rewritten, which only the containerd of k3s and RKE2 does',
      ),
      reasons.join('\n'),
    );
    assert.ok(
      reasons.includes(
        'nginx:1 on c: its images are pulled by dockerd, which reads other files than containerd',
      ),
    );
  });

  test('leaves out the nodes that are too many', () => {
    const { nodes, leftOut } = planCluster(plan, 'x', 1);
    assert.equal(nodes.length, 1);
    const reason =
      'there is room for 1 kind node only, one for each different node: --engine containerd has no such limit';
    assert.deepEqual(
      leftOut
        .filter((left) => left.reason === reason && left.pull.image === 'quay.io/app:1')
        .map(({ planned }) => planned.nodes),
      [['b'], ['e']],
    );
  });

  test('every pull is on a node or left out', () => {
    for (const maxNodes of [1, 2, 8]) {
      const { nodes, leftOut } = planCluster(plan, 'x', maxNodes);
      const found = [...nodes.flatMap(({ pulls }) => pulls), ...leftOut.map(({ pull }) => pull)];
      const wanted = plan.nodes.flatMap(({ pulls }) => pulls);
      assert.deepEqual(found.map(({ id }) => id).toSorted(), wanted.map(({ id }) => id).toSorted());
    }
  });

  test('leaves out the pulls of a node that are too many', () => {
    const images = Array.from({ length: 501 }, (_, index) => `quay.io/app:${index}`);
    const many = planOf({ 'registries.yaml': JSON.stringify({ images }) });
    const { nodes, leftOut } = planCluster(many, 'x', 1);
    assert.equal(nodes[0]?.pulls.length, 500);
    assert.deepEqual(
      leftOut.map(({ pull, reason }) => [pull.image, reason]),
      [['quay.io/app:500', 'a kind node pulls 500 images at most: --engine containerd has no such limit']],
    );
  });
});
