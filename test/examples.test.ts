import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Finding } from '../src/check/finding.ts';
import { readFolder } from '../src/files/folder.ts';
import { analyse } from '../src/pipeline/run.ts';

const examples = join(import.meta.dirname, '..', 'examples');

/** Every situation that mirrorproof exists for; each must have an example. */
const situations = [
  'air-gapped-upstreams',
  'cluster-service-name',
  'config-path-wins',
  'docker-node',
  'endpoint-without-scheme',
  'harbor-https-private',
  'http-by-skip-verify',
  'http-registry',
  'one-node-forgotten',
  'pause-image',
  'placeholder',
  'section-name',
];

function findingsIn(...path: string[]): readonly Finding[] {
  const files = readFolder(join(examples, ...path), { manifests: [] });
  return analyse(files, { substitutions: new Map() }).report.findings;
}

function describe({ location: { file, start }, severity, check, message }: Finding): string {
  return `${file}:${start.line}:${start.column} ${severity} ${check} ${message}\n`;
}

suite('examples', () => {
  test('there is one for every situation', () => {
    const folders = readdirSync(examples, { withFileTypes: true }).filter((entry) => entry.isDirectory());
    assert.deepEqual(folders.map(({ name }) => name).sort(), situations);
  });

  for (const situation of situations) {
    test(`${situation}: the broken state has exactly the expected findings`, () => {
      const actual = findingsIn(situation, 'broken').map(describe).join('');
      const expected = join(examples, situation, 'expected.txt');
      if (process.env['UPDATE_EXPECTED']) writeFileSync(expected, actual);
      assert.equal(actual, readFileSync(expected, 'utf8'));
      assert.match(actual, / error /);
    });

    test(`${situation}: the fixed state has none`, () => {
      assert.deepEqual(findingsIn(situation, 'fixed'), []);
    });
  }
});
