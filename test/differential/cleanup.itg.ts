import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { suite, test } from 'node:test';
import { removeLeftovers } from '../../src/proof/containerd/namespace.ts';
import { assertGone, nodesOf, tracesOf } from '../support/traces.ts';
import { missingForRig } from './rig.ts';

function start(cases: number): ChildProcess {
  const args = [
    `${import.meta.dirname}/run.ts`,
    '--cases',
    `${cases}`,
    '--version',
    '1.7',
    '--nodes',
    '2',
    '--enough',
    '1000',
  ];
  return spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit'] });
}

function ended(run: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => run.once('close', resolve));
}

suite('nothing is left', { skip: missingForRig() ?? false, timeout: 120_000 }, () => {
  test('after a run to the end', async () => {
    const run = start(30);
    const end = ended(run);
    const traces = await nodesOf(run, 2);
    await end;
    await assertGone(traces);
    assert.deepEqual(tracesOf(run).folders, []);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    test(`after ${signal}`, async () => {
      const run = start(100_000);
      const end = ended(run);
      const traces = await nodesOf(run, 2);
      run.kill(signal);
      await end;
      await assertGone(traces);
      // Only of a run that was killed an empty folder is left, which the next run removes.
      if (signal === 'SIGKILL') await removeLeftovers();
      assert.deepEqual(tracesOf(run).folders, []);
    });
  }

  test('while another run goes on, which is not disturbed', async () => {
    const [killed, other] = [start(100_000), start(60)];
    const traces = await nodesOf(killed, 2);
    await nodesOf(other, 2);
    const end = Promise.all([ended(killed), ended(other)]);
    killed.kill('SIGKILL');
    await removeLeftovers();
    await end;
    await removeLeftovers();
    await assertGone(traces);
    assert.deepEqual([...tracesOf(killed).folders, ...tracesOf(other).folders], []);
    // It went to its end, whether there were disagreements or not.
    assert.ok(other.exitCode === 0 || other.exitCode === 1, `exit status ${other.exitCode}`);
  });
});
