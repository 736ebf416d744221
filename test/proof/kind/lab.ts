import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../../src/process/process.ts';
import { KindEngine, type KindEngineSettings } from '../../../src/proof/kind/engine.ts';
import type { ProofPlan } from '../../../src/proof/plan.ts';

const nodeImage = process.env['MIRRORPROOF_KIND_NODE_IMAGE'];
const registryImage = process.env['MIRRORPROOF_REGISTRY_IMAGE'];

/** The images of the clusters, for the command line. */
export const imageOptions: readonly string[] = [
  ...(nodeImage === undefined ? [] : ['--node-image', nodeImage]),
  ...(registryImage === undefined ? [] : ['--registry-image', registryImage]),
];

/** Why no cluster can be made here; false where it can. */
export async function missingForKind(): Promise<string | false> {
  if (nodeImage === undefined)
    return 'MIRRORPROOF_KIND_NODE_IMAGE does not name the image of the nodes: see CONTRIBUTING.md';
  const availability = await kindEngine().probe();
  return availability.isAvailable ? false : availability.reason;
}

export function kindEngine(settings: Partial<KindEngineSettings> = {}): KindEngine {
  return new KindEngine({ environment: process.env, nodeImage, registryImage, ...settings });
}

/** The version of containerd in the nodes. */
export async function nodeVersion(): Promise<string> {
  const text = await docker('run', '--rm', '--entrypoint', 'containerd', nodeImage ?? '', '--version');
  const [version] = /\d+\.\d+\.\d+/.exec(text.replace(/^\S+ \S+ /, '')) ?? [];
  return version ?? '';
}

export async function docker(...args: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run({ file: 'docker', args }, { time: 300_000 });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** Several plans as one: the nodes of each are called after it, and so are its pulls. */
export function mergePlans(plans: Readonly<Record<string, ProofPlan>>): ProofPlan {
  const nodes = Object.entries(plans).flatMap(([title, plan]) =>
    plan.nodes.map((node) => {
      const rename = (name: string): string => `${title}/${name}`;
      const pulls = node.pulls.map((pull) => ({
        ...pull,
        id: `${title} ${pull.id}`,
        nodes: pull.nodes.map(rename),
      }));
      return { ...node, nodes: node.nodes.map(rename), pulls };
    }),
  );
  return { nodes };
}

/** All that a run has made and that is still there. */
export async function tracesOf(runId: string): Promise<readonly string[]> {
  const name = `mirrorproof-${runId}`;
  const folder = join(tmpdir(), `mirrorproof-kind-${runId}`);
  const [containers, networks, volumes] = await Promise.all([
    docker('ps', '--all', '--format', '{{.Names}}', '--filter', `name=${name}`),
    docker('network', 'ls', '--format', '{{.Name}}', '--filter', `name=${name}`),
    docker('volume', 'ls', '--quiet', '--filter', `label=io.mirrorproof.run=${runId}`),
  ]);
  const found = [containers, networks, volumes].flatMap((text) => text.split('\n'));
  return [...found, ...(existsSync(folder) ? [folder] : [])].filter((line) => line !== '');
}
