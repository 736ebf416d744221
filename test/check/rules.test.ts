import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import type { Finding } from '../../src/check/finding.ts';
import { checks } from '../../src/check/index.ts';
import { readFolder } from '../../src/files/folder.ts';
import type { RepositoryFiles } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { severities } from '../../src/source/severity.ts';
import { applyEdit } from '../support/applyEdit.ts';

/**
 * Each check has a folder here, and in it repositories that it has to stay silent about (`ok`) and others in which it has to
 * find exactly what their `expected.txt` says (`bad`). A check that needs more of one kind has `ok-...` and `bad-...` as well.
 */
const fixtures = join(import.meta.dirname, 'rules');
const rules = join(import.meta.dirname, '../../src/check/rules');

function findingsOf(check: string, files: RepositoryFiles): readonly Finding[] {
  const { findings } = analyse(files, { substitutions: new Map() }).report;
  return findings.filter((finding) => finding.check === check);
}

function foldersOf(check: string, kind: 'ok' | 'bad'): readonly string[] {
  const names = readdirSync(join(fixtures, check));
  return names.filter((name) => name === kind || name.startsWith(`${kind}-`));
}

function placeOf({ location: { file, start } }: Finding): string {
  return `${file}:${start.line}:${start.column}`;
}

function formatFinding(finding: Finding): string {
  return `${placeOf(finding)} ${finding.severity} ${finding.message}\n`;
}

describe('the list of checks', () => {
  const ids = checks.map(({ id }) => id);

  test('is sorted and names none twice', () => {
    assert.deepEqual(ids, [...new Set(ids)].sort());
  });

  test('holds every file in src/check/rules, each named as its check', () => {
    const expected = ids.map(
      (id) => `${id.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())}.ts`,
    );
    assert.deepEqual(readdirSync(rules).sort(), expected.sort());
  });

  test('has fixtures for every check and for nothing else', () => {
    assert.deepEqual(readdirSync(fixtures).sort(), ids);
  });
});

for (const { id, severity, summary, documentation } of checks) {
  describe(id, () => {
    test('is described', () => {
      assert.match(id, /^[a-z]+(-[a-z0-9]+)*$/);
      assert.ok(severities.includes(severity));
      assert.match(summary, /^\S.*[^.]$/);
      assert.match(documentation, /^\S.*\.$/);
    });

    test('has an ok and a bad fixture', () => {
      const names = readdirSync(join(fixtures, id));
      assert.deepEqual(names, [...foldersOf(id, 'bad'), ...foldersOf(id, 'ok')]);
      assert.ok(names.includes('bad') && names.includes('ok'));
    });

    for (const name of foldersOf(id, 'ok')) {
      test(`finds nothing in ${name}`, () => {
        const findings = findingsOf(id, readFolder(join(fixtures, id, name)));
        assert.equal(findings.map(formatFinding).join(''), '');
      });
    }

    for (const name of foldersOf(id, 'bad')) {
      const folder = join(fixtures, id, name);
      const files = readFolder(folder);
      const findings = findingsOf(id, files);

      test(`finds what ${name}/expected.txt says`, () => {
        const expected = join(folder, 'expected.txt');
        const actual = findings.map(formatFinding).join('');
        if (process.env['UPDATE_EXPECTED']) writeFileSync(expected, actual);
        assert.equal(actual, readFileSync(expected, 'utf8'));
        assert.notEqual(actual, '');
      });

      test(`says each thing in ${name} in one sentence`, () => {
        for (const { message } of findings) assert.doesNotMatch(message, /\n|\.$|[.!?] [A-Z]/);
      });

      for (const finding of findings) {
        const edit = finding.fix?.edit;
        if (!edit) continue;
        test(`is content with its fix for ${name}/${placeOf(finding)}`, () => {
          const left = findingsOf(id, applyEdit(files, edit));
          assert.ok(!left.some((other) => placeOf(other) === placeOf(finding)));
          assert.ok(left.length < findings.length);
        });
      }
    }
  });
}
