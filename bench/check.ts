/**
 * Times what people wait for: `check` on many manifests, the start on few, and the resolution of many images on many nodes.
 *
 *     npm run package && npm run bench
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesInMemory } from '../src/files/repositoryFiles.ts';
import { buildClusterNodes } from '../src/node/clusterNodes.ts';
import { configureNodes } from '../src/nodeRoot/ownConfigs.ts';
import { groupNodes, planPulls } from '../src/pull/planPulls.ts';
import { listedImages } from '../src/pull/systemImages.ts';
import { loadRegistries } from '../src/registries/load.ts';
import { writeLargeRepository } from './largeRepository.ts';

const bundle = join(import.meta.dirname, '../dist/cli/index.js');

const registriesYaml = 'mirrors:\n  registry.example.com:\n    endpoint: ["http://10.10.1.106:5000"]\n';

interface Times {
  /** Milliseconds. */
  readonly wall: number;
  /** Milliseconds of all threads, in user and system mode. */
  readonly cpu: number;
  /** MB at most; absent for what runs in this process. */
  readonly memory?: number;
}

function deployment(index: number): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${index}
  namespace: team-${index % 50}
spec:
  replicas: 2
  selector:
    matchLabels:
      app.kubernetes.io/name: app-${index}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-${index}
    spec:
      containers:
        - name: app
          image: registry.example.com/team-${index % 50}/app-${index}:1.${index % 7}.0
          ports:
            - containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: info
          resources:
            requests:
              cpu: 50m
              memory: 64Mi
`;
}

/** Makes a repository with files of one Deployment each, a hundred to a folder. */
function writeRepository(root: string, files: number): void {
  mkdirSync(root);
  writeFileSync(join(root, 'registries.yaml'), registriesYaml);
  for (let index = 0; index < files; index++) {
    const folder = join(root, `team-${Math.floor(index / 100)}`);
    if (index % 100 === 0) mkdirSync(folder);
    writeFileSync(join(folder, `app-${index}.yaml`), deployment(index));
  }
}

/** Has a process tell at its end what it has used. */
const tellUsage =
  "import { writeSync } from 'node:fs'; process.on('exit', () => writeSync(3, JSON.stringify(process.resourceUsage())));";

function timeCommand(...args: readonly string[]): Times {
  const start = performance.now();
  const { status, output } = spawnSync(
    process.execPath,
    ['--import', `data:text/javascript,${encodeURIComponent(tellUsage)}`, bundle, ...args],
    { stdio: ['ignore', 'ignore', 'inherit', 'pipe'], encoding: 'utf8' },
  );
  const wall = performance.now() - start;
  if (status !== 0) throw new Error(`${args[0]} ended with ${status}`);
  const used = JSON.parse(String(output[3])) as NodeJS.ResourceUsage;
  return { wall, cpu: (used.userCPUTime + used.systemCPUTime) / 1000, memory: used.maxRSS / 1000 };
}

/** What everybody has to compare with. */
function timeGrep(root: string): Times {
  const start = performance.now();
  const { status } = spawnSync('grep', ['-rn', 'image:', root], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`grep ended with ${status}`);
  return { wall: performance.now() - start, cpu: Number.NaN };
}

/** Many images on nodes of which many have the same configuration: what grows is the number of distinct pairs. */
function prepareResolution(nodes: number, configurations: number, references: number): () => number {
  const lines = [
    'images:',
    ...Array.from(
      { length: references },
      (_, index) => `- registry-${index % 5}.example.com/app-${index}:1.0`,
    ),
    'nodes:',
    ...Array.from({ length: nodes }, (_, index) => {
      const endpoint = `http://10.0.0.${index % configurations}:5000`;
      return `- {name: node-${index}, runtime: "containerd://1.7.22", mirrors: {registry-0.example.com: {endpoint: ["${endpoint}"]}}}`;
    }),
  ];
  const registries = loadRegistries('registries.yaml', lines.join('\n'));
  const files = filesInMemory({});
  const configured = configureNodes(buildClusterNodes(registries, files).nodes, files).nodes;
  const uses = listedImages(registries);
  return () => planPulls(groupNodes(configured), uses).length;
}

function timeResolution(resolve: () => number, pairs: number): Times {
  const before = process.cpuUsage();
  const start = performance.now();
  const found = resolve();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(before);
  if (found !== pairs) throw new Error(`${found} pairs were resolved, not ${pairs}`);
  return { wall, cpu: (user + system) / 1000 };
}

/** Measures a few times after one run that does not count, and prints the median and the extremes. */
function bench(what: string, rounds: number, measure: () => Times): void {
  measure();
  const times = Array.from({ length: rounds }, measure);
  const cells = (['wall', 'cpu', 'memory'] as const).map((kind) => {
    const sorted = times.map((time) => time[kind] ?? Number.NaN).sort((a, b) => a - b);
    const [first = 0, middle = 0, last = 0] = [sorted[0], sorted[Math.floor(rounds / 2)], sorted.at(-1)];
    const text = Number.isNaN(middle)
      ? ''
      : `${middle.toFixed(0)} (${first.toFixed(0)} to ${last.toFixed(0)})`;
    return text.padEnd(22);
  });
  console.log(`| ${what.padEnd(58)} | ${cells.join(' | ')} |`);
}

if (!existsSync(bundle)) throw new Error('dist/cli/index.js is missing: run `npm run package` first');
const folder = mkdtempSync(join(tmpdir(), 'mirrorproof-bench-'));
try {
  writeRepository(join(folder, 'one'), 1);
  writeRepository(join(folder, 'many'), 10_000);
  const large = writeLargeRepository(join(folder, 'large'), 35_000, 50_000);
  const columns = ['wall, ms', 'CPU, ms', 'memory, MB'].map((column) => column.padEnd(22)).join(' | ');
  console.log(`| ${'median of several runs (least to most)'.padEnd(58)} | ${columns} |`);
  console.log(`| ${'-'.repeat(58)} | ${Array.from({ length: 3 }, () => '-'.repeat(22)).join(' | ')} |`);
  bench('check, 1 file', 15, () => timeCommand('check', join(folder, 'one')));
  bench('check, 10,000 files with one Deployment each', 5, () => timeCommand('check', join(folder, 'many')));
  const size = `35,000 files with ${large.resources.toLocaleString('en')} resources`;
  bench(`check, ${size}`, 5, () => timeCommand('check', join(folder, 'large')));
  bench(`images, ${size}`, 5, () => timeCommand('images', join(folder, 'large'), '--format', 'list'));
  bench('grep -rn image: on these', 5, () => timeGrep(join(folder, 'large')));
  const resolve = prepareResolution(1000, 10, 5000);
  bench('resolve 5,000 references on 1,000 nodes, 10 configurations', 5, () =>
    timeResolution(resolve, 50_000),
  );
} finally {
  rmSync(folder, { recursive: true, force: true });
}
