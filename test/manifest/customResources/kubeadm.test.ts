import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeUses, textAt, usesIn } from '../../support/uses.ts';

function configuration(body: string): string {
  return `apiVersion: kubeadm.k8s.io/v1beta4\nkind: ClusterConfiguration\n${body}`;
}

describe('kubeadm', () => {
  it('pulls the control plane of the version from the repository', () => {
    const source = configuration('kubernetesVersion: v1.31.2\nimageRepository: registry.example.com/k8s\n');
    assert.deepEqual(describeUses(source), [
      '4:18 registry.example.com/k8s/kube-apiserver:v1.31.2 (certain, nodeConfig)',
      '4:18 registry.example.com/k8s/kube-controller-manager:v1.31.2 (certain, nodeConfig)',
      '4:18 registry.example.com/k8s/kube-scheduler:v1.31.2 (certain, nodeConfig)',
      '4:18 registry.example.com/k8s/kube-proxy:v1.31.2 (certain, nodeConfig)',
    ]);
    const tag = usesIn(source)[0]?.parts?.tag;
    assert.equal(tag && textAt(source, tag), 'v1.31.2');
  });

  it('has a default repository that is known from 1.25 on', () => {
    const images = (version: string): readonly string[] =>
      usesIn(configuration(`kubernetesVersion: ${version}\n`)).map(({ text }) => text);
    assert.equal(images('1.30.1')[0], 'registry.k8s.io/kube-apiserver:v1.30.1');
    assert.deepEqual(images('v1.24.1'), []);
    assert.deepEqual(images('stable-1.30'), []);
  });

  it('pulls CoreDNS and etcd when their tags are written', () => {
    const source = configuration(`imageRepository: registry.k8s.io
dns:
  imageTag: v1.11.1
etcd:
  local:
    imageRepository: registry.example.com
    imageTag: 3.5.12-0
`);
    assert.deepEqual(describeUses(source), [
      '3:18 registry.k8s.io/coredns/coredns:v1.11.1 (certain, nodeConfig)',
      '8:22 registry.example.com/etcd:3.5.12-0 (certain, nodeConfig)',
    ]);
    assert.deepEqual(describeUses(configuration('dns: {imageRepository: a.example.com}\n')), []);
  });

  it('is configured by Cluster API as well', () => {
    const source = `apiVersion: controlplane.cluster.x-k8s.io/v1beta1
kind: KubeadmControlPlane
spec:
  version: v1.30.0
  kubeadmConfigSpec:
    clusterConfiguration:
      imageRepository: registry.example.com/k8s
`;
    assert.equal(
      describeUses(source)[0],
      '7:24 registry.example.com/k8s/kube-apiserver:v1.30.0 (certain, nodeConfig)',
    );
  });
});
