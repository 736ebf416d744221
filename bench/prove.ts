/**
 * Times `prove` as people run it, with the memory of all its processes, beside the floor: what containerd takes to start and to
 * pull by itself, one image after another.
 *
 *     npm run package && node bench/prove.ts [VERSION=PATH]      as root
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { everyAddressIsLocal, startNode } from '../src/proof/containerd/namespace.ts';
import type { NodeRequest } from '../src/proof/containerd/nodeProtocol.ts';
import type { StandIn, Surroundings } from '../src/proof/surroundings.ts';
import { debianContainerd } from '../test/support/debianPackages.ts';

const dist = join(import.meta.dirname, '../dist');
const bundle = join(dist, 'cli/index.js');
const nodeProgram = join(dist, 'proofNode/index.js');

async function findContainerd(): Promise<readonly [version: string, path: string]> {
  const [, version, path] = /^([\d.]+)=(.+)$/.exec(process.argv[2] ?? '') ?? [];
  if (version !== undefined && path !== undefined) return [version, path];
  const found = (await debianContainerd(['1.7'])).get('1.7');
  if (!found) throw new Error('there is no containerd');
  return [found.version, found.path];
}

function writeRepository(root: string, nodes: number, images: number, version: string): void {
  const entries = Array.from(
    { length: nodes },
    (_, node) => `  - name: worker-${node}
    runtime: containerd://${version}
    mirrors: {docker.io: {endpoint: ["http://10.10.${node}.1:5000"]}}
`,
  );
  const lists = Array.from({ length: images }, (_, image) => `  - team/app-${image}:1.0\n`);
  writeFileSync(join(root, 'registries.yaml'), `nodes:\n${entries.join('')}images:\n${lists.join('')}`);
}

interface Measured {
  /** In milliseconds. */
  readonly wall: number;
  /** In MB, of all processes at once; memory that they share counts once. */
  readonly peak: number;
  readonly summary: string;
}

async function measure(root: string, args: readonly string[]): Promise<Measured> {
  const start = performance.now();
  const child = spawn(process.execPath, [bundle, 'prove', root, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, memoryOf(child.pid ?? 0))), 100);
  await new Promise((resolve) => child.once('close', resolve));
  clearInterval(timer);
  const wall = performance.now() - start;
  return { wall, peak, summary: output.split('\n').find((line) => / by containerd: /.test(line)) ?? output };
}

/** The memory of a process and all that it has started, in MB. */
function memoryOf(root: number): number {
  const parents = new Map(
    readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => [Number(pid), Number(/\) \S (\d+)/.exec(textOf(`/proc/${pid}/stat`))?.[1])]),
  );
  const isOwn = (pid: number): boolean => pid === root || (pid > 1 && isOwn(parents.get(pid) ?? 0));
  const sizes = [...parents.keys()].filter(isOwn).map((pid) => {
    const [, size = '0'] = /^Pss:\s+(\d+)/m.exec(textOf(`/proc/${pid}/smaps_rollup`)) ?? [];
    return Number(size);
  });
  return sizes.reduce((sum, size) => sum + size, 0) / 1000;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** What containerd takes to start, and for one pull, in milliseconds. */
async function measureFloor(path: string): Promise<{ readonly start: number; readonly pull: number }> {
  const node = await startNode({ module: nodeProgram, programs: dirname(path), routes: everyAddressIsLocal });
  const ask = async (request: NodeRequest): Promise<number> => {
    const start = performance.now();
    await node.call(request);
    return performance.now() - start;
  };
  const host = { hostname: '10.10.1.1', port: 5000, address: '10.10.1.1' };
  const standIn: StandIn = {
    ...host,
    protocols: ['http'],
    authority: 'private',
    logins: [],
    ownLogins: [],
    isUpstream: false,
    catalogs: [],
  };
  const hosts = '[host."http://10.10.1.1:5000"]\n';
  const config =
    'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\nconfig_path = "/etc/containerd/certs.d"\n';
  const surroundings: Surroundings = {
    files: { '/etc/containerd/config.toml': config, '/etc/containerd/certs.d/docker.io/hosts.toml': hosts },
    authorityFiles: [],
    clientPairs: [],
    hosts: {},
    names: {},
    standIns: [standIn],
    assumptions: [],
  };
  // The first answer tells that the process is there.
  await ask({ kind: 'pull', pulls: [], limit: 1, deadline: 1 });
  const start = await ask({ kind: 'start', surroundings });
  const pulls = Array.from({ length: 20 }, (_, index) => {
    const path = `team/app-${index}`;
    return {
      id: path,
      image: `docker.io/${path}:1`,
      reference: { domain: 'docker.io', path, tag: '1' },
      logins: [],
      asked: [],
    };
  });
  const all = await ask({ kind: 'pull', pulls, limit: 1, deadline: 20_000 });
  await node.stop();
  return { start, pull: all / pulls.length };
}

if (!existsSync(nodeProgram)) throw new Error('run `npm run package` first');
const [version, path] = await findContainerd();
const floor = await measureFloor(path);
console.log(
  `containerd ${version}: ${floor.start.toFixed(0)} ms to start, ${floor.pull.toFixed(0)} ms for a pull`,
);
for (const [nodes, images] of [
  [3, 20],
  [20, 50],
] as const) {
  const root = mkdtempSync(join(tmpdir(), 'mirrorproof-bench-'));
  try {
    writeRepository(root, nodes, images, version);
    const { wall, peak, summary } = await measure(root, ['--containerd', `${version}=${path}`]);
    const least = (nodes * (floor.start + images * floor.pull)) / 1000;
    const figures = `${(wall / 1000).toFixed(1)} s (one after another: ${least.toFixed(1)} s), ${peak.toFixed(0)} MB at most`;
    console.log(`${nodes} nodes x ${images} images: ${figures}; ${summary}`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
