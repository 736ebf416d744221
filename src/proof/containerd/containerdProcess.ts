import { chown, mkdir, readlink, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CriClient } from './cri.ts';
import { GrpcError } from './grpc.ts';
import { start, type RunningProcess } from '../../process/process.ts';

/** containerd runs, and never came to answer. */
export class ContainerdError extends Error {
  override readonly name = 'ContainerdError';
}

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
  /** It read its configuration and went away, by itself or because somebody killed it. */
  | { readonly kind: 'ended'; readonly log: string; readonly wasKilled: boolean };

/** How long containerd may take to start, in milliseconds: a hundred times of what it needs. */
const patience = 10_000;

/** In characters. What was logged before is dropped. */
const maxLog = 4_000_000;

const socket = 'run/containerd/containerd.sock';

/** The user who is root for containerd: nobody on this machine. */
const outerUser = 100_000;

/**
 * What starts containerd with the node's files as all that there is, and as a user who is root over nothing else: its
 * configuration may make it run any program. The process stays the same from the first to the last of these.
 */
const launch = [
  'cd "$0"',
  'pivot_root . former-root',
  'cd /',
  'umount -l /former-root',
  // The last shell waits until it has been told who is root for it.
  `exec setpriv --reuid ${outerUser} --regid ${outerUser} --clear-groups --inh-caps +sys_admin --ambient-caps +sys_admin ` +
    `unshare --user --mount --propagation private ` +
    `sh -c 'read -r go && exec setpriv --no-new-privs /containerd/containerd'`,
].join(' && ');

/**
 * Starts the containerd of a simulated node without flags, so that it reads the very files that a
 * node's does. `root` is the folder with the node's files.
 */
export async function startContainerd(root: string): Promise<ContainerdStart> {
  await ownState(root);
  const launched = launchContainerd(root);
  const { state, end } = launched;
  const path = join(root, socket);
  const hasEnded = (): ContainerdStart => ({ kind: 'ended', log: state.log, wasKilled: state.wasKilled });
  await launched.wait(() => becomeRoot(launched));
  await launched.wait(() => isListening(path));
  if (state.hasEnded) return hasEnded();
  const cri = new CriClient(path);
  await launched.wait(() => isReady(cri));
  const stop = async (): Promise<void> => {
    cri.close();
    launched.process.kill('SIGKILL');
    await end;
  };
  return { kind: 'running', containerd: { cri, end, log: () => state.log, stop } };
}

interface Launched {
  readonly process: RunningProcess;
  readonly state: { hasEnded: boolean; wasKilled: boolean; log: string };
  readonly end: Promise<void>;
  /** Until something is as it should be, or containerd has ended. Throws ContainerdError after too long a time. */
  wait(isAsItShouldBe: () => Promise<boolean>): Promise<void>;
}

function launchContainerd(root: string): Launched {
  const state = { hasEnded: false, wasKilled: false, log: '' };
  const environment = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' };
  const args = ['--mount', '--propagation', 'private', 'sh', '-c', launch, root];
  const process = start(
    { file: 'unshare', args, environment },
    { stderr: (text) => (state.log = (state.log + text).slice(-maxLog)) },
  );
  process.input.on('error', () => {
    // It has ended: its log says why.
  });
  const end = process.exit.then(({ signal }) => {
    state.hasEnded = true;
    state.wasKilled = signal === 'SIGKILL' || signal === 'SIGTERM';
  });
  const giveUp = Date.now() + patience;
  const wait = async (isAsItShouldBe: () => Promise<boolean>): Promise<void> => {
    while (!state.hasEnded && !(await isAsItShouldBe())) {
      await sleep(2);
      if (Date.now() < giveUp) continue;
      process.kill('SIGKILL');
      throw new ContainerdError(`containerd is not ready after ${patience} ms:\n${state.log}`);
    }
  };
  return { process, state, end, wait };
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

/** Makes the process root of its user namespace, as soon as it has one. True once that is done. */
async function becomeRoot({ process: { pid, input } }: Launched): Promise<boolean> {
  const [own, its] = await Promise.all(
    ['self', pid].map((process) => readlink(`/proc/${process}/ns/user`).catch(() => '')),
  );
  if (its === '' || its === own) return false;
  // All that it may be is one user of this machine and the 65535 behind it.
  for (const map of ['uid_map', 'gid_map']) await writeFile(`/proc/${pid}/${map}`, `0 ${outerUser} 65536\n`);
  input.end('go\n');
  return true;
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

const stateFolders = ['run', 'var/lib', 'opt', 'tmp', 'root'];

/** Forgets all that a containerd has kept on a node. */
export async function removeState(root: string): Promise<void> {
  for (const folder of stateFolders) await rm(join(root, folder), { recursive: true, force: true });
}

/** Gives containerd the folders that it writes to, and the root: its configuration may name any other one. */
async function ownState(root: string): Promise<void> {
  for (const folder of [...stateFolders, 'etc', 'var', '.']) {
    await mkdir(join(root, folder), { recursive: true });
    await chown(join(root, folder), outerUser, outerUser);
  }
}
