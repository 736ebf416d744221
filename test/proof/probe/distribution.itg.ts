import assert from 'node:assert/strict';
import { suite, test, type TestContext } from 'node:test';
import { ProbeEngine, probeLimits } from '../../../src/proof/probe/engine.ts';
import { debianRegistry, missingForPackages } from '../../support/debianPackages.ts';
import { planOf, runPlan } from '../containerd/provedExample.ts';
import { push, startDistribution, type Distribution } from './distribution.ts';
import { image, index } from './testRegistry.ts';

async function registry(t: TestContext, isLocked: boolean): Promise<Distribution> {
  const program = await debianRegistry();
  assert.ok(program);
  const running = await startDistribution(program.path, isLocked);
  t.after(() => running.close());
  const [amd64, arm64] = [image('amd64'), image('arm64')];
  await push(running.host, 'hub/app', 'amd64', amd64);
  await push(running.host, 'hub/app', 'arm64', arm64);
  await push(running.host, 'hub/app', '1', index({ amd64, arm64 }));
  await push(running.host, 'hub/single', '1', amd64);
  return running;
}

/** The outcomes and the controls, a line each. */
async function probe(files: Readonly<Record<string, string>>, password?: string): Promise<readonly string[]> {
  const environment = { PASSWORD: password };
  const engine = new ProbeEngine({ isUntrusted: false, isOnNode: true, environment, limits: probeLimits });
  const { proofs, controls } = await runPlan(engine, planOf(files));
  return [
    ...proofs.map(({ pull, outcome }) => `${pull.nodes.join()} ${pull.image} ${outcome.status}`).toSorted(),
    ...controls.map(({ isSound, text }) => `${isSound} ${text.replace(/control-\w+/, 'control')}`),
  ];
}

function repository(host: string): Readonly<Record<string, string>> {
  const node = (name: string, architecture: string): string =>
    `---\nkind: Node\nmetadata: {name: ${name}}\nstatus: {nodeInfo: {architecture: ${architecture}}}\n`;
  return {
    'nodes.yaml': node('a', 'amd64') + node('b', 'arm64') + node('c', 's390x'),
    'registries.yaml': `mirrors: {quay.io: {endpoint: ["http://${host}/v2/hub"]}}
configs: {"${host}": {auth: {username: robot, password: "\${PASSWORD}"}}}
nodes: [{from: nodes.yaml}]
checks: {leaves-mirrors: error}
images: ["quay.io/app:1", "quay.io/app:2", "quay.io/single:1"]
`,
  };
}

const outcomes = [
  'a quay.io/app:1 proved',
  'a quay.io/app:2 refuted',
  'a quay.io/single:1 proved',
  'b quay.io/app:1 proved',
  'b quay.io/app:2 refuted',
  'b quay.io/single:1 proved',
  'c quay.io/app:1 refuted',
  'c quay.io/app:2 refuted',
  'c quay.io/single:1 proved',
];

suite('the registry of the distribution project', { skip: missingForPackages() ?? false }, () => {
  test('has what it has, for the architectures that it has', async (t) => {
    const { host } = await registry(t, false);
    const control = `true http://${host} does not have mirrorproof-control: 404 Not Found`;
    assert.deepEqual(await probe(repository(host), 'unused'), [...outcomes, control]);
  });

  test('says so to those with a login only', async (t) => {
    const { host } = await registry(t, true);
    const control = `true http://${host} does not have mirrorproof-control: 404 Not Found`;
    assert.deepEqual(await probe(repository(host), 'probe-secret'), [...outcomes, control]);
    const refused = outcomes.map((line) => line.replace(/\w+$/, 'refuted'));
    assert.deepEqual(await probe(repository(host), 'another'), refused);
    const open = outcomes.map((line) => line.replace(/\w+$/, 'inconclusive'));
    assert.deepEqual(await probe(repository(host)), open);
  });
});
