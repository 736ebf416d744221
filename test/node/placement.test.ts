import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { NodeRequirement, Placement } from '../../src/manifest/imageUse.ts';
import type { ClusterNode } from '../../src/node/clusterNode.ts';
import { mayRunOn } from '../../src/node/placement.ts';
import { unknownRuntime } from '../../src/resolver/runtime.ts';
import { startOfFile } from '../../src/source/location.ts';

const anywhere: Placement = { nodeSelector: {}, nodeAffinity: [], tolerations: [], isDaemonSet: false };

const edge: ClusterNode = {
  name: 'w1',
  location: startOfFile('registries.yaml'),
  labels: { zone: 'edge', cores: '8' },
  taints: [],
  architecture: 'arm64',
  runtime: unknownRuntime,
  resolves: new Map(),
  mirrors: new Map(),
  configs: new Map(),
};
const { labels: _, ...unlabelled } = edge;
const tainted: ClusterNode = { ...edge, taints: [{ key: 'dedicated', value: 'ci', effect: 'NoSchedule' }] };

function requirement(key: string, operator: string, ...values: string[]): NodeRequirement {
  return { key, operator, values, subject: 'label' };
}

suite('mayRunOn', () => {
  const cases: readonly [string, Partial<Placement>, ClusterNode, boolean][] = [
    ['no conditions', {}, edge, true],
    ['its nodeName', { nodeName: 'w1' }, edge, true],
    ['another nodeName', { nodeName: 'w2' }, edge, false],
    ['nodeName passes taints by', { nodeName: 'w1' }, tainted, true],
    ['a selector that fits', { nodeSelector: { zone: 'edge' } }, edge, true],
    ['a selector that does not', { nodeSelector: { zone: 'core' } }, edge, false],
    ['a label that the node has not', { nodeSelector: { disk: 'ssd' } }, edge, false],
    ['labels that nobody knows', { nodeSelector: { zone: 'core' } }, unlabelled, true],
    [
      'a host name, known even without labels',
      { nodeSelector: { 'kubernetes.io/hostname': 'w9' } },
      unlabelled,
      false,
    ],
    ['another architecture', { nodeSelector: { 'kubernetes.io/arch': 'amd64' } }, unlabelled, false],
    ['another operating system', { nodeSelector: { 'kubernetes.io/os': 'windows' } }, edge, false],
    ['In', { nodeAffinity: [[requirement('zone', 'In', 'edge', 'core')]] }, edge, true],
    ['NotIn', { nodeAffinity: [[requirement('zone', 'NotIn', 'edge')]] }, edge, false],
    [
      'NotIn of a label that is not there',
      { nodeAffinity: [[requirement('disk', 'NotIn', 'hdd')]] },
      edge,
      true,
    ],
    ['Exists', { nodeAffinity: [[requirement('disk', 'Exists')]] }, edge, false],
    ['DoesNotExist', { nodeAffinity: [[requirement('disk', 'DoesNotExist')]] }, edge, true],
    ['Gt', { nodeAffinity: [[requirement('cores', 'Gt', '4')]] }, edge, true],
    ['Lt', { nodeAffinity: [[requirement('cores', 'Lt', '4')]] }, edge, false],
    [
      'one of two terms',
      { nodeAffinity: [[requirement('zone', 'In', 'core')], [requirement('cores', 'Exists')]] },
      edge,
      true,
    ],
    [
      'a field',
      { nodeAffinity: [[{ key: 'metadata.name', operator: 'In', values: ['w1'], subject: 'field' }]] },
      edge,
      true,
    ],
    ['a taint', {}, tainted, false],
    ['a toleration of it', { tolerations: [{ key: 'dedicated', value: 'ci' }] }, tainted, true],
    ['a toleration of another value', { tolerations: [{ key: 'dedicated', value: 'gpu' }] }, tainted, false],
    ['a toleration of everything', { tolerations: [{ operator: 'Exists' }] }, tainted, true],
    [
      'a toleration of another effect',
      { tolerations: [{ key: 'dedicated', operator: 'Exists', effect: 'NoExecute' }] },
      tainted,
      false,
    ],
    [
      'a taint that is only preferred',
      {},
      { ...edge, taints: [{ key: 'a', value: '', effect: 'PreferNoSchedule' }] },
      true,
    ],
    [
      'the condition of a node, for a DaemonSet',
      { isDaemonSet: true },
      { ...edge, taints: [{ key: 'node.kubernetes.io/not-ready', value: '', effect: 'NoExecute' }] },
      true,
    ],
  ];
  for (const [name, placement, node, expected] of cases) {
    test(`${name}: ${expected ? 'may' : 'may not'}`, () => {
      assert.equal(mayRunOn({ ...anywhere, ...placement }, node), expected);
    });
  }
});
