import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeUses } from '../../support/uses.ts';

describe('the settings of nodes', () => {
  it('of Talos name images', () => {
    const source = `version: v1alpha1
machine:
  install:
    image: ghcr.io/siderolabs/installer:v1.9.0
  kubelet:
    image: ghcr.io/siderolabs/kubelet:v1.32.0
cluster:
  apiServer:
    image: registry.k8s.io/kube-apiserver:v1.32.0
  coreDNS:
    disabled: true
`;
    assert.deepEqual(describeUses(source, {}, 'controlplane.yaml'), [
      '4:12 ghcr.io/siderolabs/installer:v1.9.0 (certain, nodeConfig)',
      '6:12 ghcr.io/siderolabs/kubelet:v1.32.0 (certain, nodeConfig)',
      '9:12 registry.k8s.io/kube-apiserver:v1.32.0 (certain, nodeConfig)',
    ]);
  });

  it('of k3s and RKE2 name images', () => {
    const source =
      'pause-image: registry.example.com/pause:3.9\nsystem-default-registry: registry.example.com\n';
    assert.deepEqual(describeUses(source, {}, 'etc/rancher/k3s/config.yaml'), [
      '1:14 registry.example.com/pause:3.9 (certain, nodeConfig)',
    ]);
  });

  it('are not anything with a kind, nor anything else that has a machine', () => {
    assert.deepEqual(describeUses('kind: X\npause-image: registry.example.com/pause:3.9\n'), []);
    assert.deepEqual(describeUses('machine:\n  image: ubuntu:22.04\n'), []);
    assert.deepEqual(describeUses('pause-image: [\n'), []);
  });
});
