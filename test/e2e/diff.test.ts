import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { deployment, registries } from '../diff/states.ts';
import { makeRepository, openRepository, type TestRepository } from '../support/gitRepository.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

interface Result {
  readonly exitCode: number | null;
  readonly out: string;
  readonly error: string;
}

const oldState = {
  'a.yaml': deployment('a', 'nginx:1'),
  'registries.yaml': registries('http://old:5000', ['k8s1', 'k8s2']),
};
const newState = { ...oldState, 'registries.yaml': registries('http://new:5000', ['k8s1', 'k8s2']) };

suite('mirrorproof diff', () => {
  let folder = '';
  let temporary = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'diff-test-'));
    temporary = join(folder, 'temporary');
    mkdirSync(temporary);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  /** Runs the command line; what it left in the temporary folder is a failure. */
  function run(directory: string, args: readonly string[], env: Record<string, string> = {}): Result {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      cwd: directory,
      env: { PATH: process.env['PATH'], TMPDIR: temporary, ...env },
      encoding: 'utf8',
      timeout: 120_000,
    });
    assert.deepEqual(readdirSync(temporary), []);
    return { exitCode: status, out: stdout, error: stderr };
  }

  function repository(name: string): TestRepository {
    mkdirSync(join(folder, name));
    return makeRepository(join(folder, name));
  }

  function assertRefused({ exitCode, out, error }: Result, message: RegExp): void {
    assert.match(error, message);
    assert.match(error, /^mirrorproof: [^\n]+\n$/);
    assert.equal(out, '');
    assert.equal(exitCode, 2);
  }

  test('compares with a commit, and touches neither repository nor work tree', () => {
    const where = repository('commit');
    where.write(oldState);
    where.commit();
    where.write(newState);
    const state = where.git('status', '--porcelain');
    const { exitCode, out } = run(where.folder, ['diff', '--base', 'HEAD']);
    assert.equal(exitCode, 0);
    assert.match(out, /^-.*http:\/\/old:5000/m);
    assert.match(out, /^\+.*http:\/\/new:5000/m);
    assert.match(out, /^ {2}before {2}1\. http:\/\/old:5000\n {10}2\. https:\/\/registry-1\.docker\.io$/m);
    assert.match(out, /^ {2}docker\.io\/library\/nginx:1 \(1 workload\)$/m);
    assert.equal(where.git('status', '--porcelain'), state);
    assert.equal(run(where.folder, ['diff', '--base', 'HEAD', '--exit-code']).exitCode, 1);
    const { changed } = JSON.parse(run(where.folder, ['diff', '--base', 'main', '--format', 'json']).out);
    assert.equal(changed, true);
  });

  test('finds nothing where nothing changes', () => {
    const where = repository('same');
    where.write(oldState);
    where.commit();
    const { exitCode, out } = run(where.folder, ['diff', '--base', 'HEAD', '--exit-code']);
    assert.deepEqual([exitCode, out], [0, 'Nothing changes for any node or pull.\n']);
  });

  test('compares a folder with what it was, and with no folder at all', () => {
    const where = repository('subfolder');
    const inside = (files: Readonly<Record<string, string>>): Record<string, string> =>
      Object.fromEntries(Object.entries(files).map(([path, text]) => [`cluster a/${path}`, text]));
    where.write({ 'registries.yaml': 'mirrors: {not: {this: one}}\n' });
    const first = where.commit();
    where.write(inside(oldState));
    const second = where.commit();
    where.write(inside(newState));
    const sub = join(where.folder, 'cluster a');
    assert.match(run(where.folder, ['diff', sub, '--base', second]).out, /another pull path on k8s1, k8s2$/m);
    assert.match(run(sub, ['diff', '--base', first]).out, /2 nodes added, 1 removed/);
  });

  test('compares with a folder', () => {
    const where = repository('folders');
    where.write(oldState);
    where.commit();
    const now = join(folder, 'folders-now');
    mkdirSync(now);
    openRepository(now).write(newState);
    assert.match(run(folder, ['diff', 'folders-now', '--base', 'folders']).out, /another pull path on/);
    assert.match(
      run(folder, ['diff', 'folders-now', '--base', `${where.folder}/.`]).out,
      /another pull path on/,
    );
    // A branch of that name is what counts, unless the folder is written as a path.
    where.write({ 'main/registries.yaml': registries('http://other:5000', ['k8s1']) });
    assert.match(run(where.folder, ['diff', '--base', './main']).out, /other:5000/);
    assert.doesNotMatch(
      run(where.folder, ['diff', '--base', 'main', '--registries', 'registries.yaml']).out,
      /other/,
    );
  });

  test('takes a registries.yaml that was not there yet for none', () => {
    const where = repository('new-registries');
    where.write({ 'a.yaml': oldState['a.yaml'], 'old/registries.yaml': oldState['registries.yaml'] });
    where.commit();
    where.write({ 'new.yaml': newState['registries.yaml'] });
    const { out } = run(where.folder, ['diff', '--base', 'HEAD', '--registries', 'new.yaml']);
    assert.match(out, /2 nodes added, 1 removed/);
  });

  test('works where a hook of git has set its variables', () => {
    const where = repository('hook');
    where.write(oldState);
    where.commit();
    where.write(newState);
    const env = { GIT_DIR: join(folder, 'elsewhere'), GIT_INDEX_FILE: '/nowhere', GIT_WORK_TREE: '/nowhere' };
    assert.match(run(where.folder, ['diff', '--base', 'HEAD'], env).out, /another pull path on/);
  });

  for (const [what, base] of [
    ['an option of git', '--output=x'],
    ['another option of git', '-h'],
    ['what is no revision', 'no such thing'],
    ['two revisions', 'HEAD..HEAD'],
    ['a file of a commit', 'HEAD:a.yaml'],
    ['a line break', 'HEAD\nHEAD'],
    ['a NUL in disguise', '\u0001'],
    ['an object that nobody has', '0123456789012345678901234567890123456789'],
  ] as const) {
    test(`refuses ${what} as a base`, () => {
      const where = repository(`refused-${what.replaceAll(' ', '-')}`);
      where.write(oldState);
      where.commit();
      assertRefused(
        run(where.folder, ['diff', `--base=${base}`]),
        /is neither a commit of this repository nor a folder/,
      );
      assert.deepEqual(readdirSync(where.folder).sort(), ['.git', 'a.yaml', 'registries.yaml']);
    });
  }

  test('refuses to compare without a base, and with a folder that is not there', () => {
    assertRefused(run(folder, ['diff']), /diff wants a --base/);
    assertRefused(run(folder, ['diff', '--base=']), /diff wants a --base/);
    assertRefused(
      run(folder, ['diff', '--base', './missing']),
      /the base: cannot read the folder .*it is not there/,
    );
    assertRefused(
      run(folder, ['diff', '--base', 'HEAD']),
      /--base HEAD is no folder, and .* is in no git repository/,
    );
  });

  test('says of a shallow clone that the commit has to be fetched', () => {
    const where = repository('deep');
    where.write(oldState);
    const old = where.commit();
    where.write(newState);
    where.commit();
    const clone = join(folder, 'shallow');
    where.git('clone', '--quiet', '--depth=1', `file://${where.folder}`, clone);
    assertRefused(run(clone, ['diff', '--base', old]), /this clone is shallow: fetch the commit first/);
    openRepository(clone).git('fetch', '--quiet', '--depth=1', 'origin', old);
    assert.match(run(clone, ['diff', '--base', old]).out, /another pull path on/);
  });

  test('says where the base cannot be understood', () => {
    const where = repository('broken-base');
    where.write({ 'registries.yaml': 'mirrors: [\n' });
    where.commit();
    where.write(newState);
    assertRefused(run(where.folder, ['diff', '--base', 'HEAD']), /the base: registries\.yaml:\d+:\d+ /);
  });

  test('compares hostile repositories: odd names, links, binary files, submodules, what Git LFS keeps', () => {
    const where = repository('hostile');
    where.write({
      ...oldState,
      'a\n::error::x\u001b[31m.yaml': deployment('odd', 'quay.io/odd/odd:1'),
      'binary.yaml': Buffer.from([0, 1, 2, 255]),
      '.gitattributes': '*.yaml filter=lfs diff=lfs\n*.toml filter=evil\n',
      'x.toml': 'version = 2\n',
      'certs.d/x/hosts.toml': 'server = "https://x"\n',
    });
    symlinkSync('/etc/passwd', join(where.folder, 'link.yaml'));
    symlinkSync('..', join(where.folder, 'up'));
    where.git('add', '--all');
    const id = where.git('rev-parse', ':x.toml');
    where.git('update-index', '--add', '--cacheinfo', `160000,${id},module`);
    where.git('commit', '--quiet', '--message', 'test');
    where.git('config', 'filter.lfs.smudge', `touch ${folder}/smudged`);
    where.git('config', 'filter.lfs.required', 'true');
    where.git('config', 'core.hooksPath', 'hooks');
    where.write({ 'hooks/post-checkout': `#!/bin/sh\ntouch ${folder}/hooked\n` });
    where.write(newState);
    const { out, exitCode, error } = run(where.folder, ['diff', '--base', 'HEAD']);
    assert.equal(exitCode, 0, error);
    assert.match(out, /another pull path on k8s1, k8s2$/m);
    assert.doesNotMatch(out, /removed, |[1-9]\d* removed/);
    assert.deepEqual(
      readdirSync(folder).filter((name) => name === 'smudged' || name === 'hooked'),
      [],
    );
  });

  test('does not take a folder of the repository for a repository', () => {
    const where = repository('embedded');
    where.write({ ...oldState, '.gitattributes': '*.yaml filter=evil\n' });
    const commit = where.commit();
    const bare = join(where.folder, 'bare');
    where.git('clone', '--quiet', '--bare', where.folder, bare);
    const filter = `[filter "evil"]\nsmudge = touch ${folder}/filtered\n`;
    writeFileSync(join(bare, 'config'), `[core]\nbare = false\nworktree = .\n${filter}`);
    assertRefused(run(bare, ['diff', '--base', commit]), /cannot use bare repository/);
    assert.ok(!readdirSync(folder).includes('filtered'));
  });

  suite('render --check', () => {
    function rendered(name: string): TestRepository {
      mkdirSync(join(folder, name));
      const where = openRepository(join(folder, name));
      where.write(newState);
      assert.equal(run(where.folder, ['render', '--out', 'rendered']).exitCode, 0);
      return where;
    }

    /** A file of the rendered tree, whatever its layout. */
    function someFile(tree: string): string {
      const [path] = readdirSync(tree, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('hosts.toml'))
        .sort();
      assert.ok(path !== undefined);
      return path;
    }

    test('passes a tree that was rendered', () => {
      const { folder: where } = rendered('rendered');
      const { exitCode, out } = run(where, ['render', '--check', 'rendered']);
      assert.equal(exitCode, 0);
      assert.match(out, /^rendered is what is rendered: \d+ files\.\n$/);
      const json = run(where, ['render', '--check', 'rendered', '--format', 'json']).out;
      assert.deepEqual(JSON.parse(json), { upToDate: true, files: [] });
    });

    test('shows what differs, what is missing and what is too much', () => {
      const where = rendered('drifted');
      const path = `rendered/${someFile(join(where.folder, 'rendered'))}`;
      where.write({ [path]: 'server = "http://by-hand"\n', 'rendered/own\nnotes.txt': 'mine\n' });
      symlinkSync('/etc/passwd', join(where.folder, 'rendered/link'));
      const { exitCode, out } = run(where.folder, ['render', '--check', 'rendered']);
      assert.equal(exitCode, 1);
      assert.match(out, /^-server = "http:\/\/by-hand"\n/m);
      assert.match(out, /^--- a\/own\\nnotes\.txt\n\+\+\+ \/dev\/null\n@@ -1 \+0,0 @@\n-mine$/m);
      assert.match(out, /^\(it is a symbolic link\)$/m);
      assert.match(out, /^rendered is not what is rendered: 1 changed, 0 missing, 2 surplus\.$/m);
      rmSync(join(where.folder, path));
      const { files } = JSON.parse(
        run(where.folder, ['render', '--check', 'rendered', '--format', 'json']).out,
      );
      assert.ok(files.some(({ kind }: { kind: string }) => kind === 'added'));
    });

    test('refuses a folder that is not there, and to write at the same time', () => {
      const { folder: where } = rendered('refused');
      assertRefused(run(where, ['render', '--check', 'missing']), /cannot read the folder missing: /);
      assertRefused(
        run(where, ['render', '--check', 'a', '--out', 'b']),
        /--out and --check do not go together/,
      );
    });
  });
});
