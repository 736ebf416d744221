import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { containerdLines, PackagesError, type ContainerdLine } from '../support/debianPackages.ts';
import { compare, type Disagreement } from './differential.ts';
import { printDisagreement } from './disagreement.ts';
import { writeFixture } from './fixtures.ts';
import { cases, type CaseOptions } from './generate/cases.ts';
import { predictPull } from './predictPull.ts';
import { missingForRig, openRig } from './rig.ts';

const usage = `npm run differential -- [--cases N] [--seed S] [--version ${containerdLines.join('|')}] [--nodes N] [--enough N]
  [--kinds mistakes,logins,faults] [--keep FOLDER]

Compares what mirrorproof says of generated configurations with what real containerd does: --cases of them on each version.
Disagreements are printed as small as they go; --keep writes each as a
folder that can be put into test/differential/fixtures. Stops after --enough of them. --kinds leaves out files that people get
wrong, registries with a login, or registries that misbehave.`;

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    version: { type: 'string', multiple: true, default: [...containerdLines] },
    nodes: { type: 'string', default: `${availableParallelism()}` },
    enough: { type: 'string', default: '5' },
    keep: { type: 'string' },
    kinds: { type: 'string', default: 'mistakes,logins,faults' },
    help: { type: 'boolean', default: false },
  },
});

async function main(): Promise<number> {
  const lines = containerdLines.filter((line) => values.version.includes(line));
  if (values.help || lines.length < values.version.length) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const missing = missingForRig();
  if (missing !== undefined) {
    console.error(`Real containerd cannot be tried here: ${missing}.`);
    return 3;
  }
  let found = 0;
  for (const line of lines) found += await compareLine(line);
  return found === 0 ? 0 : 1;
}

async function compareLine(line: ContainerdLine): Promise<number> {
  const [count, seed, nodes, enough] = [values.cases, values.seed, values.nodes, values.enough].map(Number);
  const rig = await openRig(line, nodes ?? 1);
  const start = performance.now();
  try {
    const { done, disagreements, tally, requests } = await compare(rig, nodes ?? 1, {
      arbitrary: cases(kinds()),
      predict: predictPull,
      count: count ?? 0,
      seed: seed ?? 0,
      enough: enough ?? 1,
      onProgress: (tried) => showProgress(`containerd ${rig.version}: ${tried} of ${count} cases`),
    });
    showProgress('');
    for (const [index, found] of disagreements.entries()) await report(found, rig.version, index);
    const seconds = (performance.now() - start) / 1000;
    const { pulled, failed, hung, crashed, refused } = tally;
    console.log(
      `containerd ${rig.version}: ${done} cases (${pulled} pulled, ${failed} failed, ${hung} hung, ${crashed} crashed, ${refused} refused at start), ` +
        `${requests} requests, ${disagreements.length} disagreements, seed ${seed}, ${seconds.toFixed(1)} s`,
    );
    return disagreements.length;
  } finally {
    await rig.close();
  }
}

function kinds(): CaseOptions {
  const chosen = values.kinds.split(',');
  return {
    mistakes: chosen.includes('mistakes'),
    logins: chosen.includes('logins'),
    faults: chosen.includes('faults'),
  };
}

async function report(found: Disagreement, version: string, index: number): Promise<void> {
  const { case: given, prediction, observation, what, isUnstable, seed, path } = found;
  console.log(printDisagreement(given, version, prediction, observation, what));
  if (isUnstable)
    console.log('Tried once more, containerd did something else: it does not always do the same.');
  console.log(`fast-check seed ${seed}, path ${path}\n`);
  if (values.keep !== undefined)
    await writeFixture(join(values.keep, `${version}-${index}`), given, version, observation);
}

function showProgress(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001B[K${text}`);
}

// Ctrl-C ends this process; all simulated nodes end with it.
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));

process.exitCode = await main().catch((error: unknown) => {
  if (!(error instanceof PackagesError)) throw error;
  console.error(`${error.message}.`);
  return 3;
});
