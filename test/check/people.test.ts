import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listNames, onNodes, relatedUses, userOf } from '../../src/check/people.ts';
import type { ImageUse } from '../../src/manifest/imageUse.ts';
import { startOfFile } from '../../src/source/location.ts';

const location = startOfFile('manifests/web.yaml');
const use: ImageUse = {
  text: 'nginx:1.27.3',
  location,
  status: 'resolved',
  confidence: 'certain',
  from: 'imageList',
  pulledBy: ['node'],
  field: 'images[0]',
};
const workload: NonNullable<ImageUse['workload']> = {
  kind: 'Deployment',
  name: 'web',
  location,
  placement: { nodeSelector: {}, nodeAffinity: [], tolerations: [], isDaemonSet: false },
  imagePullSecrets: [],
};

describe('listNames', () => {
  test('names up to three, and counts the rest', () => {
    const lists = [[], ['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd'], ['a', 'b', 'c', 'd', 'e']];
    assert.deepEqual(lists.map(listNames), [
      '',
      'a',
      'a and b',
      'a, b and c',
      'a, b, c and 1 more',
      'a, b, c and 2 more',
    ]);
  });
});

describe('onNodes', () => {
  test('says nothing of the one node that stands for all', () => {
    assert.equal(onNodes(['default']), '');
    assert.equal(onNodes(['k8s2']), ' on node k8s2');
    assert.equal(onNodes(['default', 'k8s2']), ' on nodes default and k8s2');
  });
});

describe('userOf', () => {
  test('names the workload, or the field where there is none', () => {
    assert.equal(userOf({ ...use, workload }), 'Deployment/web');
    assert.equal(userOf(use), 'images[0]');
  });
});

describe('relatedUses', () => {
  test('shows the first three', () => {
    const related = relatedUses([use, { ...use, workload }, use, use]);
    assert.deepEqual(
      related.map(({ message }) => message),
      ['images[0] names nginx:1.27.3', 'Deployment/web names nginx:1.27.3', 'images[0] names nginx:1.27.3'],
    );
  });
});
