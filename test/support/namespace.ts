import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync, rmdirSync } from 'node:fs';
import { mkdir, readdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The addresses of the network that a simulated node is in. There is no other: a packet to anywhere else has no route. */
export const network = {
  /** Every address in these is the node's own, so that a registry double may listen on it. */
  own: ['10.10.0.0/16', '10.96.0.0/24', '198.51.100.0/24', 'fd00:10::/64'],
  /** Packets to these vanish. */
  silent: ['10.11.0.0/16'],
  /** Packets to these are refused: no route to host. */
  unreachable: ['10.12.0.0/16'],
} as const;

/** The folder of a simulated node's own files, which a chroot makes its root. Kept short: a socket's path has 107 bytes. */
const folderPrefix = 'mirrorproof-';

/** What is missing on this machine for simulated nodes; undefined where nothing is. */
export function missingForNamespaces(): string | undefined {
  if (process.platform !== 'linux') return 'network namespaces exist on Linux only';
  if (process.getuid?.() !== 0) return 'only root may make network namespaces';
  const tools = ['ip', 'mount', 'unshare', 'setpriv', 'chroot'];
  const folders = (process.env['PATH'] ?? '').split(':');
  const missing = tools.find((tool) => !folders.some((folder) => existsSync(join(folder, tool))));
  return missing === undefined ? undefined : `the program ${missing} is not here`;
}

/** A simulated node, and the process in it that does what it is told. */
export interface SimulatedNode {
  /** Sends a request to the process in the node and waits for its answer. One at a time. */
  call(request: object): Promise<unknown>;
  /** Ends the process. All others in the node end with it, and then its network, its mounts and its files are gone. */
  stop(): Promise<void>;
}

/** What a simulated node is made of. */
export interface NodeOptions {
  /** The module that runs in the node. It gets the path of the node's own files as its argument. */
  readonly module: string;
  /** The folder of the containerd program; it becomes `/containerd` among the node's files. */
  readonly programs: string;
}

// A route to lo for an address that is not local: the packet goes out and nobody takes it.
const setUpNetwork = [
  'ip link set lo up',
  // IPv6 wants to be told that a route is enough for listening on an address.
  'echo 1 > /proc/sys/net/ipv6/ip_nonlocal_bind',
  ...network.own.map((block) => `ip route add local ${block} dev lo`),
  ...network.silent.map((block) => `ip route add ${block} dev lo`),
  ...network.unreachable.map((block) => `ip route add unreachable ${block}`),
];

const setUpFiles = [
  'mount -t tmpfs -o size=512m,mode=755 mirrorproof "$root"',
  'cd "$root"',
  'mkdir -p containerd dev etc opt proc root run sys tmp var/lib',
  'for name in bin lib lib32 lib64 libx32 sbin usr; do',
  '  if [ -L "/$name" ]; then cp -P "/$name" "$name"',
  '  elif [ -d "/$name" ]; then mkdir "$name"; mount --bind "/$name" "$name"; mount -o remount,bind,ro "$name"; fi',
  'done',
  'mount --bind "$programs" containerd',
  'mount --rbind /dev dev',
  'mount --rbind /sys sys',
  'mount --bind /proc proc',
];

// Nothing of this is seen outside of the namespaces, and all of it vanishes with the last process in them.
const script = ['set -e', 'root=$1 programs=$2', 'shift 2', ...setUpNetwork, ...setUpFiles, 'exec "$@"'].join(
  '\n',
);

// setpriv ends unshare with this process, and unshare ends the first process in the node with itself.
const [launcher = '', ...isolation] =
  'setpriv --pdeathsig KILL unshare --net --mount --pid --mount-proc --propagation private --fork --kill-child'.split(
    ' ',
  );

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
export async function startNode({ module, programs }: NodeOptions): Promise<SimulatedNode> {
  started += 1;
  const root = join(tmpdir(), `${folderPrefix}${runName()}-${started}`);
  await mkdir(root);
  folders.add(root);
  const program = ['sh', '-c', script, 'sh', root, programs, process.execPath, module, root];
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
  return {
    call: (request) => call(child, request),
    stop: () => {
      child.kill('SIGKILL');
      return leave();
    },
  };
}

function call(child: ChildProcess, request: object): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const onMessage = (answer: unknown): void => {
      child.off('close', onClose);
      resolve(answer);
    };
    const onClose = (status: number | null): void => {
      child.off('message', onMessage);
      reject(new Error(`the process in the simulated node ended with status ${status}`));
    };
    if (!child.connected) {
      reject(new Error('the process in the simulated node has ended'));
      return;
    }
    child.once('message', onMessage);
    child.once('close', onClose);
    child.send(request);
  });
}

/** Removes the folders of runs that were killed. Their processes, networks and mounts ended with them. */
export async function removeLeftovers(): Promise<readonly string[]> {
  const names = (await readdir(tmpdir())).filter((name) => /^mirrorproof-\d+-\d+-\d+$/.test(name));
  const left = names.filter((name) => !isAlive(name));
  // Only an empty folder is removed, and those of a run are: its files are seen by its own processes alone.
  for (const name of left) await rmdir(join(tmpdir(), name));
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

/** When a process was started, in ticks since the machine's start; undefined where there is none. */
function startTime(pid: number): string | undefined {
  try {
    // proc(5): the name may have spaces and is in brackets; the start time is the twentieth field behind it.
    const [, fields = ''] = /.*\) (.*)/s.exec(readFileSync(`/proc/${pid}/stat`, 'latin1')) ?? [];
    return fields.split(' ')[19];
  } catch {
    return undefined;
  }
}
