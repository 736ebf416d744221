import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { formatJson } from '../../src/proof/formatJson.ts';
import { formatText } from '../../src/proof/formatText.ts';
import type { Outcome, PlannedPull, Proof } from '../../src/proof/proof.ts';
import { sortProofs, verdictOf, type ProofRun } from '../../src/proof/summary.ts';
import { parseReference } from '../../src/reference/parseReference.ts';
import { startOfFile } from '../../src/source/location.ts';

const schemaFile = join(import.meta.dirname, '../../schema/proof.schema.json');
const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')),
);

function pull(image: string, nodes: readonly string[] = ['worker-1']): PlannedPull {
  const parsed = parseReference(image);
  assert.ok(parsed.ok);
  const { reference } = parsed;
  const location = startOfFile('manifests/web.yaml');
  const use = {
    text: image,
    location,
    status: 'resolved',
    confidence: 'certain',
    from: 'container',
    field: 'spec.containers[0].image',
    reference,
  } as const;
  return { id: image, reference, image, nodes, uses: [use, use] };
}

function proof(image: string, outcome: Outcome, rest: Partial<Proof> = {}): Proof {
  return { pull: pull(image), outcome, evidence: [], assumptions: [], runtime: 'containerd 1.7.24', ...rest };
}

const proved: Outcome = { status: 'proved', via: 'http://10.1.1.1:5000', isUpstream: false };
const refuted: Outcome = {
  status: 'refuted',
  error: 'failed: \u001B[31mx509\u202E: certificate\n::error::injected',
};
const inconclusive: Outcome = { status: 'inconclusive', reason: 'the pull did not come to an end in time' };

const many = Array.from({ length: 8 }, (_, index) => `worker-${index}`);
const request = { method: 'HEAD', url: 'http://10.1.1.1:5000/v2/app/manifests/1', status: 404 };

const full: ProofRun = {
  engine: 'containerd',
  proofs: [
    proof('nginx:1', proved, {
      evidence: [{ ...request, status: 200 }],
      assumptions: ['the node is so and so'],
    }),
    proof('quay.io/app:1', { ...proved, via: 'https://quay.io', isUpstream: true }),
    proof('ghcr.io/app:1', refuted, {
      pull: pull('ghcr.io/app:1', many),
      evidence: Array.from({ length: 7 }, () => request),
    }),
    proof('ghcr.io/late:1', inconclusive, { assumptions: [] }),
  ],
  controls: [{ pull: pull('nginx:1'), isSound: true, text: 'connection refused' }],
};

function snapshot(t: TestContext, text: string, name: string): void {
  t.assert.fileSnapshot(text, join(import.meta.dirname, `../golden/proof/${name}`), {
    serializers: [String],
  });
}

suite('what prove prints', () => {
  test('JSON is as its schema says', (t) => {
    const json = formatJson(full);
    validate(JSON.parse(json));
    assert.deepEqual(validate.errors ?? [], []);
    snapshot(t, json, 'run.json');
  });

  test('a proof without what it is proved by is none for the schema', () => {
    const broken = JSON.parse(formatJson(full).replaceAll('"via"', '"through"'));
    assert.equal(validate(broken), false);
  });

  test('nothing at all is a valid run, too', () => {
    const empty: ProofRun = { engine: 'containerd', proofs: [], controls: [] };
    assert.equal(validate(JSON.parse(formatJson(empty))), true);
    assert.equal(
      formatText(empty, (_, text) => text),
      '0 pulls by containerd: 0 proved\n',
    );
  });

  test('text shows what is not proved, and nothing of a repository acts on the terminal', (t) => {
    snapshot(
      t,
      formatText(full, (_, text) => text),
      'run.txt',
    );
  });

  test('text says what a control that was pulled means', () => {
    const control = {
      pull: pull('nginx:1'),
      isSound: false,
      text: 'it was pulled although no registry answered',
    };
    const text = formatText({ ...full, controls: [control] }, (_, painted) => painted);
    assert.match(
      text,
      /the control with nginx:1 on worker-1: it was pulled .*: nothing that is proved here means anything/,
    );
  });
});

suite('verdictOf', () => {
  const run = (outcomes: readonly Outcome[], isSound = true): ProofRun => ({
    engine: 'containerd',
    proofs: outcomes.map((outcome, index) => proof(`app-${index}`, outcome)),
    controls: [{ pull: pull('app'), isSound, text: '' }],
  });

  test('the worst decides, and a control that was pulled before all', () => {
    assert.equal(verdictOf(run([proved, proved])), 'proved');
    assert.equal(verdictOf(run([proved, inconclusive])), 'inconclusive');
    assert.equal(verdictOf(run([inconclusive, refuted, proved])), 'refuted');
    assert.equal(verdictOf(run([refuted], false)), 'worthless');
    assert.equal(verdictOf(run([proved], false)), 'worthless');
  });

  test('proofs are put into the order of the plan', () => {
    const { proofs } = run([proved, refuted]);
    const sorted = sortProofs(proofs, ['app-1', 'app-0']);
    assert.deepEqual(
      sorted.map(({ pull: { id } }) => id),
      ['app-1', 'app-0'],
    );
  });
});
