import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { readInputs, type InputName } from '../../src/action/inputs.ts';
import { firstThatJudges, proveArguments, type EngineRun } from '../../src/action/proofs.ts';
import { commonOptions, parseCommandLine, runOptions } from '../../src/cli/options.ts';
import type { EngineName } from '../../src/proof/engineNames.ts';
import type { Outcome } from '../../src/proof/proof.ts';

/** A run with one pull. */
function judged(engine: EngineName, status: Outcome['status'], reason?: string): EngineRun {
  const summary = { proved: 0, refuted: 0, inconclusive: 0, [status]: 1 };
  const verdict = status;
  const proof = { reference: 'quay.io/app:1', nodes: ['a'], status, ...(reason !== undefined && { reason }) };
  return {
    result: { kind: 'proved', document: { engine, verdict, summary, findings: [], proofs: [proof] } },
    output: '{}',
  };
}

function unavailable(engine: EngineName, isFault: boolean): EngineRun {
  return { result: { kind: 'unavailable', engine, reason: 'no way', isFault }, output: '' };
}

/** The engines that were tried, and of which the result counts: as `kind` or as `kind: REASON` where it proved nothing. */
async function choose(kind: EngineRun, containerd: EngineRun): Promise<readonly string[]> {
  const runs = await firstThatJudges(['kind', 'containerd'], async (engine) =>
    engine === 'kind' ? kind : containerd,
  );
  return runs.map(({ result }) =>
    result.kind === 'proved' ? result.document.engine : `${result.engine}: ${result.reason}`,
  );
}

suite('the engine of a run for which nobody chose', () => {
  const containerd = judged('containerd', 'proved');

  test('is the first one that judges something', async () => {
    assert.deepEqual(await choose(judged('kind', 'refuted'), containerd), ['kind']);
    assert.deepEqual(await choose(unavailable('kind', false), containerd), ['kind: no way', 'containerd']);
  });

  test('is no cluster that could not be made', async () => {
    const open = judged('kind', 'inconclusive', 'kind could not create the cluster');
    const expected = ['kind: kind could not create the cluster', 'containerd'];
    assert.deepEqual(await choose(open, containerd), expected);
  });

  test('where none judges anything, what was left open counts', async () => {
    const open = judged('kind', 'inconclusive', 'no room');
    assert.deepEqual(await choose(open, unavailable('containerd', false)), ['kind', 'containerd: no way']);
  });

  test('what is wrong with the repository is not tried again', async () => {
    assert.deepEqual(await choose(unavailable('kind', true), containerd), ['kind: no way']);
  });
});

suite('the command line of an engine', () => {
  test('says what the inputs say', () => {
    const given: Partial<Record<InputName, string>> = {
      registries: 'a/registries.yaml',
      manifests: '-a/*.yaml\nb',
      set: 'TAG = 1=2\nEMPTY=',
      build: 'off',
      'helm-values': '.=values=prod.yaml\ncharts/a=x.yaml\ncharts/a=y.yaml',
    };
    const inputs = readInputs((name) => given[name] ?? '', import.meta.dirname);
    const engineOptions = { engine: { type: 'string' }, artifacts: { type: 'string' } } as const;
    const args = proveArguments('probe', inputs, 'logs');
    const line = parseCommandLine(args, { ...commonOptions, ...engineOptions }, 1);
    const { root, registries, manifests, substitutions, build, helmValues } = inputs;
    assert.deepEqual([...helmValues.keys()], ['', 'charts/a']);
    assert.deepEqual(runOptions(line, line.positionals[0]), {
      root,
      registries,
      manifests,
      substitutions,
      build,
      helmValues,
    });
  });
});
