import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { withTemporaryFolder } from '../files/temporaryFolder.ts';
import type { BuildJob, BuildOutput, BuildOutputs, BuildProgram } from '../manifest/build.ts';
import { CommandError, run } from '../process/process.ts';
import { buildEnvironment } from './buildEnvironment.ts';
import { CopyError, copyForJob } from './copyForJob.ts';
import { findHelm } from './helm.ts';
import { isolate, type Isolation } from './isolate.ts';
import { findKustomize } from './kustomize.ts';
import type { BuildTool, Probe } from './tool.ts';

/** How far the runs may go, and where the programs are. */
export interface BuildSettings {
  /** Folders with programs, as in the variable PATH. */
  readonly path: string;
  /** Milliseconds for one job. */
  readonly jobTime: number;
  /** Milliseconds for all of them together; jobs that are left then fail. */
  readonly totalTime: number;
  /** Characters that one job may print. */
  readonly maxOutput: number;
  /** Files and folders that one job may have copied. */
  readonly maxFiles: number;
  /** Bytes of them. */
  readonly maxBytes: number;
  /** Jobs that run at the same time. */
  readonly parallel: number;
}

const defaultSettings: Omit<BuildSettings, 'path'> = {
  jobTime: 20_000,
  totalTime: 180_000,
  maxOutput: 64 * 1024 * 1024,
  maxFiles: 20_000,
  maxBytes: 256 * 1024 * 1024,
  parallel: 2,
};

const finders: Readonly<Record<BuildProgram, (probe: Probe) => Promise<BuildTool | undefined>>> = {
  kustomize: findKustomize,
  helm: findHelm,
};

/**
 * Runs each job with the real program over a copy of the files that it needs: without plugins, without network as far as this
 * machine can take it away, with an environment of its own, within limits. What goes wrong with a job is its output. Nothing
 * is left behind.
 *
 * @param root - The folder of the repository.
 */
export async function runBuilds(
  root: string,
  jobs: readonly BuildJob[],
  settings: Partial<BuildSettings> = {},
): Promise<BuildOutputs> {
  if (jobs.length === 0) return new Map();
  const limits = { path: process.env['PATH'] ?? '', ...defaultSettings, ...settings };
  return withTemporaryFolder(async (folder) => {
    const session: Session = {
      root,
      folder,
      limits,
      tools: await findTools(jobs, folder, limits),
      isolation: await isolate(limits.path),
      deadline: performance.now() + limits.totalTime,
    };
    return runAll(jobs, session);
  });
}

interface Session {
  readonly root: string;
  /** The temporary folder. */
  readonly folder: string;
  readonly limits: BuildSettings;
  readonly tools: ReadonlyMap<BuildProgram, BuildTool>;
  readonly isolation: Isolation;
  readonly deadline: number;
}

async function findTools(
  jobs: readonly BuildJob[],
  folder: string,
  { path }: BuildSettings,
): Promise<ReadonlyMap<BuildProgram, BuildTool>> {
  const home = join(folder, 'probe');
  mkdirSync(home);
  const probe = { path, environment: buildEnvironment(home) };
  const found = new Map<BuildProgram, BuildTool>();
  for (const program of new Set(jobs.map((job) => job.program))) {
    const tool = await finders[program](probe);
    if (tool) found.set(program, tool);
  }
  return found;
}

async function runAll(jobs: readonly BuildJob[], session: Session): Promise<BuildOutputs> {
  const outputs = new Map<string, BuildOutput>();
  const waiting = [...jobs.entries()];
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const [index, job] = next;
      outputs.set(job.id, await runJob(job, index, session));
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: session.limits.parallel }, work));
  // Only now, so that nobody works in the temporary folder when it goes away.
  for (const worker of workers) if (worker.status === 'rejected') throw worker.reason;
  return outputs;
}

async function runJob(job: BuildJob, index: number, session: Session): Promise<BuildOutput> {
  const tool = session.tools.get(job.program);
  if (!tool) return { ok: false, kind: 'missing', reason: `there is no ${job.program} on this machine` };
  const time = Math.min(session.limits.jobTime, session.deadline - performance.now());
  if (time <= 0) {
    const seconds = session.limits.totalTime / 1000;
    return { ok: false, kind: 'late', reason: `all builds together took longer than ${seconds} s` };
  }
  const home = join(session.folder, String(index));
  const copy = join(home, 'repository');
  try {
    mkdirSync(copy, { recursive: true });
    copyForJob(session.root, copy, job, session.limits);
    return await build(job, tool, home, time, session);
  } catch (error) {
    if (error instanceof CopyError || error instanceof CommandError) return failed(error.message);
    throw error;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function build(
  job: BuildJob,
  tool: BuildTool,
  home: string,
  time: number,
  { isolation, limits }: Session,
): Promise<BuildOutput> {
  const copy = join(home, 'repository');
  const [file = tool.file, ...args] = [...isolation.prefix, tool.file, ...tool.arguments(job)];
  const { status, stdout, stderr } = await run(
    { file, args, directory: copy, environment: buildEnvironment(home) },
    { time, output: limits.maxOutput + 1 },
  );
  if (status !== 0) return failed(explain(stderr, copy, tool));
  if (stdout.length > limits.maxOutput)
    return failed(`it makes more than ${limits.maxOutput} characters of manifests`);
  return { ok: true, text: stdout, program: tool.name };
}

function failed(reason: string): BuildOutput {
  return { ok: false, kind: 'failed', reason };
}

/** Characters of a program's complaint that are passed on. */
const maxReason = 500;

/** What the program complains about, without the path of the copy. */
function explain(stderr: string, copy: string, tool: BuildTool): string {
  const plain = stderr.replaceAll(`${copy}/`, '').replaceAll(copy, '.');
  const lines = plain.split('\n').filter((line) => line.trim() !== '' && !/^(?:#|W\d{4}) ?/.test(line));
  const reason = lines
    .join(' ')
    .replace(/^Error: /, '')
    .trim();
  if (reason === '') return `${tool.name} ends without a reason`;
  return reason.length <= maxReason ? reason : `${reason.slice(0, maxReason).toWellFormed()} ...`;
}
