import { existsSync, realpathSync } from 'node:fs';
import { dirname, join, resolve as resolvePath } from 'node:path';
import { UserError } from '../../errors.ts';
import { exitCodes } from '../../exitCodes.ts';
import { refuseUnreadable } from '../../pipeline/findRegistries.ts';
import { openFolder } from '../../pipeline/openFolder.ts';
import { analyse } from '../../pipeline/run.ts';
import { canBecomeRoot, isRoot, runAsRoot } from '../../proof/asRoot.ts';
import type { ContainerdBinary } from '../../proof/containerd/binaries.ts';
import type { ProofEngine } from '../../proof/engine.ts';
import { formatJson } from '../../proof/formatJson.ts';
import { formatText } from '../../proof/formatText.ts';
import { engines } from '../../proof/index.ts';
import { planProofs, type ProofPlan } from '../../proof/plan.ts';
import type { Control, Proof } from '../../proof/proof.ts';
import { repositoryCatalogs } from '../../proof/repositoryCatalogs.ts';
import { sortProofs, verdictOf, type ProofRun, type ProofVerdict } from '../../proof/summary.ts';
import { logLine } from '../../report/workflowCommand.ts';
import type { Command } from '../command.ts';
import {
  choiceOption,
  commonHelp,
  commonOptions,
  listOption,
  parseCommandLine,
  runOptions,
} from '../options.ts';
import { paint } from '../paint.ts';

export const prove: Command = {
  summary: 'pull every image with real containerd, against stand-ins for all registries',
  help: `mirrorproof prove [FOLDER] [OPTIONS]

Pulls every image that the manifests in FOLDER (default: .) name, as each different node would: with a real containerd that has
the node's files, in a network of its own in which stand-ins for the registries answer and nothing else does. Nothing is
downloaded, nothing on this machine is changed. Linux only; needs root, or sudo without a password.

Exit codes: 0 all pulls are proved, 1 one is refuted, 3 some could not be tried or a control showed that the proofs are worthless.

  --engine NAME       containerd, the only one so far
  --containerd VERSION=PATH
                      a containerd program; may be given several times (default: that in PATH, and those that are in folders
                      named by their versions in the cache, ~/.cache/mirrorproof/containerd)
  --air-gapped        no node has a way to public registries; the same as \`checks: {leaves-mirrors: error}\`
  --format FORMAT     text or json (default: text)
${commonHelp}
`,
  async run(args, terminal) {
    const line = parseCommandLine(args, { ...commonOptions, ...ownOptions }, 1);
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const name = choiceOption(line, 'engine', ['containerd'] as const, 'containerd');
    const containerds = listOption(line, 'containerd').map(parseContainerd);
    const { root, manifests, ...options } = runOptions(line, line.positionals[0]);
    const files = openFolder(root, manifests);
    const analysis = analyse(files, options);
    refuseUnreadable(analysis.registries);
    const plan = planProofs(analysis, {
      catalogs: repositoryCatalogs(analysis.registries, files),
      isAirGapped: line.values['air-gapped'] === true,
    });
    if (!isRoot() && (await canBecomeRoot())) return runAsRoot();
    const engine = engines[name]({ nodeProgram: nodeProgram(), containerds, environment: process.env });
    const availability = await engine.probe();
    if (!availability.isAvailable) {
      process.stderr.write(`${logLine(`mirrorproof: nothing could be proved: ${availability.reason}`)}\n`);
      return exitCodes.unproved;
    }
    const proved = await proveAll(engine, plan);
    terminal.write(format === 'json' ? formatJson(proved) : formatText(proved, paint(terminal.hasColors)));
    return exitCodeOf[verdictOf(proved)];
  },
};

const ownOptions = {
  engine: { type: 'string' },
  containerd: { type: 'string', multiple: true },
  'air-gapped': { type: 'boolean' },
} as const;

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
async function proveAll(engine: ProofEngine, plan: ProofPlan): Promise<ProofRun> {
  const abort = new AbortController();
  let ending: NodeJS.Signals | undefined;
  const end = (signal: NodeJS.Signals): void => {
    ending = signal;
    abort.abort();
  };
  for (const signal of endings) process.on(signal, end);
  try {
    return await collect(engine, plan, abort.signal);
  } finally {
    await engine.dispose();
    for (const signal of endings) process.off(signal, end);
    if (ending) process.kill(process.pid, ending);
  }
}

async function collect(engine: ProofEngine, plan: ProofPlan, signal: AbortSignal): Promise<ProofRun> {
  const order = plan.nodes.flatMap(({ pulls }) => pulls.map(({ id }) => id));
  const proofs: Proof[] = [];
  const controls: Control[] = [];
  for await (const event of engine.prove(plan, signal)) {
    if (event.kind === 'proof') proofs.push(event.proof);
    else controls.push(event.control);
    showProgress(`${proofs.length} of ${order.length} pulls`);
  }
  showProgress('');
  return { engine: engine.name, proofs: sortProofs(proofs, order), controls };
}

/** One line that is overwritten, where somebody looks. */
function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}
