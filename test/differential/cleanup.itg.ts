import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { removeLeftovers } from '../support/namespace.ts';
import { missingForRig } from './rig.ts';

/** What of a run is to be seen on the machine. */
interface Traces {
  readonly folders: readonly string[];
  /** Network namespaces of its processes. */
  readonly networks: readonly string[];
}

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

function tracesOf(run: ChildProcess): Traces {
  const mark = `mirrorproof-${run.pid}-`;
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(mark));
  const own = processes().filter((pid) => textOf(`/proc/${pid}/cmdline`).includes(mark));
  // The shell that sets a node up is in its network already; unshare, around it, is in the machine's.
  const networks = new Set(own.map(networkOf).filter((network) => network !== networkOf('self')));
  return { folders, networks: [...networks] };
}

function processes(): readonly string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

function networkOf(pid: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`);
  } catch {
    return '';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Waits until the run has two nodes with containerd in them. */
async function running(run: ChildProcess): Promise<Traces> {
  for (;;) {
    const traces = tracesOf(run);
    const inside = processes().filter((pid) => traces.networks.includes(networkOf(pid)));
    const containerds = inside.filter((pid) => textOf(`/proc/${pid}/cmdline`).startsWith('/containerd/'));
    if (traces.networks.length === 2 && containerds.length > 0) return traces;
    assert.equal(run.exitCode, null, 'the run ended before it was running');
    await sleep(20);
  }
}

/** No process of the run is left, and so no network and no mount: a moment after its end at the latest. */
async function assertGone({ networks }: Traces): Promise<void> {
  const left = (): readonly string[] => processes().filter((pid) => networks.includes(networkOf(pid)));
  for (let waited = 0; left().length > 0 && waited < 2000; waited += 20) await sleep(20);
  assert.deepEqual(left(), []);
  assert.doesNotMatch(readFileSync('/proc/mounts', 'utf8'), /mirrorproof/);
}

function ended(run: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => run.once('close', resolve));
}

suite('nothing is left', { skip: missingForRig() ?? false, timeout: 120_000 }, () => {
  test('after a run to the end', async () => {
    const run = start(30);
    const end = ended(run);
    const traces = await running(run);
    await end;
    await assertGone(traces);
    assert.deepEqual(tracesOf(run).folders, []);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    test(`after ${signal}`, async () => {
      const run = start(100_000);
      const end = ended(run);
      const traces = await running(run);
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
    const traces = await running(killed);
    await running(other);
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
