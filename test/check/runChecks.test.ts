import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import type { Report } from '../../src/report/report.ts';

/** Two images with a tag that moves: two notices, unless `settings` say otherwise. */
function check(settings: string): Report {
  const pod = (name: string, image: string): string =>
    `apiVersion: v1\nkind: Pod\nmetadata: {name: ${name}}\nspec: {containers: [{name: app, image: "${image}"}]}\n`;
  const files = filesInMemory({
    'registries.yaml': `checks:\n  mutable-tag: ${settings}\n`,
    'manifests/web.yaml': pod('web', 'ghcr.io/example/web:latest'),
    'manifests/worker.yaml': pod('worker', 'ghcr.io/example/worker'),
  });
  return analyse(files, { substitutions: new Map() }).report;
}

function ignore(entry: Readonly<Record<string, string>>): string {
  return JSON.stringify({ ignore: [{ ...entry, reason: 'a test' }] });
}

function filesWithFindings({ findings }: Report): readonly string[] {
  return findings.map(({ location }) => location.file);
}

describe('runChecks', () => {
  test('gives findings the severity of their check', () => {
    const { findings, ignored } = check('{}');
    assert.deepEqual(
      findings.map(({ check, severity }) => [check, severity]),
      [
        ['mutable-tag', 'notice'],
        ['mutable-tag', 'notice'],
      ],
    );
    assert.equal(ignored, 0);
  });

  test('gives them another one where registries.yaml says so', () => {
    for (const settings of ['error', '{severity: error}']) {
      assert.deepEqual(
        check(settings).findings.map(({ severity }) => severity),
        ['error', 'error'],
      );
    }
  });

  test('runs no check that is off, as YAML 1.1 spells it too', () => {
    for (const settings of ['off', '"off"', 'no', '{severity: off}'])
      assert.deepEqual(check(settings).findings, []);
  });

  test('leaves alone what an entry names, and counts it', () => {
    const cases = [
      { file: 'manifests/web.yaml' },
      { file: '*/web.yaml' },
      { file: 'manifests/w*b.yaml' },
      { image: 'ghcr.io/example/web:latest' },
      { image: '*:latest' },
      { image: 'ghcr.io/*/web:*' },
      { file: '*web*', image: '*web*' },
    ];
    for (const entry of cases) {
      const report = check(ignore(entry));
      assert.deepEqual(
        [filesWithFindings(report), report.ignored],
        [['manifests/worker.yaml'], 1],
        JSON.stringify(entry),
      );
    }
  });

  test('leaves nothing alone that an entry does not name in full', () => {
    const cases = [
      { file: 'web.yaml' },
      { file: 'manifests/web' },
      { image: 'ghcr.io/example/web' },
      { image: 'ghcr.io/example/?eb:latest' },
      { file: '*/web.yaml', image: '*worker*' },
      { node: '*' },
      { image: '*web*web*' },
      { image: 'ghcr.io/example/web:latest*latest' },
    ];
    for (const entry of cases) assert.equal(check(ignore(entry)).ignored, 0, JSON.stringify(entry));
  });

  test('matches wildcards as a regular expression would', () => {
    const letters = fc.array(fc.constantFrom('a', 'b', '*'), { maxLength: 8 }).map((list) => list.join(''));
    const text = fc
      .array(fc.constantFrom('a', 'b'), { minLength: 1, maxLength: 8 })
      .map((list) => list.join(''));
    fc.assert(
      fc.property(letters, text, (pattern, name) => {
        const files = filesInMemory({
          'registries.yaml': `checks: {mutable-tag: {ignore: [{image: "${pattern}", reason: a test}]}}\n`,
          'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: ${name}}]}\n`,
        });
        const expected = new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name);
        assert.equal(analyse(files, { substitutions: new Map() }).report.ignored, expected ? 1 : 0);
      }),
      { numRuns: 50 },
    );
  });

  test('takes a pattern of many wildcards without delay', () => {
    const image = `ghcr.io/example/${'a'.repeat(200)}`;
    const files = filesInMemory({
      'registries.yaml': `checks: {mutable-tag: {ignore: [{image: "${'*a'.repeat(2000)}*b", reason: a test}]}}\n`,
      'pod.yaml': `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {containers: [{name: a, image: ${image}}]}\n`,
    });
    assert.equal(analyse(files, { substitutions: new Map() }).report.ignored, 0);
  });

  test('says once what nodes of two versions share', () => {
    const files = filesInMemory({
      'registries.yaml':
        'nodes:\n' +
        '  - {name: worker-1, runtime: "containerd://1.7.24", containerdConfig: config.toml}\n' +
        '  - {name: worker-2, runtime: "containerd://1.7.34", containerdConfig: config.toml}\n',
      'config.toml': 'version = 9\n',
    });
    const { findings } = analyse(files, { substitutions: new Map() }).report;
    assert.deepEqual(
      findings.map(({ check, nodes }) => [check, nodes]),
      [['config-refused', ['worker-1', 'worker-2']]],
    );
  });
});
