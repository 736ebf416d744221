import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnosis } from '../../../src/diagnose/diagnose.ts';
import { filesInMemory } from '../../../src/files/repositoryFiles.ts';
import { analyse, type Analysis } from '../../../src/pipeline/run.ts';
import { ContainerdEngine, defaultLimits } from '../../../src/proof/containerd/engine.ts';
import type { ContainerdEngineOptions } from '../../../src/proof/containerd/engine.ts';
import type { ProofEngine } from '../../../src/proof/engine.ts';
import { planProofs, type ProofPlan } from '../../../src/proof/plan.ts';
import type { Proof } from '../../../src/proof/proof.ts';
import { repositoryCatalogs } from '../../../src/proof/repositoryCatalogs.ts';
import { runProof } from '../../../src/proof/runProof.ts';
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

export function analyseFiles(files: Readonly<Record<string, string>>): Analysis {
  return analyse(filesInMemory(files), { substitutions: new Map() });
}

export function planOf(files: Readonly<Record<string, string>>): ProofPlan {
  return planAnalysed(analyseFiles(files));
}

function planAnalysed(analysis: Analysis): ProofPlan {
  const catalogs = repositoryCatalogs(analysis.registries, analysis.files);
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

export async function runPlan(
  engine: ProofEngine,
  plan: ProofPlan,
  repository: Analysis = analyseFiles({}),
): Promise<ProofRun> {
  const signal = new AbortController().signal;
  return runProof(engine, plan, { repository, signal, onProgress: () => undefined });
}

/** Proves a repository with one line of containerd. */
export async function proveFiles(
  line: ContainerdLine,
  files: Readonly<Record<string, string>>,
  options: Partial<ContainerdEngineOptions> = {},
): Promise<ProofRun> {
  const repository = analyseFiles(files);
  return runPlan(await engineWith([line], options), planAnalysed(repository), repository);
}

/** A proof in short: its outcome, image, nodes, and how it was; for a refuted one also the line to blame, and why. */
export function printProof({ pull, outcome, diagnosis }: Proof): string {
  const text =
    outcome.status === 'proved' ? outcome.via : outcome.status === 'refuted' ? outcome.error : outcome.reason;
  const line = `${outcome.status} ${pull.image} on ${pull.nodes.join(', ')}: ${text}`;
  return diagnosis ? `${line}\n  ${printDiagnosis(diagnosis)}` : line;
}

function printDiagnosis({ cause, location, message, fix }: Diagnosis): string {
  const place = location ? `${location.file}:${location.start.line}:${location.start.column}` : '(no line)';
  return `${cause} at ${place}: ${message}; fix: ${fix?.message ?? '(none)'}`;
}
