import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { withProofs } from '../../src/action/withProofs.ts';
import { compareDocuments, explainDisagreement } from '../../src/proof/compareDocuments.ts';
import {
  documentFindings,
  readProofDocument,
  type ProofDocument,
  type ProofEntry,
} from '../../src/proof/document.ts';
import { formatJson } from '../../src/proof/formatJson.ts';
import { formatProofMarkdown } from '../../src/proof/formatMarkdown.ts';
import { proofFindings } from '../../src/proof/findings.ts';
import { byteLength } from '../../src/report/byteBudget.ts';
import { proofBytes } from '../../src/report/markdown.ts';
import type { ProofRun } from '../../src/proof/summary.ts';
import { startOfFile } from '../../src/source/location.ts';
import { exampleReport } from '../support/report.ts';
import { plannedPull } from './plannedPull.ts';

const location = startOfFile('registries.yaml');

const refutedRun: ProofRun = {
  engine: 'containerd',
  proofs: ['nginx:1', 'redis:7'].map((image) => ({
    pull: plannedPull(image, ['worker-1', 'worker-2']),
    outcome: { status: 'refuted', error: `failed to pull ${image}: no such host` },
    diagnosis: {
      cause: 'no-such-host',
      text: 'no such host',
      message: 'the name does not resolve',
      location,
      reason: 'no mirror is for `docker.io`',
      check: 'leaves-mirrors',
      fix: { message: 'add a mirror' },
    },
    evidence: [],
    assumptions: [],
    runtime: 'containerd 1.7.24',
  })),
  controls: [],
};

function documentOf(run: ProofRun): ProofDocument {
  return readProofDocument(formatJson(run));
}

suite('proofFindings', () => {
  test('pulls that fail for one reason are one finding, on the line to blame', () => {
    const findings = proofFindings(refutedRun).map(({ finding }) => finding);
    assert.equal(findings.length, 1);
    assert.equal(
      findings[0]?.message,
      'containerd 1.7.24 cannot pull `nginx:1` and `redis:7` on nodes worker-1 and worker-2: the name does not resolve, because no mirror is for `docker.io`',
    );
    assert.deepEqual(findings[0].location, location);
    assert.equal(findings[0].severity, 'error');
    assert.deepEqual(findings[0].fix, { message: 'add a mirror' });
  });

  test('an unknown error stands for itself, at its image', () => {
    const [proof] = refutedRun.proofs;
    assert.ok(proof);
    const { diagnosis: _, ...unexplained } = proof;
    const [found] = proofFindings({ ...refutedRun, proofs: [unexplained] });
    assert.match(found?.finding.message ?? '', /: failed to pull nginx:1: no such host$/);
    assert.equal(found?.finding.location.file, 'manifests/web.yaml');
  });

  test('proofs that mean nothing are one finding, and no other', () => {
    const control = { pull: plannedPull('nginx:1'), isSound: false, text: 'it was pulled' };
    const findings = proofFindings({ ...refutedRun, controls: [control] });
    assert.deepEqual(
      findings.map(({ finding }) => finding.check),
      ['worthless-proof'],
    );
  });
});

suite('the document of a run', () => {
  test('has the same findings when it is read again', () => {
    const expected = proofFindings(refutedRun).map(({ finding }) => finding);
    assert.deepEqual(documentFindings(documentOf(refutedRun)), expected);
  });

  test('anything else is refused', () => {
    assert.throws(() => readProofDocument('{"schemaVersion":1}'), /something else than proofs/);
  });
});

function entry(status: ProofEntry['status'], error?: string): ProofEntry {
  const reference = 'docker.io/library/nginx:1';
  return { reference, nodes: ['a', 'b'], status, ...(error !== undefined && { error }) };
}

function document(engine: string, proofs: readonly ProofEntry[]): ProofDocument {
  return {
    engine,
    verdict: 'refuted',
    summary: { proved: 0, refuted: 1, inconclusive: 0 },
    findings: [],
    proofs,
  };
}

suite('compareDocuments', () => {
  const proved = document('containerd', [entry('proved')]);

  test('one proves what the other refutes, on each node', () => {
    const found = compareDocuments([proved, document('kind', [entry('refuted', 'no such host')])]);
    assert.deepEqual(
      found.map(({ node, provedBy, refutedBy, error }) => ({ node, provedBy, refutedBy, error })),
      ['a', 'b'].map((node) => ({ node, provedBy: 'containerd', refutedBy: 'kind', error: 'no such host' })),
    );
  });

  test('the order does not matter, and neither does who knows nothing', () => {
    const refuted = document('kind', [entry('refuted', 'x')]);
    assert.equal(compareDocuments([refuted, proved])[0]?.provedBy, 'containerd');
    assert.deepEqual(compareDocuments([proved, document('kind', [entry('inconclusive')])]), []);
    assert.deepEqual(compareDocuments([proved]), []);
    assert.deepEqual(compareDocuments([]), []);
  });

  test('what only one of them took for granted may be why', () => {
    const assumptions = ['of its config.toml only the registry settings were tried'];
    const kind = document('kind', [{ ...entry('refuted', 'x'), assumptions }]);
    const [found] = compareDocuments([proved, kind]);
    assert.ok(found);
    assert.match(
      explainDisagreement(found),
      /bug of mirrorproof unless it comes from this: of its config\.toml/,
    );
    const [same] = compareDocuments([proved, document('kind', [entry('refuted', 'x')])]);
    assert.ok(same);
    assert.match(explainDisagreement(same), /bug of mirrorproof$/);
  });

  test('a real registry that lacks an image contradicts no stand-in', () => {
    assert.deepEqual(compareDocuments([proved, document('probe', [entry('refuted', '404')])]), []);
  });

  test('several answers for one pull, by its logins, are none', () => {
    const both = document('kind', [entry('proved'), entry('refuted', 'x')]);
    assert.deepEqual(compareDocuments([proved, both]), []);
  });
});

suite('withProofs', () => {
  const results = [{ kind: 'proved', document: documentOf(refutedRun) }] as const;

  test('adds what is not proved', () => {
    const { report } = withProofs(exampleReport({ findings: [] }), results, false);
    assert.deepEqual(
      report.findings.map(({ check }) => check),
      ['refuted-pull'],
    );
  });

  test('an error on the same line says it already, a warning does not', () => {
    const known = { check: 'leaves-mirrors', message: 'x', location } as const;
    const findingsWith = (severity: 'error' | 'warning'): number =>
      withProofs(exampleReport({ findings: [{ ...known, severity }] }), results, false).report.findings
        .length;
    assert.equal(findingsWith('error'), 1);
    assert.equal(findingsWith('warning'), 2);
  });

  test('what two engines say of a line is one finding, and two causes on it are two', () => {
    const twoCauses: ProofRun = {
      ...refutedRun,
      proofs: ['no-such-host', 'refused'].flatMap((cause) =>
        refutedRun.proofs.map((proof) => ({
          ...proof,
          ...(proof.diagnosis && { diagnosis: { ...proof.diagnosis, message: cause } }),
        })),
      ),
    };
    const both = ['containerd', 'kind'].map(
      (engine) => ({ kind: 'proved', document: documentOf({ ...twoCauses, engine }) }) as const,
    );
    const { findings } = withProofs(exampleReport({ findings: [] }), both, false).report;
    assert.equal(findings.length, 2);
    assert.equal(new Set(findings.map(({ message }) => message)).size, 2);
  });

  test('an engine that cannot work is an error where somebody asked for it', () => {
    const reason = 'there is no docker';
    const unavailable = [{ kind: 'unavailable', engine: 'kind', reason, isFault: false }] as const;
    const empty = exampleReport({ findings: [] });
    assert.deepEqual(withProofs(empty, unavailable, false).report.findings, []);
    assert.match(
      withProofs(empty, unavailable, true).report.findings[0]?.message ?? '',
      /^nothing was proved with kind, .*: there is no docker$/,
    );
  });
});

suite('withProofs in a run that nobody asked for', () => {
  const empty = exampleReport({ findings: [] });

  test('what keeps an engine from its work and is in the repository is an error all the same', () => {
    const reason = 'the catalog images.txt of docker.io cannot be read';
    const unusable = [{ kind: 'unavailable', engine: 'kind', reason, isFault: true }] as const;
    const [found, ...others] = withProofs(empty, unusable, false).report.findings;
    assert.equal(found?.message, `nothing was proved with kind: ${reason}`);
    assert.equal(found.severity, 'error');
    assert.deepEqual(others, []);
  });

  test('what is to be left alone is counted and not told, but for what is said of the proof itself', () => {
    const checked = { findings: [], isLeftAlone: () => true };
    const refuted = [{ kind: 'proved', document: documentOf(refutedRun) }] as const;
    const { findings, ignored } = withProofs({ ...empty, ignored: 2 }, refuted, false, checked).report;
    assert.deepEqual(findings, []);
    assert.equal(ignored, 3);
    const unusable = [{ kind: 'unavailable', engine: 'kind', reason: 'x', isFault: true }] as const;
    assert.equal(withProofs(empty, unusable, false, checked).report.findings.length, 1);
  });

  test('an error that a pull request does not cause is not told again as a refuted pull', () => {
    const results = [{ kind: 'proved', document: documentOf(refutedRun) }] as const;
    const older = { check: 'leaves-mirrors', severity: 'error', message: 'x', location } as const;
    assert.deepEqual(
      withProofs(empty, results, false, { findings: [older], isLeftAlone: () => false }).report.findings,
      [],
    );
  });

  test('an engine that judged nothing is an error where somebody asked for it', () => {
    const summary = { proved: 0, refuted: 0, inconclusive: 1 };
    const nothing = [{ kind: 'proved', document: { ...document('kind', []), summary } }] as const;
    const empty = exampleReport({ findings: [] });
    assert.deepEqual(withProofs(empty, nothing, false).report.findings, []);
    assert.match(
      withProofs(empty, nothing, true).report.findings[0]?.message ?? '',
      /all pulls are inconclusive$/,
    );
  });
});

suite('formatProofMarkdown', () => {
  test('shows counts and errors, and nothing of a repository acts as Markdown', () => {
    const hostile = document('kind', [entry('refuted', '</code><img src=x> | `x` @team')]);
    const markdown = formatProofMarkdown([{ kind: 'proved', document: hostile }], []);
    assert.match(markdown, /^### Proof\n\n\| Engine \| Proved \| Refuted \| Inconclusive \|/);
    assert.doesNotMatch(markdown, /<img|@team/);
  });

  test('says nothing where nothing was to be proved', () => {
    assert.equal(formatProofMarkdown([], []), '');
  });

  test('keeps its limit, and says what it leaves out', () => {
    const many = document(
      'kind',
      Array.from({ length: 5000 }, () => entry('refuted', 'x'.repeat(900))),
    );
    const markdown = formatProofMarkdown([{ kind: 'proved', document: many }], []);
    assert.ok(byteLength(markdown) <= proofBytes);
    assert.match(markdown, /\d+ refuted pulls left out/);
  });
});
