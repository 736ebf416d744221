import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { formatJson } from '../../src/proof/formatJson.ts';
import { formatText } from '../../src/proof/formatText.ts';
import type { Outcome, Proof } from '../../src/proof/proof.ts';
import { sortProofs, verdictOf, type ProofRun } from '../../src/proof/summary.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import type { Diagnosis } from '../../src/diagnose/diagnose.ts';
import type { Location } from '../../src/source/location.ts';
import { plannedPull } from './plannedPull.ts';

function readSchema(name: string): object {
  return JSON.parse(readFileSync(join(import.meta.dirname, '../../schema', name), 'utf8'));
}

const validate = new Ajv2020({ strict: true, strictRequired: false, allErrors: true })
  .addSchema(readSchema('report.schema.json'))
  .compile(readSchema('proof.schema.json'));

function proof(image: string, outcome: Outcome, rest: Partial<Proof> = {}): Proof {
  return {
    pull: plannedPull(image),
    outcome,
    evidence: [],
    assumptions: [],
    runtime: 'containerd 1.7.24',
    ...rest,
  };
}

const proved: Outcome = { status: 'proved', via: 'http://10.1.1.1:5000', isUpstream: false };
const refuted: Outcome = {
  status: 'refuted',
  error: 'failed: \u001B[31mx509\u202E: certificate\n::error::injected',
};
const inconclusive: Outcome = { status: 'inconclusive', reason: 'the pull did not come to an end in time' };

const many = Array.from({ length: 8 }, (_, index) => `worker-${index}`);
const request = { method: 'HEAD', url: 'http://10.1.1.1:5000/v2/app/manifests/1', status: 404 };

const endpoint: Location = {
  file: 'registries.yaml',
  start: { line: 3, column: 9 },
  end: { line: 3, column: 22 },
};
const plainHttp: { readonly outcome: Outcome; readonly diagnosis: Diagnosis } = {
  outcome: { status: 'refuted', error: 'http: server gave HTTP response to HTTPS client' },
  diagnosis: {
    cause: 'http-to-https-client',
    text: 'http: server gave HTTP response to HTTPS client',
    message: '`10.1.1.1:5000` was asked by HTTPS, and speaks plain HTTP',
    location: endpoint,
    reason: 'the endpoint has no scheme',
    check: 'endpoint-without-scheme',
    fix: {
      message: 'write `http://10.1.1.1:5000`',
      edit: { location: endpoint, replacement: 'http://10.1.1.1:5000' },
    },
  },
};

const files = filesInMemory({
  'registries.yaml': 'mirrors:\n  a:\n      - 10.1.1.1:5000\n',
  'manifests/web.yaml': 'image: x\n',
});

const full: ProofRun = {
  engine: 'containerd',
  proofs: [
    proof('nginx:1', proved, {
      evidence: [{ ...request, status: 200 }],
      assumptions: ['the node is so and so'],
    }),
    proof('quay.io/app:1', { ...proved, via: 'https://quay.io', isUpstream: true }),
    proof('ghcr.io/app:1', refuted, {
      pull: plannedPull('ghcr.io/app:1', many),
      evidence: Array.from({ length: 7 }, () => request),
    }),
    proof('ghcr.io/other:1', refuted, { evidence: [request] }),
    proof('10.1.1.1:5000/app:1', plainHttp.outcome, { diagnosis: plainHttp.diagnosis, evidence: [request] }),
    proof('10.1.1.1:5000/job:1', plainHttp.outcome, { diagnosis: plainHttp.diagnosis }),
    proof('ghcr.io/late:1', inconclusive, { assumptions: [] }),
  ],
  controls: [{ pull: plannedPull('nginx:1'), isSound: true, text: 'connection refused' }],
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
      formatText(empty, files, (_, text) => text),
      '0 pulls by containerd: 0 proved\n',
    );
  });

  test('text shows what is not proved, and nothing of a repository acts on the terminal', (t) => {
    snapshot(
      t,
      formatText(full, files, (_, text) => text),
      'run.txt',
    );
  });

  test('text says what a control that was pulled means', () => {
    const control = {
      pull: plannedPull('nginx:1'),
      isSound: false,
      text: 'it was pulled although no registry answered',
    };
    const text = formatText({ ...full, controls: [control] }, files, (_, painted) => painted);
    assert.match(
      text,
      /nothing that containerd proved here means anything: the control with `nginx:1` on node worker-1: it was pulled/,
    );
  });
});

suite('verdictOf', () => {
  const run = (outcomes: readonly Outcome[], isSound = true): ProofRun => ({
    engine: 'containerd',
    proofs: outcomes.map((outcome, index) => proof(`app-${index}`, outcome)),
    controls: [{ pull: plannedPull('app'), isSound, text: '' }],
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
