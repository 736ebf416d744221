/**
 * Times the rendering of a large cluster, from the configured nodes to all files, and says how much memory it takes.
 *
 *     node bench/render.ts
 */
import { filesInMemory } from '../src/files/repositoryFiles.ts';
import { analyse } from '../src/pipeline/run.ts';

/** 5,000 nodes, of which so many share a configuration. */
const cases = [
  { what: '5,000 nodes with 4 configurations', distinct: 4 },
  { what: '5,000 nodes, each with a configuration of its own', distinct: 5000 },
];

const nodes = 5000;

const ownConfig = `version = 2

[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.8"
${Array.from({ length: 200 }, (_, index) => `  # a comment of the node, line ${index}`).join('\n')}

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = true
`;

const runtimes = ['containerd://1.7.24', 'containerd://2.1.9', 'containerd://1.7.11-k3s2', 'docker://24.0.7'];

function registriesYaml(distinct: number): string {
  const hosts = Array.from({ length: 20 }, (_, index) => `registry-${index}.example.com`);
  return JSON.stringify({
    mirrors: Object.fromEntries(hosts.map((host) => [host, { endpoint: ['http://10.10.1.106:5000'] }])),
    nodes: Array.from({ length: nodes }, (_, index) => ({
      name: `node-${index}`,
      runtime: runtimes[index % runtimes.length],
      ...(index % 8 === 0 && { containerdConfig: 'config.toml' }),
      ...(distinct > runtimes.length && {
        mirrors: { 'docker.io': { endpoint: [`http://10.${index >> 8}.${index & 255}.1:5000`] } },
      }),
    })),
  });
}

for (const { what, distinct } of cases) {
  const files = filesInMemory({ 'registries.yaml': registriesYaml(distinct), 'config.toml': ownConfig });
  const start = performance.now();
  const { report } = analyse(files, { substitutions: new Map() });
  const seconds = (performance.now() - start) / 1000;
  const { maxRSS } = process.resourceUsage();
  const sizes = [...report.rendered.values()].reduce((sum, text) => sum + text.length, 0);
  console.log(
    `${what}: ${seconds.toFixed(1)} s, ${(maxRSS / 1024).toFixed(0)} MB at most, ` +
      `${report.rendered.size} files with ${(sizes / 1e6).toFixed(1)} million characters`,
  );
}
