import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Finding } from '../../src/check/finding.ts';
import { budgetAnnotations, type AnnotationLimits, type ChangedLines } from '../../src/report/annotations.ts';
import { severities } from '../../src/source/severity.ts';
import { exampleFinding } from '../support/report.ts';
import { endsSoon } from '../support/endsSoon.ts';

const limits: AnnotationLimits = { perSeverity: 3, messageLength: 600 };

describe('budgetAnnotations', () => {
  test('makes one annotation for each finding while there is room', () => {
    const findings = [
      exampleFinding({ line: 4 }),
      exampleFinding({ line: 2, fix: { message: 'Write http:// before it.' } }),
    ];
    const { annotations, leftOut } = budgetAnnotations(findings, limits);
    assert.deepEqual(
      annotations.map(({ location, message, findings }) => [location.start.line, message, findings]),
      [
        [2, 'The endpoint has no scheme.\nFix: Write http:// before it.', 1],
        [4, 'The endpoint has no scheme.', 1],
      ],
    );
    assert.deepEqual(leftOut, { error: 0, warning: 0, notice: 0 });
  });

  test('lets findings of one check in one file share an annotation when there are too many', () => {
    const findings = [5, 9, 2, 7].map((line) => exampleFinding({ line }));
    const [annotation, ...others] = budgetAnnotations(findings, limits).annotations;
    assert.deepEqual(others, []);
    assert.equal(annotation?.findings, 4);
    assert.equal(annotation.location.start.line, 2);
    assert.match(
      annotation.message,
      /endpoint-scheme is reported another 3 times in this file \(line 5, 7, 9\)\.$/,
    );
  });

  test('lets files share when checks in files are too many, and keeps every check', () => {
    const findings = [
      ...['a', 'b', 'c', 'd'].map((file) => exampleFinding({ file })),
      exampleFinding({ check: 'unknown-key', file: 'z' }),
    ];
    const { annotations, leftOut } = budgetAnnotations(findings, limits);
    assert.deepEqual(
      annotations.map(({ check, location, findings }) => `${check} ${location.file} ${findings}`),
      ['endpoint-scheme a 3', 'endpoint-scheme b 1', 'unknown-key z 1'],
    );
    assert.match(annotations[0]?.message ?? '', /is reported another 2 times in other files\.$/);
    assert.equal(leftOut.error, 0);
  });

  test('says in the last annotation what is left out, and annotates nothing milder', () => {
    const findings = [
      ...['a', 'b', 'c', 'd', 'e'].map((check) => exampleFinding({ check })),
      exampleFinding({ severity: 'notice' }),
    ];
    const { annotations, leftOut } = budgetAnnotations(findings, limits);
    assert.deepEqual(
      annotations.map(({ check }) => check),
      ['a', 'b', 'c'],
    );
    assert.deepEqual(leftOut, { error: 2, warning: 0, notice: 1 });
    assert.match(
      annotations.at(-1)?.message ?? '',
      /\nNot annotated, but in the full report: 2 errors, 1 notice\.$/,
    );
  });

  test('prefers changed lines, then changed files', () => {
    const findings = ['a', 'b', 'c', 'd', 'e'].map((check) =>
      exampleFinding({ check, file: `${check}.yaml`, line: 5 }),
    );
    const changes: ChangedLines = new Map([
      ['d.yaml', [{ first: 1, last: 4 }]],
      [
        'e.yaml',
        [
          { first: 1, last: 2 },
          { first: 5, last: 6 },
        ],
      ],
    ]);
    const { annotations } = budgetAnnotations(findings, limits, changes);
    assert.deepEqual(
      annotations.map(({ check }) => check),
      ['e', 'd', 'a'],
    );
  });

  test('cuts a long message, never the ending', () => {
    const findings = [1, 2, 3, 4].map((line) => exampleFinding({ line, message: 'x'.repeat(5000) }));
    const [annotation] = budgetAnnotations(findings, limits).annotations;
    assert.equal(annotation?.message.length, limits.messageLength);
    assert.match(annotation.message, /x \.\.\.\nendpoint-scheme is reported another 3 times/);
  });

  test('has time for very many findings', () => {
    const findings = Array.from({ length: 20_000 }, (_, index) => exampleFinding({ file: `f${index}.yaml` }));
    const { annotations } = endsSoon(() => budgetAnnotations(findings, limits));
    assert.equal(
      annotations.reduce((sum, annotation) => sum + annotation.findings, 0),
      20_000,
    );
  });

  test('keeps the limits and loses nothing, whatever the findings', () => {
    const finding = fc
      .record({
        check: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
        severity: fc.constantFrom(...severities),
        file: fc.constantFrom('1', '2', '3'),
        line: fc.integer({ min: 1, max: 9 }),
        message: fc.string({ maxLength: 900 }),
      })
      .map((parts) => exampleFinding(parts));
    fc.assert(fc.property(fc.array(finding, { maxLength: 40 }), fc.integer({ min: 1, max: 4 }), checkBudget));
  });
});

function checkBudget(findings: readonly Finding[], perSeverity: number): void {
  const { annotations, leftOut } = budgetAnnotations(findings, { perSeverity, messageLength: 600 });
  for (const severity of severities) {
    const made = annotations.filter((annotation) => annotation.severity === severity);
    assert.ok(made.length <= perSeverity);
    const represented = made.reduce((sum, annotation) => sum + annotation.findings, 0);
    const all = findings.filter((finding) => finding.severity === severity).length;
    assert.equal(represented + leftOut[severity], all);
    const milder = severities.slice(severities.indexOf(severity) + 1);
    if (leftOut[severity] > 0)
      assert.ok(!annotations.some((annotation) => milder.includes(annotation.severity)));
  }
  for (const { message } of annotations) assert.ok(message.length <= 600);
  const places = annotations.map(({ severity, check, location }) =>
    JSON.stringify([severity, check, location]),
  );
  const distinct = new Set(
    findings.map(({ severity, check, location }) => JSON.stringify([severity, check, location])),
  );
  assert.ok(places.every((place) => distinct.has(place)));
}
