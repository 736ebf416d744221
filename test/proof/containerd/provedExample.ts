import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { filesInMemory } from '../../../src/files/repositoryFiles.ts';
import { analyse } from '../../../src/pipeline/run.ts';
import { ContainerdEngine, defaultLimits } from '../../../src/proof/containerd/engine.ts';
import type { ContainerdEngineOptions } from '../../../src/proof/containerd/engine.ts';
import type { ProofEngine } from '../../../src/proof/engine.ts';
import { planProofs, type ProofPlan } from '../../../src/proof/plan.ts';
import type { Control, Proof } from '../../../src/proof/proof.ts';
import { repositoryCatalogs } from '../../../src/proof/repositoryCatalogs.ts';
import type { ProofRun } from '../../../src/proof/summary.ts';
import { debianContainerd, type ContainerdLine } from '../../support/debianPackages.ts';

export const nodeProgram = join(import.meta.dirname, '../../../src/proof/containerd/nodeMain.ts');

/** The files of a folder by their paths in it, each node with this version of containerd. */
export function filesWithVersion(folder: string, version: string): Readonly<Record<string, string>> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true });
  const files = paths.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    files.map((file): [string, string] => {
      const text = readFileSync(file, 'utf8').replaceAll(/\b(containerd|k3s):\/\/[\d.]+/g, `$1://${version}`);
      return [file.slice(folder.length + 1), text];
    }),
  );
}

export function planOf(files: Readonly<Record<string, string>>): ProofPlan {
  const repository = filesInMemory(files);
  const analysis = analyse(repository, { substitutions: new Map() });
  const catalogs = repositoryCatalogs(analysis.registries, repository);
  return planProofs(analysis, { catalogs, isAirGapped: false });
}

/** An engine with the containerd of some lines. */
export async function engineWith(
  lines: readonly ContainerdLine[],
  options: Partial<ContainerdEngineOptions> = {},
): Promise<ContainerdEngine> {
  const binaries = [...(await debianContainerd(lines)).values()];
  return new ContainerdEngine({ nodeProgram, binaries: async () => binaries, ...defaultLimits, ...options });
}

export async function runPlan(engine: ProofEngine, plan: ProofPlan): Promise<ProofRun> {
  const proofs: Proof[] = [];
  const controls: Control[] = [];
  for await (const event of engine.prove(plan, new AbortController().signal)) {
    if (event.kind === 'proof') proofs.push(event.proof);
    else controls.push(event.control);
  }
  return { engine: engine.name, proofs, controls };
}

/** Proves a repository with one line of containerd. */
export async function proveFiles(
  line: ContainerdLine,
  files: Readonly<Record<string, string>>,
  options: Partial<ContainerdEngineOptions> = {},
): Promise<ProofRun> {
  return runPlan(await engineWith([line], options), planOf(files));
}

/** One line for a proof: its outcome, image, nodes, and how it was. */
export function printProof({ pull, outcome }: Proof): string {
  const text =
    outcome.status === 'proved' ? outcome.via : outcome.status === 'refuted' ? outcome.error : outcome.reason;
  return `${outcome.status} ${pull.image} on ${pull.nodes.join(', ')}: ${text}`;
}
