import { after } from 'node:test';
import { ProbeEngine, probeLimits } from '../../../src/proof/probe/engine.ts';
import { testEngine } from '../contract.ts';
import { image, startRegistry, type Manifest } from './testRegistry.ts';

const pauses = ['3.6', '3.8', '3.9', '3.10', '3.10.1', '3.10.2', '3.9.1'];
const manifests: Readonly<Record<string, Manifest>> = Object.fromEntries(
  ['app:1', ...pauses.map((tag) => `pause:${tag}`)].map((name) => [name, image(name)]),
);

const mirror = await startRegistry({ manifests });
const other = await startRegistry({ manifests });
const locked = await startRegistry({ manifests, login: 'robot:secret' });
after(() => {
  for (const registry of [mirror, other, locked]) registry.close();
});

const repository = `mirrors:
  quay.io: {endpoint: ["http://${mirror.host}"]}
  registry.k8s.io: {endpoint: ["http://${mirror.host}"]}
  ghcr.io: {endpoint: ["http://${mirror.host}"]}
nodes:
  - {name: a, runtime: "containerd://VERSION"}
  - {name: b, runtime: "containerd://VERSION", mirrors: {ghcr.io: {endpoint: ["http://${other.host}"]}}}
  - {name: c, runtime: "docker://28.1.0"}
images: ["quay.io/app:1", "ghcr.io/app:1", "${mirror.host}/absent:1", "${locked.host}/app:1"]
`;

const at = (host: string): string => host.replaceAll('.', '\\.');
const wantsLogin = `inconclusive ${at(locked.host)}/app:1`;
const lines = [
  ...['a', 'b'].map((node) => `${wantsLogin} on ${node}: .*wants a login \\(401\\).*`),
  `${wantsLogin} on c: .*dockerd.*`,
  `inconclusive ${at(mirror.host)}/absent:1 on c: .*`,
  'inconclusive ghcr\\.io/app:1 on c: .*',
  'inconclusive quay\\.io/app:1 on c: .*',
  `proved ghcr\\.io/app:1 on a: http://${at(mirror.host)}`,
  `proved ghcr\\.io/app:1 on b: http://${at(other.host)}`,
  `proved quay\\.io/app:1 on a: http://${at(mirror.host)}`,
  `proved quay\\.io/app:1 on b: http://${at(mirror.host)}`,
  ...['a', 'b'].map(() => `refuted ${at(mirror.host)}/absent:1.*`),
];
const expected = new RegExp(`^${lines.toSorted().join('\n')}$`);

for (const version of ['1.6.20', '1.7.24', '2.1.9']) {
  const makeEngine = async (): Promise<ProbeEngine> =>
    new ProbeEngine({ isUntrusted: false, isOnNode: true, environment: {}, limits: probeLimits });
  testEngine(`probe of containerd ${version}`, version, makeEngine, false, { repository, expected });
}
