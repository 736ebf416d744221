import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { deployment } from '../diff/states.ts';
import { makeRepository, type TestRepository } from '../support/gitRepository.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

interface Result {
  readonly exitCode: number | null;
  readonly out: string;
  readonly error: string;
}

const mirrored = 'mirrors:\n  harbor.example.net:\n    endpoint: ["http://10.0.0.1:5000"]\n';

suite('mirrorproof check --changed-since', () => {
  let folder = '';
  let temporary = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'changed-since-'));
    temporary = join(folder, 'temporary');
    mkdirSync(temporary);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the command line; what it left in the temporary folder is a failure. */
  function check(where: TestRepository, ...args: readonly string[]): Result {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'check', ...args], {
      cwd: where.folder,
      env: { PATH: process.env['PATH'], TMPDIR: temporary },
      encoding: 'utf8',
      timeout: 120_000,
    });
    assert.deepEqual(readdirSync(temporary), []);
    return { exitCode: status, out: stdout, error: stderr };
  }

  /** A repository with two commits on main, the second on a branch of its own. */
  function repository(name: string): TestRepository {
    mkdirSync(join(folder, name));
    const where = makeRepository(join(folder, name));
    where.write({
      'registries.yaml': mirrored,
      'old.yaml': deployment('old', 'harbor.example.net/old'),
      'fine.yaml': deployment('fine', 'harbor.example.net/fine:1'),
    });
    where.commit();
    where.git('switch', '--quiet', '--create', 'topic');
    return where;
  }

  test('says nothing about what was there before, however far it moves', () => {
    const where = repository('moved');
    where.write({ 'old.yaml': `# a comment\n\n${deployment('old', 'harbor.example.net/old')}` });
    where.commit();
    const { exitCode, out } = check(where, '--changed-since', 'main', '--fail-on', 'notice');
    assert.equal(
      out,
      'No findings caused by the change since main in 2 images on 1 node. 1 older finding is not shown.\n',
    );
    assert.equal(exitCode, 0);
    assert.equal(check(where, '--fail-on', 'notice').exitCode, 1);
  });

  test('says what the change brings, committed or not', () => {
    const where = repository('brought');
    where.write({ 'new.yaml': deployment('new', 'harbor.example.net/new:latest') });
    const { exitCode, out } = check(where, '--changed-since', 'main', '--fail-on', 'notice');
    assert.match(out, /^new\.yaml:\d+:\d+ notice .*\[mutable-tag\]$/m);
    assert.doesNotMatch(out, /old\.yaml/);
    assert.equal(exitCode, 1);
  });

  test('says what an edited registries.yaml does to manifests that are as they were', () => {
    const where = repository('registries');
    where.write({
      'registries.yaml': mirrored.replace('http://10.0.0.1:5000', 'http://registry.kube-system.svc:5000'),
    });
    const { out } = check(where, '--changed-since', 'main', '--format', 'json');
    const { changedSince, findings, summary } = JSON.parse(out) as {
      changedSince: unknown;
      findings: readonly { check: string }[];
      summary: { notices: number };
    };
    assert.deepEqual(changedSince, { revision: 'main', olderFindings: 1 });
    assert.equal(summary.notices, 0);
    assert.ok(findings.some((finding) => finding.check === 'cluster-service-name'));
  });

  test('compares with where the history parted, not with what came there since', () => {
    const where = repository('parted');
    where.write({ 'new.yaml': deployment('new', 'harbor.example.net/new:1') });
    where.commit();
    where.git('switch', '--quiet', 'main');
    where.write({ 'old.yaml': deployment('old', 'harbor.example.net/old:1') });
    where.commit();
    where.git('switch', '--quiet', 'topic');
    assert.match(
      check(where, '--changed-since', 'main').out,
      /^No findings caused by .* 1 older finding is not/,
    );
  });

  test('takes everything for new where the older state cannot be read', () => {
    const where = repository('broken');
    where.write({ 'registries.yaml': 'mirrors: [\n' });
    where.commit();
    where.write({ 'registries.yaml': mirrored });
    const { exitCode, out } = check(where, '--changed-since', 'HEAD');
    assert.match(out, /1 older finding/);
    assert.equal(exitCode, 0);
  });

  const refused: readonly [string, RegExp][] = [
    ['nobody', /--changed-since nobody is no commit of this repository: fetch it first/],
    ['--output=x', /--changed-since/],
    ['', /--changed-since/],
  ];
  for (const [revision, message] of refused) {
    test(`refuses ${JSON.stringify(revision)}`, () => {
      const { exitCode, out, error } = check(
        repository(`refused${revision.length}`),
        `--changed-since=${revision}`,
      );
      assert.match(error, message);
      assert.deepEqual([exitCode, out], [2, '']);
    });
  }

  test('refuses a folder that is in no repository', () => {
    const { exitCode, error } = check(
      { ...repository('none'), folder: join(folder, 'temporary') },
      '--changed-since',
      'main',
    );
    assert.match(error, /wants a git repository/);
    assert.equal(exitCode, 2);
  });
});
