import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type { ProofEngine, ProofEvent } from '../../src/proof/engine.ts';
import { verdictOf } from '../../src/proof/summary.ts';
import { planOf, runPlan } from './containerd/provedExample.ts';

/** Proves the first pull of a plan, and forgets all others. */
const forgetful: ProofEngine = {
  name: 'forgetful',
  probe: () => Promise.resolve({ isAvailable: true }),
  async *prove({ nodes }): AsyncIterable<ProofEvent> {
    const [pull] = nodes.flatMap((node) => node.pulls);
    assert.ok(pull);
    const outcome = { status: 'proved', via: 'http://10.1.1.1:5000', isUpstream: false } as const;
    yield { kind: 'proof', proof: { pull, outcome, evidence: [], assumptions: [] } };
  },
  dispose: () => Promise.resolve(),
};

suite('runProof', () => {
  test('a pull of which the engine says nothing is inconclusive, so that the run is not proved', async () => {
    const plan = planOf({ 'registries.yaml': 'images: ["quay.io/a:1", "quay.io/b:1"]\n' });
    const run = await runPlan(forgetful, plan);
    const planned = plan.nodes.flatMap(({ pulls }) => pulls.map(({ id }) => id));
    assert.deepEqual(
      run.proofs.map(({ pull }) => pull.id),
      planned,
    );
    assert.deepEqual(
      [...new Set(run.proofs.map(({ outcome }) => outcome.status))],
      ['proved', 'inconclusive'],
    );
    assert.equal(verdictOf(run), 'inconclusive');
  });
});
