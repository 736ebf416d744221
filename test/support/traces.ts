import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** What of a run with simulated nodes is to be seen on the machine. */
export interface Traces {
  readonly folders: readonly string[];
  /** Network namespaces of its processes. */
  readonly networks: readonly string[];
}

export function tracesOf(run: Pick<ChildProcess, 'pid'>): Traces {
  const mark = `mirrorproof-${run.pid}-`;
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(mark));
  const own = processes().filter((pid) => textOf(`/proc/${pid}/cmdline`).includes(mark));
  // The shell that sets a node up is in its network already; unshare, around it, is in the machine's.
  const networks = new Set(own.map(networkOf).filter((network) => network !== networkOf('self')));
  return { folders, networks: [...networks] };
}

/** The ids of the containerd processes of a run. */
export function containerdsOf({ networks }: Traces): readonly string[] {
  const inside = processes().filter((pid) => networks.includes(networkOf(pid)));
  return inside.filter((pid) => textOf(`/proc/${pid}/cmdline`).startsWith('/containerd/'));
}

/** Waits until a run has this many nodes, with containerd in one of them at least. */
export async function nodesOf(run: ChildProcess, nodes: number): Promise<Traces> {
  for (;;) {
    const traces = tracesOf(run);
    if (traces.networks.length === nodes && containerdsOf(traces).length > 0) return traces;
    assert.equal(run.exitCode, null, 'the run ended before it was running');
    await sleep(5);
  }
}

/** No process of the run is left, and so no network and no mount: a moment after its end at the latest. */
export async function assertGone({ networks }: Traces): Promise<void> {
  const left = (): readonly string[] => processes().filter((pid) => networks.includes(networkOf(pid)));
  for (let waited = 0; left().length > 0 && waited < 2000; waited += 20) await sleep(20);
  assert.deepEqual(left(), []);
  assert.doesNotMatch(readFileSync('/proc/mounts', 'utf8'), /mirrorproof/);
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
