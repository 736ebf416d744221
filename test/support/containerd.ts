import { mkdir, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CriClient } from '../../src/proof/containerd/cri.ts';
import { GrpcError } from '../../src/proof/containerd/grpc.ts';
import { start } from '../../src/process/process.ts';

/** A containerd that runs. */
export interface RunningContainerd {
  readonly cri: CriClient;
  /** Settles once it has ended by itself or was stopped. */
  readonly end: Promise<unknown>;
  /** All that it has logged. */
  readonly log: () => string;
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
  const state = { hasEnded: false };
  const end = containerd.exit.finally(() => {
    state.hasEnded = true;
  });
  const giveUp = Date.now() + patience;
  const wait = async (isReady: () => Promise<boolean>): Promise<void> => {
    while (!state.hasEnded && !(await isReady())) {
      await sleep(2);
      if (Date.now() < giveUp) continue;
      containerd.kill('SIGKILL');
      throw new Error(`containerd is not ready after ${patience} ms:\n${log}`);
    }
  };
  const path = join(root, socket);
  await wait(() => isListening(path));
  if (state.hasEnded) return { kind: 'ended', log };
  const cri = new CriClient(path);
  await wait(() => isReady(cri));
  const stop = async (): Promise<void> => {
    cri.close();
    containerd.kill('SIGKILL');
    await end;
  };
  return { kind: 'running', containerd: { cri, end, log: () => log, stop } };
}

/** False while the CRI plugin refuses all calls because it is about to start. True where there is none. */
async function isReady(cri: CriClient): Promise<boolean> {
  try {
    await cri.listImages({ deadline: patience });
    return true;
  } catch (error) {
    return !(error instanceof GrpcError && error.message.includes('server is not initialized yet'));
  }
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
