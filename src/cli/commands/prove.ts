import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { UserError } from '../../errors.ts';
import { isForFork } from '../../github/fork.ts';
import { exitCodes } from '../../exitCodes.ts';
import { analyseFolder } from '../../pipeline/analyseFolder.ts';
import { refuseUnreadable } from '../../pipeline/findRegistries.ts';
import type { Analysis } from '../../pipeline/run.ts';
import { canBecomeRoot, isRoot, isStartedAsRoot, runAsRoot, watchStarter } from '../../proof/asRoot.ts';
import type { ContainerdBinary } from '../../proof/containerd/binaries.ts';
import { DownloadError } from '../../proof/downloadFile.ts';
import type { ProofEngine } from '../../proof/engine.ts';
import { formatJson } from '../../proof/formatJson.ts';
import { formatText } from '../../proof/formatText.ts';
import { engineNames } from '../../proof/engineNames.ts';
import { engines, type EngineSettings } from '../../proof/index.ts';
import { planProofs, type ProofPlan } from '../../proof/plan.ts';
import { runProof } from '../../proof/runProof.ts';
import { repositoryCatalogs } from '../../proof/repositoryCatalogs.ts';
import { verdictOf, type ProofRun, type ProofVerdict } from '../../proof/summary.ts';
import { plural } from '../../report/plural.ts';
import { visibleText } from '../../report/visibleText.ts';
import type { Command } from '../command.ts';
import {
  choiceOption,
  commonHelp,
  commonOptions,
  listOption,
  parseCommandLine,
  runOptions,
  textOption,
  type CommandLine,
} from '../options.ts';
import { paint } from '../paint.ts';
import { warn } from '../warn.ts';

export const prove: Command = {
  summary: 'pull every image with real containerd, against stand-ins for all registries',
  help: `mirrorproof prove [FOLDER] [OPTIONS]

Pulls every image that the manifests in FOLDER (default: .) name, as each different node would. There are three engines:

  containerd  a real containerd with the node's files, in a network of its own in which stand-ins for the registries answer and
              nothing else does. Seconds; nothing is downloaded, nothing on this machine is changed. Linux; root, or sudo without
              a password.
  kind        a kind cluster with the nodes' files and a plain-HTTP registry, where CRI and then Pods pull. Minutes; needs Docker,
              kind and kubectl.
  probe       nothing is pulled: the real registries are asked for the manifests, as each node would ask. Run it where they can
              be reached.

Exit codes: 0 all pulls are proved, 1 one is refuted, 3 some could not be tried or a control showed that the proofs are worthless.

  --engine NAME       containerd, kind or probe (default: containerd)
  --format FORMAT     text or json (default: text)
  --air-gapped        no node has a way to public registries; the same as \`checks: {leaves-mirrors: error}\`
  --artifacts DIR     a folder for logs of what failed

With containerd:
  --containerd VERSION=PATH
                      a containerd program; may be given several times (default: that in PATH, and those that are in folders
                      named by their versions in the cache, ~/.cache/mirrorproof/containerd)
  --download          get the official release for each node's version where it is missing, checked by its SHA-256

With kind:
  --kind-version VERSION
                      this official release of kind, checked by its SHA-256 (default: the kind in PATH)
  --node-image IMAGE  the image of the cluster's nodes (default: the one that fits the nodes best)
  --registry-image IMAGE
                      the image of its registry, which listens on port 5000 (default: registry:2)
  --keep              leave the cluster and its registry, and say how to look around

With probe:
  --on-node           this machine is itself a node of the cluster: 127.0.0.1 is what nodes mean by it

${commonHelp}
`,
  async run(args, terminal) {
    const line = parseCommandLine(args, { ...commonOptions, ...ownOptions }, 1);
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const { needsRoot, create } = engines[choiceOption(line, 'engine', engineNames, 'containerd')];
    const settings = await engineSettings(line);
    const isToBeRoot = needsRoot && !isRoot() && (await canBecomeRoot());
    // The user does it: then proxies and the owner of the files are theirs. What is missing is known from the plan.
    const isToDownload = line.values['download'] === true && !isStartedAsRoot();
    if (isToBeRoot && !isToDownload) return runAsRoot();
    const { root, ...options } = runOptions(line, line.positionals[0]);
    const analysis = await analyseFolder(root, options);
    const { files } = analysis;
    refuseUnreadable(analysis.registries);
    const plan = planProofs(analysis, {
      catalogs: repositoryCatalogs(analysis.registries, files),
      isAirGapped: line.values['air-gapped'] === true,
    });
    if (isToDownload) await download(plan, settings.containerds);
    if (isToBeRoot) return runAsRoot();
    const engine = create(settings);
    const availability = await engine.probe();
    if (!availability.isAvailable) {
      warn(`nothing could be proved: ${availability.reason}`);
      return exitCodes.unproved;
    }
    const proved = await proveAll(engine, plan, analysis);
    const text =
      format === 'json' ? formatJson(proved) : formatText(proved, files, paint(terminal.hasColors));
    terminal.write(text);
    for (const note of engine.notes ?? []) warn(note);
    return exitCodeOf[verdictOf(proved)];
  },
};

const ownOptions = {
  engine: { type: 'string' },
  containerd: { type: 'string', multiple: true },
  'air-gapped': { type: 'boolean' },
  artifacts: { type: 'string' },
  'kind-version': { type: 'string' },
  'node-image': { type: 'string' },
  'registry-image': { type: 'string' },
  keep: { type: 'boolean' },
  'on-node': { type: 'boolean' },
  download: { type: 'boolean' },
} as const;

async function engineSettings(line: CommandLine): Promise<EngineSettings> {
  const artifacts = textOption(line, 'artifacts');
  const nodeImage = textOption(line, 'node-image');
  const registryImage = textOption(line, 'registry-image');
  return {
    nodeProgram: nodeProgram(),
    containerds: listOption(line, 'containerd').map(parseContainerd),
    environment: await environmentOf(textOption(line, 'kind-version')),
    isUntrusted: await isForFork(process.env),
    isOnNode: line.values['on-node'] === true,
    isKept: line.values['keep'] === true,
    onProgress: showStatus,
    ...(artifacts !== undefined && { artifacts: resolvePath(artifacts) }),
    ...(nodeImage !== undefined && { nodeImage }),
    ...(registryImage !== undefined && { registryImage }),
  };
}

/** That of this process, with the wanted kind before all others in PATH. */
async function environmentOf(kindVersion: string | undefined): Promise<EngineSettings['environment']> {
  if (kindVersion === undefined) return process.env;
  const { installKind, kindSource } = await import('../../proof/kind/kindReleases.ts');
  try {
    const version = kindVersion.replace(/^v/, '');
    const folder = await installKind(version, kindSource(version), process.env);
    return { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new UserError(error.message, undefined, { cause: error });
  }
}

async function download(plan: ProofPlan, containerds: readonly ContainerdBinary[]): Promise<void> {
  const { downloadMissing } = await import('../../proof/containerd/download.ts');
  for (const problem of await downloadMissing(plan, containerds, process.env)) warn(problem);
}

const exitCodeOf: Readonly<Record<ProofVerdict, number>> = {
  proved: exitCodes.clean,
  refuted: exitCodes.findings,
  inconclusive: exitCodes.unproved,
  worthless: exitCodes.unproved,
};

function parseContainerd(text: string): ContainerdBinary {
  const [, version, path] = /^v?(\d+\.\d+\.\d+)=(.+)$/s.exec(text) ?? [];
  if (version === undefined || path === undefined)
    throw new UserError(`--containerd wants VERSION=PATH, as 1.7.24=/usr/bin/containerd, not ${text}`);
  const file = resolvePath(path);
  if (!existsSync(file)) throw new UserError(`there is no file ${path}`);
  return { version, path: realpathSync(file) };
}

/** Beside the bundle of the command line, or among the sources. */
function nodeProgram(): string {
  const here = dirname(realpathSync(process.argv[1] ?? ''));
  const places = ['../proofNode/index.js', '../proof/containerd/nodeMain.ts'].map((place) =>
    join(here, place),
  );
  const found = places.find((place) => existsSync(place));
  if (found === undefined)
    throw new Error(`the program for simulated nodes is in none of ${places.join(', ')}`);
  return found;
}

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Ends early, and cleans up, where a signal says so. */
async function proveAll(engine: ProofEngine, plan: ProofPlan, repository: Analysis): Promise<ProofRun> {
  const abort = new AbortController();
  let ending: NodeJS.Signals | undefined;
  const end = (signal: NodeJS.Signals): void => {
    ending = signal;
    abort.abort();
  };
  for (const signal of endings) process.on(signal, end);
  const stopWatching = watchStarter(() => end('SIGTERM'));
  try {
    return await runProof(engine, plan, { repository, signal: abort.signal, onProgress: showProgress });
  } finally {
    await engine.dispose();
    showStatus('');
    stopWatching();
    for (const signal of endings) process.off(signal, end);
    if (ending) process.kill(process.pid, ending);
  }
}

function showProgress(done: number, all: number): void {
  showStatus(`${done} of ${plural(all, 'pull')}`);
}

/** One line that is overwritten, where somebody looks. */
function showStatus(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${visibleText(text)}`);
}
