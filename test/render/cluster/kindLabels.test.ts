import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { parse } from 'yaml';
import { fileOf, renderRegistries } from './renderRegistries.ts';

/** The labels of the one kind node that stands for some nodes. */
function labelsFor(...labels: readonly object[]): unknown {
  const rendered = renderRegistries({
    mirrors: { 'docker.io': { endpoint: ['http://a:5000'] } },
    nodes: labels.map((entry, index) => ({ name: `n${index}`, labels: entry })),
  });
  return parse(fileOf(rendered, 'cluster/kind.yaml')).nodes[0].labels;
}

suite('the labels of a kind node', () => {
  test('are those that all nodes of a configuration share, sorted', () => {
    const shared = { zone: 'a', 'example.net/disk': 'ssd' };
    assert.deepEqual(labelsFor({ ...shared, pool: 'x' }, { ...shared, pool: 'y', other: '' }), shared);
    assert.deepEqual(Object.keys(labelsFor({ b: '1', a: '' }) ?? {}), ['a', 'b']);
    assert.equal(labelsFor({ pool: 'x' }, {}), undefined);
  });

  test('are none that a kubelet may not give to itself', () => {
    const zone = { 'topology.kubernetes.io/zone': 'edge' };
    const labels = {
      ...zone,
      'kubernetes.io/hostname': 'n0',
      'node-role.kubernetes.io/control-plane': '',
      'kubernetes.io/os': 'linux',
      'x.k8s.io/y': 'z',
    };
    assert.deepEqual(labelsFor(labels), zone);
  });

  test('are none that are no labels: kind writes them into another file without quotes', () => {
    for (const prefix of ['A', 'a_b', 'a,b', '', 'a/b', 'x'.repeat(254)]) {
      assert.deepEqual(labelsFor({ good: 'x', [`${prefix}/a`]: 'x' }), { good: 'x' }, prefix);
    }
    for (const text of ['a,b=c', 'a"', 'a\nb', 'a b', '-a', 'x'.repeat(64), 'a\\', '{{.x}}', 'ö']) {
      assert.deepEqual(labelsFor({ good: 'x', bad: text }), { good: 'x' }, text);
      assert.deepEqual(labelsFor({ good: 'x', [text]: 'x' }), { good: 'x' }, text);
    }
  });
});
