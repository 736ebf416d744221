import { createServer } from 'node:http';
import { ProbeEngine, probeLimits } from '../../../src/proof/probe/engine.ts';
import { planOf, printProof, runPlan } from '../containerd/provedExample.ts';
import { listenAt } from './listenAt.ts';
import { image, registryListener } from './testRegistry.ts';

// Runs in a network of its own where every address is this machine's: what must not be asked listens, and counts.

let forbidden = 0;
const count = createServer((_, response) => {
  forbidden += 1;
  response.end();
});
await listenAt(count, '169.254.169.254', 80);

const listener = registryListener({ manifests: { 'app:1': image('app') } }, () => undefined);
await listenAt(createServer(listener), '10.1.1.1', 5000);
const leading = createServer((_, response) => {
  response.writeHead(307, { Location: 'http://169.254.169.254/latest/meta-data' }).end();
});
await listenAt(leading, '10.1.1.2', 5000);

const registries = `nodes: [{name: a, resolves: {reg.example: 10.1.1.1, evil.example: 169.254.169.254}}]
mirrors:
  quay.io: {endpoint: ["http://10.1.1.1:5000"]}
  a.example: {endpoint: ["http://169.254.169.254"]}
  b.example: {endpoint: ["http://10.1.1.2:5000"]}
  c.example: {endpoint: ["http://evil.example"]}
  d.example: {endpoint: ["http://2852039166"]}
  e.example: {endpoint: ["http://[::ffff:169.254.169.254]"]}
  reg.example: {endpoint: ["http://reg.example:5000"]}
checks: {leaves-mirrors: error}
images: ["quay.io/app:1", "a.example/app:1", "b.example/app:1", "c.example/app:1", "d.example/app:1", "e.example/app:1", "reg.example/app:1", "quay.io/absent:1"]
`;
const engine = new ProbeEngine({ isUntrusted: false, isOnNode: false, environment: {}, limits: probeLimits });
const { proofs, controls } = await runPlan(engine, planOf({ 'registries.yaml': registries }));
const lines = proofs.map((proof) => printProof(proof).split('\n', 1)[0] ?? '').toSorted();
process.stdout.write(
  JSON.stringify({ lines, controls: controls.map(({ isSound }) => isSound), forbidden }),
  () => process.exit(),
);
