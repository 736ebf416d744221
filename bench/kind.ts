/**
 * Times the engine kind beside a bare `kind create cluster` of as many nodes: what is ours of a run.
 *
 *     MIRRORPROOF_KIND_NODE_IMAGE=... node bench/kind.ts [ROUNDS]
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { planOf, runPlan } from '../test/proof/containerd/provedExample.ts';
import { kindEngine, missingForKind, nodeVersion } from '../test/proof/kind/lab.ts';

const name = 'mirrorproof-bench';
const folder = mkdtempSync(join(tmpdir(), 'bench-kind-'));
const kubeconfig = ['--kubeconfig', join(folder, 'kubeconfig')];

function kind(args: readonly string[], input = ''): void {
  const { status } = spawnSync('kind', [...args, '--quiet'], { input, stdio: ['pipe', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`kind ${args.join(' ')} failed`);
}

/** In milliseconds. */
function timeBareCluster(nodes: number): number {
  const roles = ['control-plane', ...Array<string>(nodes - 1).fill('worker')];
  const list = roles.map((role) => `{role: ${role}}`).join(', ');
  const config = `{kind: Cluster, apiVersion: kind.x-k8s.io/v1alpha4, nodes: [${list}]}`;
  const image = process.env['MIRRORPROOF_KIND_NODE_IMAGE'] ?? '';
  const start = performance.now();
  kind(['create', 'cluster', '--name', name, ...kubeconfig, '--image', image, '--config', '-'], config);
  const time = performance.now() - start;
  kind(['delete', 'cluster', '--name', name, ...kubeconfig]);
  return time;
}

function repository(nodes: number, images: number, version: string): string {
  const entries = Array.from(
    { length: nodes },
    (_, node) =>
      `  - {name: worker-${node}, runtime: "containerd://${version}", mirrors: {docker.io: {endpoint: ["http://10.10.${node}.1:5000"]}}}\n`,
  );
  const list = Array.from({ length: images }, (_, image) => `  - team/app-${image}:1.0\n`);
  return `nodes:\n${entries.join('')}images:\n${list.join('')}`;
}

const missing = await missingForKind();
if (missing !== false) throw new Error(missing);
const [nodes, images] = [2, 10];
const plan = planOf({ 'registries.yaml': repository(nodes, images, await nodeVersion()) });
const seconds = (time: number): string => `${(time / 1000).toFixed(1)} s`;
for (let round = 0; round < Number(process.argv[2] ?? 1); round += 1) {
  const bare = timeBareCluster(nodes);
  const engine = kindEngine();
  const start = performance.now();
  const { proofs, controls } = await runPlan(engine, plan);
  const whole = performance.now() - start;
  const proved = proofs.filter(({ outcome }) => outcome.status === 'proved').length;
  console.log(`kind create cluster, ${nodes} nodes: ${seconds(bare)}`);
  console.log(`prove, ${nodes} nodes x ${images} images, with its removal: ${seconds(whole)}`);
  console.log(
    `  ${proved} of ${proofs.length} proved, ${controls.length} controls; ${engine.notes.join('; ')}`,
  );
}
rmSync(folder, { recursive: true });
