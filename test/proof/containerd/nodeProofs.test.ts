import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { NodeProofs } from '../../../src/proof/containerd/nodeProofs.ts';
import type { PullReport, PullResult } from '../../../src/proof/containerd/nodeProtocol.ts';
import type { ProofEvent } from '../../../src/proof/engine.ts';
import { planOf } from './provedExample.ts';

const binary = { version: '1.7.24', path: '/containerd', nearness: 'same' } as const;
const [planned = assert.fail()] = planOf({
  'registries.yaml': `mirrors: {quay.io: {endpoint: ["http://10.1.1.1:5000"]}}
nodes: [{name: a, runtime: "containerd://1.7.24"}]
images: ["quay.io/app:1", "ghcr.io/app:1"]
`,
}).nodes;

/** What a node says after some of its pulls were tried. */
function proofsOf(...results: readonly (PullResult & { readonly isUpstream?: boolean })[]): {
  readonly proofs: NodeProofs;
  readonly events: readonly ProofEvent[];
} {
  const events: ProofEvent[] = [];
  const proofs = new NodeProofs(planned, binary, (event) => events.push(event));
  proofs.start({ kind: 'running' });
  for (const [index, { isUpstream = false, ...result }] of results.entries()) {
    const via = isUpstream ? 'https://quay.io' : 'http://10.1.1.1:5000';
    const report: Omit<PullReport, 'id'> = { result, requests: [], via, isUpstream };
    proofs.report({ id: planned.pulls[index]?.id ?? '', ...report });
  }
  return { proofs, events };
}

const pulled: PullResult = { kind: 'pulled' };

function controlsOf(events: readonly ProofEvent[]): readonly (readonly [boolean, string])[] {
  return events.flatMap((event) =>
    event.kind === 'control' ? [[event.control.isSound, event.control.text] as const] : [],
  );
}

suite('the control of a node', () => {
  const results: readonly (readonly [
    title: string,
    result: PullResult,
    expected: readonly [boolean, string],
  ])[] = [
    ['failed', { kind: 'failed', code: 'Unknown', text: 'connection refused' }, [true, 'connection refused']],
    ['was pulled', pulled, [false, 'it was pulled although no registry answered']],
    ['hung', { kind: 'hung' }, [false, 'it has no outcome: it did not come to an end in time']],
    [
      'saw containerd end',
      { kind: 'crashed', text: 'killed' },
      [false, 'it has no outcome: containerd ended before it did: killed'],
    ],
    [
      'lost its containerd',
      { kind: 'failed', code: 'Unavailable', text: 'the connection is closed' },
      [false, 'it has no outcome: the connection is closed'],
    ],
    [
      'had no room',
      { kind: 'failed', code: 'Unknown', text: 'no space left on device' },
      [false, 'it has no outcome: no space left on device'],
    ],
    [
      'repeats a login',
      { kind: 'failed', code: 'Unknown', text: 'Head "http://me:secret@10.1.1.1/v2/": EOF' },
      [true, 'Head "http://*********@10.1.1.1/v2/": EOF'],
    ],
  ];
  for (const [title, result, expected] of results) {
    test(`that ${title}`, () => {
      const { proofs, events } = proofsOf(pulled);
      proofs.control(result);
      assert.deepEqual(controlsOf(events), [expected]);
    });
  }

  test('of a node that fails before it has no outcome', () => {
    const { proofs, events } = proofsOf(pulled);
    proofs.leaveOpen('the simulated node failed');
    assert.deepEqual(controlsOf(events), [[false, 'it has no outcome: the simulated node failed']]);
  });

  test('is made once, and not where nothing was proved', () => {
    const { proofs, events } = proofsOf(pulled);
    proofs.control({ kind: 'failed', code: 'Unknown', text: 'refused' });
    proofs.leaveOpen('the simulated node failed');
    assert.equal(controlsOf(events).length, 1);
    const { proofs: unproved, events: others } = proofsOf({ kind: 'hung' });
    unproved.leaveOpen('the simulated node failed');
    assert.deepEqual(controlsOf(others), []);
  });

  test('is rather of a pull by a mirror than of one without', () => {
    const { proofs } = proofsOf({ ...pulled, isUpstream: true }, pulled, pulled);
    assert.equal(proofs.toControl, planned.pulls[1]);
  });
});
