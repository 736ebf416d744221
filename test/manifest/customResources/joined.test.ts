import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { describeUses, textAt, usesIn } from '../../support/uses.ts';

const digest = '0123456789abcdef'.repeat(4);

function resource(apiVersion: string, kind: string, spec: string): string {
  return `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: a\nspec:\n${spec}`;
}

describe('images in several fields', () => {
  const prometheus = (spec: string): readonly string[] =>
    describeUses(resource('monitoring.coreos.com/v1', 'Prometheus', spec));

  it('of Prometheus are the image, or the base image with sha, tag and version in this order', () => {
    assert.deepEqual(prometheus('  image: quay.io/a/b:1\n  baseImage: quay.io/c/d\n  version: v3'), [
      '6:10 quay.io/a/b:1 (certain, customResource)',
    ]);
    const base = '  baseImage: quay.io/c/d\n  version: v3\n';
    assert.deepEqual(prometheus(base), ['6:14 quay.io/c/d:v3 (certain, customResource)']);
    assert.deepEqual(prometheus(`${base}  tag: t4\n`), ['6:14 quay.io/c/d:t4 (certain, customResource)']);
    assert.deepEqual(prometheus(`${base}  tag: t4\n  sha: ${digest}\n`), [
      `6:14 quay.io/c/d@sha256:${digest} (certain, customResource)`,
    ]);
  });

  it('of Thanos beside Prometheus stand below it', () => {
    assert.deepEqual(
      prometheus('  image: quay.io/a/b:1\n  thanos:\n    baseImage: quay.io/t/t\n    tag: v1\n'),
      ['6:10 quay.io/a/b:1 (certain, customResource)', '8:16 quay.io/t/t:v1 (certain, customResource)'],
    );
  });

  it('name the place of each part', () => {
    const source = resource(
      'monitoring.coreos.com/v1',
      'Prometheus',
      '  baseImage: quay.io/c/d\n  version: "v3"\n',
    );
    const [use] = usesIn(source);
    assert.equal(use?.parts?.repository && textAt(source, use.parts.repository), 'quay.io/c/d');
    assert.equal(use?.parts?.tag && textAt(source, use.parts.tag), 'v3');
  });

  it('of an upgrade plan have the version as tag, unless they have one', () => {
    const plan = (spec: string): readonly string[] =>
      describeUses(resource('upgrade.cattle.io/v1', 'Plan', spec));
    assert.deepEqual(plan('  version: v1.30.2-k3s1\n  upgrade:\n    image: rancher/k3s-upgrade\n'), [
      '8:12 rancher/k3s-upgrade:v1.30.2-k3s1 (certain, customResource)',
    ]);
    assert.deepEqual(plan('  version: v1.30.2\n  upgrade:\n    image: rancher/k3s-upgrade:v9\n'), [
      '8:12 rancher/k3s-upgrade:v9 (certain, customResource)',
    ]);
    assert.deepEqual(plan('  channel: https://example.com\n  upgrade:\n    image: rancher/k3s-upgrade\n'), [
      '8:12 rancher/k3s-upgrade (certain, customResource, unresolved, pulled by nobody)',
    ]);
  });

  it('of an OCIRepository are fetched by the controller', () => {
    const oci = (spec: string): readonly string[] =>
      describeUses(resource('source.toolkit.fluxcd.io/v1', 'OCIRepository', spec));
    assert.deepEqual(oci('  url: oci://ghcr.io/a/b\n  ref:\n    tag: 1.2.3\n'), [
      '6:14 ghcr.io/a/b:1.2.3 (certain, customResource, pulled by controller)',
    ]);
    assert.deepEqual(oci('  url: oci://ghcr.io/a/b\n  ref:\n    semver: ">=1"\n'), [
      '6:14 ghcr.io/a/b (certain, customResource, unresolved, pulled by nobody)',
    ]);
  });

  it('of Istio are the control plane and the proxy, when hub and tag are there', () => {
    const istio = (spec: string): readonly string[] =>
      describeUses(resource('install.istio.io/v1alpha1', 'IstioOperator', spec));
    assert.deepEqual(istio('  hub: registry.example.com/istio\n  tag: 1.25.0\n'), [
      '6:8 registry.example.com/istio/pilot:1.25.0 (likely, customResource)',
      '6:8 registry.example.com/istio/proxyv2:1.25.0 (likely, customResource)',
    ]);
    assert.deepEqual(istio('  hub: registry.example.com/istio\n'), []);
  });
});
