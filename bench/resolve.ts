import { loadHostDir } from '../src/hosts/hostsDirectory.ts';
import type { Reference } from '../src/reference/reference.ts';
import { attempts } from '../src/resolver/attempts.ts';
import { configurationKey, type NodeConfiguration } from '../src/resolver/nodeConfiguration.ts';
import { profileFor } from '../src/resolver/profile.ts';

/** How long it takes to say which requests a node makes: for one reference, and for a large cluster. */

const versions = ['1.6.20', '1.7.24', '2.0.11', '2.1.9', '2.3.4'];
const hosts = ['docker.io', 'quay.io', 'ghcr.io', 'registry.k8s.io', '10.10.1.106:5000'];

function hostsToml(index: number): string {
  const mirrors = Array.from({ length: 3 }, (_, mirror) => {
    const url = `http://mirror-${index}-${mirror}.example:5000/v2/proxy`;
    return `[host."${url}"]\ncapabilities = ["pull", "resolve"]\noverride_path = true\n`;
  });
  return `server = "https://registry-${index}.example"\n\n${mirrors.join('\n')}`;
}

function configuration(index: number): NodeConfiguration {
  const profile = profileFor({ kind: 'containerd', version: versions[index % versions.length] ?? '2.3.4' });
  const files = new Map([['hosts.toml', hostsToml(index)]]);
  const directories = new Map(hosts.map((host) => [host, loadHostDir(host, files, profile)]));
  const path = '/etc/containerd/certs.d';
  return {
    profile,
    registry: { form: 'hosts-directory', configPath: path, roots: [{ path, directories }] },
    credentials: [{ host: `mirror-${index}-0.example:5000` }],
    forcesLocalPull: false,
  };
}

function references(count: number): readonly Reference[] {
  return Array.from({ length: count }, (_, index) => ({
    domain: hosts[index % hosts.length] ?? 'docker.io',
    path: `team-${index % 97}/service-${index}`,
    ...(index % 4 === 0 ? { digest: `sha256:${`${index}`.padStart(64, '0')}` } : { tag: `v1.${index}` }),
  }));
}

/** The shortest of several runs, in milliseconds; each gets input that was never seen before. */
function measure<T>(prepare: () => T, run: (input: T) => number): { milliseconds: number; requests: number } {
  let best = { milliseconds: Infinity, requests: 0 };
  for (let round = 0; round < 5; round++) {
    const input = prepare();
    const start = performance.now();
    const requests = run(input);
    const milliseconds = performance.now() - start;
    if (milliseconds < best.milliseconds) best = { milliseconds, requests };
  }
  return best;
}

function countAttempts(configurations: readonly NodeConfiguration[], all: readonly Reference[]): number {
  let count = 0;
  for (const one of configurations) {
    for (const reference of all) {
      const result = attempts(one, reference);
      if (result.ok) count += result.attempts.length;
    }
  }
  return count;
}

const single = measure(
  () => [configuration(0)],
  (configurations) => countAttempts(configurations, references(1)),
);
const cluster = measure(
  () => Array.from({ length: 1000 }, (_, index) => configuration(index % 10)),
  (nodes) => countAttempts(distinct(nodes), references(5000)),
);

/** One of each configuration, however many nodes have it. */
function distinct(nodes: readonly NodeConfiguration[]): readonly NodeConfiguration[] {
  return [...new Map(nodes.map((node) => [configurationKey(node), node])).values()];
}

console.table({
  'one reference, one node': single,
  '5,000 references, 1,000 nodes with 10 configurations': cluster,
});
