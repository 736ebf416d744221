import { mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CriClient } from '../../src/proof/containerd/cri.ts';
import { start } from '../../src/process/process.ts';

/** A containerd that runs. */
export interface RunningContainerd {
  readonly cri: CriClient;
  /** All that it has logged. */
  log(): string;
  /** Kills it. */
  stop(): Promise<void>;
}

export type ContainerdStart =
  | { readonly kind: 'running'; readonly containerd: RunningContainerd }
  /** It read its configuration and went away. */
  | { readonly kind: 'ended'; readonly log: string };

/** How long containerd may take to start, in milliseconds: a hundred times of what it needs. */
const patience = 10_000;

const socket = 'run/containerd/containerd.sock';

/**
 * Starts the containerd of a simulated node without flags and with empty folders, so that it reads the very files that a
 * node's does. `root` is the folder with the node's files.
 */
export async function startContainerd(root: string): Promise<ContainerdStart> {
  await removeState(root);
  let log = '';
  const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
  const containerd = start(
    { file: 'chroot', args: [root, '/containerd/containerd'], environment },
    { stderr: (text) => (log += text) },
  );
  let hasEnded = false;
  const exit = containerd.exit.finally(() => {
    hasEnded = true;
  });
  const path = join(root, socket);
  const giveUp = Date.now() + patience;
  while (!(await isListening(path))) {
    if (hasEnded) return { kind: 'ended', log };
    if (Date.now() < giveUp) {
      await sleep(2);
      continue;
    }
    containerd.kill('SIGKILL');
    throw new Error(`containerd does not listen after ${patience} ms:\n${log}`);
  }
  const cri = new CriClient(path);
  const stop = async (): Promise<void> => {
    cri.close();
    containerd.kill('SIGKILL');
    await exit;
  };
  return { kind: 'running', containerd: { cri, log: () => log, stop } };
}

function isListening(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function removeState(root: string): Promise<void> {
  for (const folder of ['run', 'var/lib', 'opt', 'tmp']) {
    await rm(join(root, folder), { recursive: true, force: true });
    await mkdir(join(root, folder));
  }
}
