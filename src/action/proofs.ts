import { join } from 'node:path';
import { saveState } from '@actions/core';
import { exitCodes } from '../exitCodes.ts';
import { CommandError, start, type Command } from '../process/process.ts';
import { readProofDocument } from '../proof/document.ts';
import type { EngineResult } from '../proof/formatMarkdown.ts';
import { printLine } from './log.ts';
import { passSignals } from './passSignals.ts';
import { automaticEngines, type Inputs } from './inputs.ts';
import type { EngineName } from '../proof/engineNames.ts';

/** What the step tells the one that cleans up after it: it may have made a kind cluster. */
export const provedWithKind = 'proved-with-kind';

/** An engine's result, and what it printed: for the artifact. */
export interface EngineRun {
  readonly result: EngineResult;
  /** The JSON; empty where nothing was tried. */
  readonly output: string;
}

/**
 * Proves the pulls as the input `prove` says: with each engine that it names, or with the first one that can work here. Each runs in
 * a process of its own, which gets the rights that it needs and cleans up after itself.
 *
 * @param folder - Where engines put files for the artifact.
 */
export async function proveRepository(inputs: Inputs, folder: string): Promise<readonly EngineRun[]> {
  const proveBy = (engine: EngineName): Promise<EngineRun> =>
    proveWith(engine, proveArguments(engine, inputs, join(folder, 'logs', engine)));
  if (inputs.prove === 'auto') return firstThatJudges(automaticEngines, proveBy);
  const runs: EngineRun[] = [];
  for (const engine of inputs.prove) runs.push(await proveBy(engine));
  return runs;
}

/** Tries engines until one has proved or refuted something. Without any, what all of them left open counts. */
export async function firstThatJudges(
  engines: readonly EngineName[],
  proveBy: (engine: EngineName) => Promise<EngineRun>,
): Promise<readonly EngineRun[]> {
  const runs: EngineRun[] = [];
  for (const engine of engines) {
    const run = await proveBy(engine);
    if (hasJudged(run.result)) return [...runs.map(asUnavailable), run];
    runs.push(run);
    if (run.result.kind === 'unavailable' && run.result.isFault) break;
  }
  return runs;
}

function hasJudged(result: EngineResult): boolean {
  return result.kind === 'proved' && result.document.summary.proved + result.document.summary.refuted > 0;
}

/** What it left open was judged by another engine. */
function asUnavailable(run: EngineRun): EngineRun {
  if (run.result.kind === 'unavailable') return run;
  const { engine, proofs } = run.result.document;
  const reason = proofs.find((proof) => proof.reason !== undefined)?.reason ?? 'it judged no pull';
  return { result: { kind: 'unavailable', engine, reason, isFault: false }, output: '' };
}

async function proveWith(engine: EngineName, args: readonly string[]): Promise<EngineRun> {
  if (engine === 'kind') saveState(provedWithKind, 'true');
  const command: Command = {
    file: process.execPath,
    args: [join(import.meta.dirname, 'cli', 'index.js'), 'prove', ...args],
  };
  const { status, stdout, stderr } = await runToEnd(command);
  const remarks = stderr.split('\n').flatMap((line) => line.replace(/^mirrorproof: /, '').trim() || []);
  const isFault = status !== exitCodes.unproved;
  if (stdout !== '' || isFault) for (const remark of remarks) printLine(`${engine}: ${remark}`);
  if (stdout !== '')
    return { result: { kind: 'proved', document: readProofDocument(stdout) }, output: stdout };
  const isSaid = !isFault || status === exitCodes.usage;
  const ended = `it ended with ${status ?? 'a signal'}, and the log says more`;
  const said = isSaid ? remarks.at(-1) : undefined;
  const reason = (said ?? ended).replace(/^nothing could be proved: /, '').replace(/\.$/, '');
  return { result: { kind: 'unavailable', engine, reason, isFault }, output: '' };
}

/**
 * The command line of `mirrorproof prove` that says what the inputs say.
 *
 * @param folder - Where the engine puts files for the artifact.
 */
export function proveArguments(engine: EngineName, inputs: Inputs, folder: string): readonly string[] {
  const { root, registries, manifests, substitutions, helmValues, kindVersion, nodeImage, registryImage } =
    inputs;
  return [
    root,
    `--engine=${engine}`,
    '--format=json',
    `--artifacts=${folder}`,
    `--build=${inputs.build}`,
    ...(engine === 'containerd' ? ['--download'] : []),
    ...(registries === undefined ? [] : [`--registries=${registries}`]),
    ...[...helmValues].flatMap(([chart, files]) =>
      files.map((file) => `--helm-values=${chart || '.'}=${file}`),
    ),
    ...manifests.map((glob) => `--manifests=${glob}`),
    ...[...substitutions].map(([name, value]) => `--set=${name}=${value}`),
    ...(kindVersion === '' || engine !== 'kind' ? [] : [`--kind-version=${kindVersion}`]),
    ...(nodeImage === '' ? [] : [`--node-image=${nodeImage}`]),
    ...(registryImage === '' ? [] : [`--registry-image=${registryImage}`]),
  ];
}

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** UTF-16 code units of what a program says besides its result. */
const maxMessage = 10_000;

/** A job that is cancelled ends the program first, which then removes what it made. */
async function runToEnd(command: Command): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  const running = start(command, {
    stdout: (text) => (stdout += text),
    stderr: (text) => (stderr = (stderr + text).slice(0, maxMessage)),
  });
  running.input.end();
  try {
    const { status } = await passSignals(running);
    return { status, stdout, stderr };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { status: null, stdout: '', stderr: error.message };
  }
}
