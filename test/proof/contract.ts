import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ProofEngine } from '../../src/proof/engine.ts';
import type { Proof } from '../../src/proof/proof.ts';
import { planOf, printProof, runPlan } from './containerd/provedExample.ts';

/** Pulls of every outcome, on several nodes. `VERSION` stands for that of containerd. */
const repository = `mirrors:
  quay.io: {endpoint: ["http://10.1.1.1:5000"]}
  10.1.1.2:5000: {endpoint: ["https://10.1.1.2:5000"]}
nodes:
  - {name: a, runtime: "containerd://VERSION"}
  - {name: b, runtime: "containerd://VERSION", mirrors: {ghcr.io: {endpoint: ["http://10.1.1.3:5000"]}}}
  - {name: c, runtime: "docker://28.1.0"}
images: ["quay.io/app:1", "ghcr.io/app:1", "10.1.1.2:5000/app:1"]
`;

/** A registries.yaml, and what becomes of its pulls: a line each, sorted. */
export interface Scenario {
  readonly repository: string;
  readonly expected: RegExp;
}

/** What every engine owes to those who use it. */
export function testEngine(
  title: string,
  version: string,
  makeEngine: () => Promise<ProofEngine>,
  skip: string | false,
  scenario: Scenario = { repository, expected },
): void {
  const plan = planOf({ 'registries.yaml': scenario.repository.replaceAll('VERSION', version) });
  const planned = plan.nodes.flatMap(({ pulls }) => pulls.map(({ id }) => id));

  suite(`the engine ${title}`, { skip, timeout: 300_000 }, () => {
    test('gives one proof for each pull, with the outcome that it has', async () => {
      const engine = await makeEngine();
      assert.deepEqual(await engine.probe(), { isAvailable: true });
      const { proofs, controls } = await runPlan(engine, plan);
      assert.deepEqual(proofs.map(({ pull }) => pull.id).toSorted(), planned.toSorted());
      const own = proofs.filter(({ pull }) => !pull.image.includes('pause:'));
      const texts = own.map(printProof).map((text) => text.replace(/(refuted [^:]+:\d+\S*)[^]*/, '$1'));
      assert.match(texts.toSorted().join('\n'), scenario.expected);
      for (const proof of proofs) assertEvidence(proof);
      assert.ok(controls.length > 0);
      for (const { isSound } of controls) assert.ok(isSound);
      await engine.dispose();
    });

    test('ends early where it is told to, and leaves no proof that was not made', async () => {
      const engine = await makeEngine();
      const abort = new AbortController();
      const proofs: Proof[] = [];
      for await (const event of engine.prove(plan, abort.signal)) {
        if (event.kind === 'proof') proofs.push(event.proof);
        abort.abort();
      }
      assert.ok(proofs.length < planned.length);
      await engine.dispose();
      await engine.dispose();
    });

    test('can be left in the middle', async () => {
      const engine = await makeEngine();
      for await (const event of engine.prove(plan, new AbortController().signal)) {
        assert.equal(event.kind, 'proof');
        break;
      }
      await engine.dispose();
    });

    test('has nothing to do for an empty plan', async () => {
      const engine = await makeEngine();
      const { proofs, controls } = await runPlan(engine, { nodes: [] });
      assert.deepEqual([proofs, controls], [[], []]);
    });
  });
}

const expected = new RegExp(
  [
    '^inconclusive 10\\.1\\.1\\.2:5000/app:1 on c: .*',
    'inconclusive ghcr\\.io/app:1 on c: .*',
    'inconclusive quay\\.io/app:1 on c: .*',
    'proved ghcr\\.io/app:1 on b: http://10\\.1\\.1\\.3:5000',
    'proved quay\\.io/app:1 on a: http://10\\.1\\.1\\.1:5000',
    'proved quay\\.io/app:1 on b: http://10\\.1\\.1\\.1:5000',
    'refuted 10\\.1\\.1\\.2:5000/app:1.*',
    'refuted 10\\.1\\.1\\.2:5000/app:1.*',
    'refuted ghcr\\.io/app:1.*$',
  ].join('\n'),
);

function assertEvidence({ pull, outcome, evidence, runtime }: Proof): void {
  if (outcome.status === 'inconclusive') return;
  assert.ok(runtime);
  if (outcome.status !== 'proved') return;
  assert.ok(
    evidence.some(({ url, status }) => url.startsWith(`${outcome.via}/`) && status === 200),
    pull.image,
  );
}
