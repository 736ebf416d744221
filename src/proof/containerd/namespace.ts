import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, rmdirSync } from 'node:fs';
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { killGroup } from '../../process/process.ts';
import { startTime } from '../startTime.ts';
import { ownShare } from './nodePaths.ts';

/** The folder of a simulated node's own files, which a chroot makes its root. Kept short: a socket's path has 107 bytes. */
const folderPrefix = 'mirrorproof-';

/** What is missing on this machine for simulated nodes; undefined where nothing is. */
export function missingForNamespaces(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces exist on Linux only';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const tools = ['ip', 'mount', 'umount', 'unshare', 'setpriv', 'pivot_root'];
  const folders = (process.env['PATH'] ?? '').split(':');
  const missing = tools.find((tool) => !folders.some((folder) => existsSync(join(folder, tool))));
  return missing === undefined ? undefined : `the program ${missing} is not here`;
}

/** The process in a simulated node ended too early. */
export class NodeError extends Error {
  override readonly name = 'NodeError';
}

/** A simulated node, and the process in it that does what it is told. */
export interface SimulatedNode {
  /**
   * Sends a request to the process in the node and waits for its answer, `{ part }` messages before it being handed on. One
   * at a time.
   *
   * @throws NodeError where the process ends before it has answered
   */
  call(request: object, onPart?: (part: unknown) => void): Promise<unknown>;
  /** Ends the process. All others in the node end with it, and then its network, its mounts and its files are gone. May be called again. */
  stop(): Promise<void>;
}

/** What a simulated node is made of. */
export interface NodeOptions {
  /** The module that runs in the node. It gets the path of the node's own files, which are its working folder, as its argument. */
  readonly module: string;
  /** The containerd program or its folder: it becomes `/containerd/containerd` among the node's files. */
  readonly programs: string;
  /** What `ip route add` is told, one after another. There is no other way: a packet to anywhere else has no route. */
  readonly routes: readonly string[];
  /** How much the node's files may hold, in MiB. */
  readonly disk?: number;
}

/** Every address is the node's own, so that a stand-in may listen on it, and where none does a connection is refused at once. */
export const everyAddressIsLocal: readonly string[] = ['local 0.0.0.0/0 dev lo', 'local ::/0 dev lo'];

const setUpNetwork = [
  'ip link set lo up',
  // IPv6 wants to be told that a route is enough for listening on an address.
  'if [ -e /proc/sys/net/ipv6/ip_nonlocal_bind ]; then echo 1 > /proc/sys/net/ipv6/ip_nonlocal_bind; fi',
];

// Devices that everybody may use, and none besides: what runs in the node is not to be trusted.
const setUpFiles = [
  'mount -t tmpfs -o "size=${disk}m,mode=755" mirrorproof "$root"',
  'cd "$root"',
  'mkdir -p containerd dev etc opt proc root run tmp var/lib former-root',
  'for name in bin lib lib32 lib64 libx32 sbin usr; do',
  '  if [ -L "/$name" ]; then cp -P "/$name" "$name"',
  '  elif [ -d "/$name" ]; then mkdir "$name"; mount --bind "/$name" "$name"; mount -o remount,bind,ro "$name"; fi',
  'done',
  // Certificates are there on many a node.
  `if [ -d ".${ownShare}" ]; then mount -t tmpfs -o "size=\${disk}m,mode=755" mirrorproof ".${ownShare}"; fi`,
  'place=containerd',
  'if [ -f "$programs" ]; then place=containerd/containerd; : >"$place"; fi',
  'mount --bind "$programs" "$place"',
  'mount -o remount,bind,ro "$place"',
  'for name in null zero full random urandom; do : >"dev/$name"; mount --bind "/dev/$name" "dev/$name"; done',
  'mount --bind /proc proc',
];

// Nothing of this is seen outside of the namespaces, and all of it vanishes with the last process in them.
function setUpScript(routes: readonly string[]): string {
  const add = routes.map((route) => `ip route add ${route}`);
  const program = 'exec "$@"';
  return [
    'set -e',
    'root=$1 programs=$2 disk=$3',
    'shift 3',
    ...setUpNetwork,
    ...add,
    ...setUpFiles,
    program,
  ].join('\n');
}

// setpriv ends unshare with this process, and unshare ends the first process in the node with itself.
const [launcher = '', ...isolation] =
  'setpriv --pdeathsig KILL unshare --net --mount --pid --mount-proc --propagation private --fork --kill-child'.split(
    ' ',
  );

/**
 * How a process in a node names the folder of the node's files: its working folder. Once this process has ended and removed the
 * folder, the path of it would lead to the machine's own files for the moment that the node has left.
 */
const ownFolder = '/proc/self/cwd';

let started = 0;

/** The folders of nodes that have not been stopped. */
const folders = new Set<string>();

// Ctrl-C and faults: the folders are empty to everybody but the nodes, which end now.
process.once('exit', () => {
  for (const folder of folders) rmdirSync(folder);
});

/**
 * Starts a process in a simulated node: network, mounts and processes of its own. It is killed with this one, however this
 * one ends.
 */
export async function startNode({
  module,
  programs,
  routes,
  disk = 256,
}: NodeOptions): Promise<SimulatedNode> {
  started += 1;
  const root = join(tmpdir(), `${folderPrefix}${runName()}-${started}`);
  await mkdir(root);
  folders.add(root);
  const script = setUpScript(routes);
  const program = ['sh', '-c', script, 'sh', root, programs, `${disk}`, process.execPath, module, ownFolder];
  // A process group of its own: Ctrl-C on the terminal is for this process, which then ends the node.
  const child = spawn(launcher, [...isolation, ...program], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const leave = async (): Promise<void> => {
    await ended;
    await rmdir(root);
    folders.delete(root);
  };
  let left: Promise<void> | undefined;
  return {
    call: (request, onPart) => call(child, request, onPart),
    stop: () => {
      // Without somebody who listens, nothing else would keep this process waiting for the last one in the node.
      child.channel?.ref();
      const hasEnded = child.exitCode !== null || child.signalCode !== null;
      // unshare has its child killed with itself, but not in the moment after it has forked.
      if (child.pid !== undefined && !hasEnded) killGroup(child.pid, 'SIGKILL');
      return (left ??= leave());
    },
  };
}

function call(
  child: ChildProcess,
  request: object,
  onPart: (part: unknown) => void = () => undefined,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (message: unknown): void => {
      if (isPart(message)) {
        onPart(message.part);
        return;
      }
      child.off('message', onMessage);
      child.off('close', onClose);
      resolve(message);
    };
    const onClose = (status: number | null): void => {
      reject(new NodeError(`the process in the simulated node ended with status ${status}`));
    };
    if (!child.connected) {
      reject(new NodeError('the process in the simulated node has ended'));
      return;
    }
    child.on('message', onMessage);
    child.once('close', onClose);
    child.send(request);
  });
}

function isPart(message: unknown): message is { readonly part: unknown } {
  return typeof message === 'object' && message !== null && 'part' in message;
}

/** Removes the folders of runs that were killed. Their processes, networks and mounts ended with them. */
export async function removeLeftovers(): Promise<readonly string[]> {
  const names = (await readdir(tmpdir())).filter((name) => /^mirrorproof-\d+-\d+-\d+$/.test(name));
  const left = names.filter((name) => !isAlive(name));
  // Only an empty folder is removed, and those of a run are: its files are seen by its own processes alone. One that somebody
  // else has put something into is not ours.
  for (const name of left) await rmdir(join(tmpdir(), name)).catch(() => undefined);
  return left;
}

/** Process id and start time: no other process ever has both. */
function runName(): string {
  return `${process.pid}-${startTime(process.pid)}`;
}

function isAlive(folder: string): boolean {
  const [pid = '', start = ''] = folder.slice(folderPrefix.length).split('-');
  return startTime(Number(pid)) === start;
}
