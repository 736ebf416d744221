import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { planCluster } from '../../../src/proof/kind/cluster.ts';
import { chooseNodeImage } from '../../../src/proof/kind/nodeImage.ts';
import { planOf } from '../containerd/provedExample.ts';

/** The image for nodes with these runtimes, without its digest. */
function imageFor(...runtimes: readonly string[]): string | undefined {
  const nodes = runtimes.map(
    (runtime, index) =>
      `  - {name: n${index}, ${runtime === '' ? '' : `runtime: "${runtime}", `}mirrors: {quay.io: {endpoint: ["http://10.1.1.${index + 1}:5000"]}}}\n`,
  );
  const plan = planOf({ 'registries.yaml': `nodes:\n${nodes.join('')}images: ["quay.io/app:1"]\n` });
  return chooseNodeImage(planCluster(plan, 'x', 8).nodes)?.replace(/@sha256:[0-9a-f]{64}$/, '');
}

suite('chooseNodeImage', () => {
  const cases: readonly (readonly [runtimes: readonly string[], image: string | undefined])[] = [
    [['containerd://1.6.20'], 'kindest/node:v1.27.1'],
    [['containerd://1.7.34'], 'kindest/node:v1.32.0'],
    [['k3s://2.0.4'], 'kindest/node:v1.32.2'],
    [['containerd://2.1.9'], 'kindest/node:v1.34.0'],
    [['containerd://1.6.20', 'containerd://2.2.0', 'containerd://2.2.1'], 'kindest/node:v1.35.0'],
    [['', '', 'containerd://1.7.24'], 'kindest/node:v1.32.0'],
    [[''], undefined],
  ];
  for (const [runtimes, image] of cases) {
    test(`${runtimes.map((runtime) => runtime || 'no runtime').join(', ')}: ${image ?? "kind's own choice"}`, () => {
      assert.equal(imageFor(...runtimes), image);
    });
  }
});
