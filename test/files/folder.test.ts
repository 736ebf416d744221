import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { readFolder } from '../../src/files/folder.ts';
import { endsSoon } from '../support/endsSoon.ts';

describe('readFolder', () => {
  let temporary: string;
  let root: string;
  let count = 0;

  before(() => {
    temporary = mkdtempSync(join(tmpdir(), 'mirrorproof-folder-'));
  });
  beforeEach(() => {
    count += 1;
    root = join(temporary, `${count}`, 'repository');
    mkdirSync(root, { recursive: true });
  });
  after(() => rmSync(temporary, { recursive: true }));

  function write(files: Readonly<Record<string, string | Buffer>>): void {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), content);
    }
  }
  function writeEmpty(...paths: readonly string[]): void {
    write(Object.fromEntries(paths.map((path) => [path, ''])));
  }
  const link = (target: string, path: string): void => symlinkSync(target, join(root, path));

  it('lists what can be a manifest, a template of one or a configuration of a node, by code unit', () => {
    writeEmpty(
      'b.yaml',
      'a/z.yml',
      'a.json',
      'Z.yaml',
      'ä.yaml',
      'a/b/hosts.toml',
      'daemon.json',
      'chart/_pod.tpl',
      'x.yaml.j2',
    );
    writeEmpty('README.md', 'a.yaml.bak', 'yaml', 'script.sh', '.github/workflows/ci.yml');
    assert.deepEqual(readFolder(root).paths, [
      '.github/workflows/ci.yml',
      'Z.yaml',
      'a.json',
      'a/b/hosts.toml',
      'a/z.yml',
      'b.yaml',
      'chart/_pod.tpl',
      'daemon.json',
      'x.yaml.j2',
      'ä.yaml',
    ]);
  });

  it('keeps the folders that a user may have manifests in, and names those of fetched packages', () => {
    const kept = ['build', 'charts', 'dist', 'examples', 'target', 'test', 'third_party'].map(
      (folder) => `${folder}/a.yaml`,
    );
    writeEmpty(
      ...kept,
      'node_modules/x/a.yaml',
      'deep/vendor/a.yaml',
      '.terraform/a.json',
      '.git/a.yaml',
      'x/.git/a.yaml',
    );
    const { paths, skipped } = readFolder(root);
    assert.deepEqual(paths, kept);
    assert.deepEqual(skipped, []);
  });

  it('honours .gitignore', () => {
    write({
      '.gitignore': 'out/\n/a.yaml\n',
      'a.yaml': '',
      'b.yaml': '',
      'out/c.yaml': '',
      'd/.gitignore': '!/a.yaml',
      'd/a.yaml': '',
    });
    assert.deepEqual(readFolder(root).paths, ['b.yaml', 'd/a.yaml']);
  });

  it('does without a .gitignore that is too large, and says so', () => {
    write({ '.gitignore': '#'.repeat(70_000) + '\n*.yaml', 'a.yaml': '' });
    const { paths, skipped } = readFolder(root);
    assert.deepEqual(paths, ['a.yaml']);
    assert.deepEqual(skipped, [{ path: '.gitignore', reason: 'larger than 64 KiB' }]);
  });

  it('survives a .gitignore that is made to never end', () => {
    const name = `${'a'.repeat(240)}.yaml`;
    write({ '.gitignore': `${'*a'.repeat(30)}*b\n`.repeat(500), [name]: '' });
    assert.deepEqual(endsSoon(() => readFolder(root)).paths, [name]);
  });

  describe('with patterns', () => {
    it('lists the manifests that match, whatever .gitignore says, and all files of nodes', () => {
      write({
        '.gitignore': 'out/\n',
        'out/a.yaml': '',
        'deploy/b.yaml': '',
        'c.yaml': '',
        'hosts.toml': '',
        'daemon.json': '',
      });
      const { paths } = readFolder(root, { manifests: ['{out,deploy}/**/*.yaml'] });
      assert.deepEqual(paths, ['daemon.json', 'deploy/b.yaml', 'hosts.toml', 'out/a.yaml']);
    });

    it('enters a vendored folder only when a pattern spells out its name', () => {
      writeEmpty('vendor/k8s/a.yaml', 'deploy/node_modules/b.yaml');
      assert.deepEqual(readFolder(root, { manifests: ['vendor/**', 'deploy/**'] }).paths, [
        'vendor/k8s/a.yaml',
      ]);
    });

    it('never enters .git', () => {
      writeEmpty('.git/a.yaml');
      assert.deepEqual(readFolder(root, { manifests: ['.git/**', '**'] }).paths, []);
    });
  });

  describe('symbolic links', () => {
    it('are not followed out of the tree', () => {
      writeFileSync(join(root, '..', 'outside.yaml'), 'kind: Secret');
      mkdirSync(join(root, '..', 'more'));
      link('../outside.yaml', 'file.yaml');
      link('../more', 'folder');
      link('/etc', 'etc');
      link('/etc/hostname', 'hostname');
      const files = readFolder(root);
      assert.deepEqual(files.paths, []);
      const reason = 'a symbolic link that leads out of the repository';
      assert.deepEqual(
        files.skipped,
        ['etc', 'file.yaml', 'folder'].map((path) => ({ path, reason })),
      );
      assert.deepEqual(files.read('file.yaml'), { unreadable: reason });
      assert.deepEqual(files.read('folder/x.yaml'), undefined);
      assert.deepEqual(files.read('etc/hostname'), { unreadable: reason });
    });

    it('to a file of the tree list it once', () => {
      write({ 'real.yaml': 'a', 'text.txt': 'b', '.gitignore': 'ignored.yaml\n', 'ignored.yaml': 'c' });
      link('real.yaml', 'link.yaml');
      link('text.txt', 'first.yaml');
      link('text.txt', 'second.yaml');
      link('ignored.yaml', 'used.yaml');
      const files = readFolder(root);
      assert.deepEqual(files.paths, ['first.yaml', 'real.yaml', 'used.yaml']);
      assert.deepEqual(
        files.paths.map((path) => files.read(path)),
        [{ text: 'b' }, { text: 'a' }, { text: 'c' }],
      );
      assert.deepEqual(files.read('link.yaml'), { text: 'a' });
    });

    it('to a folder are not entered, so loops end', () => {
      write({ 'a/b/c.yaml': '' });
      link('../..', 'a/b/loop');
      link('.', 'self');
      link('a', 'again');
      assert.deepEqual(readFolder(root).paths, ['a/b/c.yaml']);
    });

    it('that lead nowhere or in a circle are named', () => {
      link('missing.yaml', 'dangling.yaml');
      link('circle.yaml', 'circle.yaml');
      link('circle', 'circle');
      link('missing', 'dangling');
      assert.deepEqual(readFolder(root).skipped, [
        { path: 'circle.yaml', reason: 'a symbolic link that leads to itself' },
        { path: 'dangling.yaml', reason: 'a symbolic link that leads nowhere' },
      ]);
    });

    it('do not lead into what version control keeps for itself', () => {
      write({ '.git/config': 'extraheader = AUTHORIZATION' });
      link('.git/config', 'registries.yaml');
      const files = readFolder(root);
      assert.deepEqual(files.paths, []);
      assert.deepEqual(files.read('registries.yaml'), { unreadable: 'a file of the version control' });
      assert.deepEqual(files.read('.git/config'), { unreadable: 'a file of the version control' });
    });

    it('may be the root', () => {
      write({ 'a.yaml': 'x' });
      link('.', 'here');
      assert.deepEqual(readFolder(join(root, 'here')).read('a.yaml'), { text: 'x' });
    });
  });

  describe('names', () => {
    it('are data, with line breaks and colons too', () => {
      const name = 'a\n::error file=x::y\r.yaml';
      write({ [name]: 'text' });
      const files = readFolder(root);
      assert.deepEqual(files.paths, [name]);
      assert.deepEqual(files.read(name), { text: 'text' });
    });

    it('that are not UTF-8 are named', () => {
      const bad = Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0xff), Buffer.from('.yaml')]);
      writeFileSync(bad, '');
      mkdirSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.of(0xfe)]));
      writeEmpty('\ufffd-real.yaml');
      const { paths, skipped } = readFolder(root);
      assert.deepEqual(paths, ['\ufffd-real.yaml']);
      const reason = 'a name that is not valid UTF-8';
      assert.deepEqual(
        skipped,
        ['\ufffd', '\ufffd.yaml'].map((path) => ({ path, reason })),
      );
    });
  });

  describe('read', () => {
    it('gives the text of files that are not listed as well', () => {
      write({ 'certs/ca.pem': 'PEM', 'certs/x/y': '' });
      const files = readFolder(root);
      assert.deepEqual(files.read('certs/ca.pem'), { text: 'PEM' });
      assert.deepEqual(files.read('./certs/x/../ca.pem'), { text: 'PEM' });
      assert.equal(files.read('missing'), undefined);
      assert.equal(files.read('certs/ca.pem/x'), undefined);
      assert.equal(files.read('a\0b'), undefined);
      assert.deepEqual(files.read('certs'), { unreadable: 'no regular file' });
    });

    it('never leaves the root', () => {
      const unreadable = 'outside of the repository';
      const files = readFolder(root);
      for (const path of ['/etc/passwd', '..', '../x', 'a/../../x'])
        assert.deepEqual(files.read(path), { unreadable });
    });

    it('refuses what is too large', () => {
      write({ 'large.yaml': '', 'fits.yaml': '' });
      truncateSync(join(root, 'large.yaml'), 50 * 1024 * 1024);
      writeFileSync(join(root, 'fits.yaml'), 'x'.repeat(8 * 1024 * 1024));
      const files = readFolder(root);
      assert.deepEqual(files.read('large.yaml'), { unreadable: 'larger than 8 MiB' });
      assert.ok('text' in (files.read('fits.yaml') ?? {}));
    });

    it('says when a file may not be read', () => {
      write({ 'secret.yaml': '' });
      chmodSync(join(root, 'secret.yaml'), 0);
      chmodSync(root, 0o755);
      const files = readFolder(root);
      asOrdinaryUser(() => {
        assert.deepEqual(files.read('secret.yaml'), { unreadable: 'not readable for this user' });
      });
    });

    it('says when a listed file is gone', () => {
      write({ 'a.yaml': '' });
      const files = readFolder(root);
      rmSync(join(root, 'a.yaml'));
      assert.deepEqual(files.read('a.yaml'), { unreadable: 'not readable (ENOENT)' });
    });
  });

  it('opens no FIFO', { skip: process.platform === 'win32' ? 'no FIFOs here' : false }, () => {
    execFileSync('mkfifo', [join(root, 'pipe.yaml')]);
    const files = readFolder(root);
    assert.deepEqual(files.paths, []);
    assert.deepEqual(files.skipped, [{ path: 'pipe.yaml', reason: 'no regular file' }]);
    assert.deepEqual(files.read('pipe.yaml'), { unreadable: 'no regular file' });
  });

  it('stops at a number of files', () => {
    writeEmpty('a.yaml', 'b/c.yaml', 'b/d.yaml', 'e.yaml');
    const { paths, skipped } = readFolder(root, { maxFiles: 2 });
    assert.deepEqual(paths, ['a.yaml', 'b/c.yaml']);
    assert.deepEqual(skipped, [
      { path: 'b/d.yaml', reason: 'beyond the first 2 files: this and all others are left out' },
    ]);
  });

  it('reads no more bytes than it may, and counts each file once', () => {
    writeFileSync(join(root, 'a.yaml'), 'x'.repeat(1024));
    writeFileSync(join(root, 'b.yaml'), 'x'.repeat(1024));
    const files = readFolder(root, { maxBytes: 2047 });
    for (let time = 0; time < 3; time++) assert.deepEqual(files.read('a.yaml'), { text: 'x'.repeat(1024) });
    assert.throws(() => files.read('b.yaml'), {
      name: 'UserError',
      message: /the files of this folder are larger than 1\.99\d* KiB together/,
    });
    assert.ok(readFolder(root, { maxBytes: 2048 }).read('b.yaml'));
  });

  it('reads nothing below a file, but through a path that leads out of it', () => {
    writeEmpty('a.yaml', 'b.yaml');
    const files = readFolder(root);
    assert.equal(files.read('a.yaml/kustomization.yaml'), undefined);
    assert.equal(files.read('a.yaml/b/c.yaml'), undefined);
    assert.deepEqual(files.read('a.yaml/../b.yaml'), { text: '' });
  });

  it('reads files of every size in full', () => {
    for (const size of [0, 1, 65_535, 65_536, 65_537, 200_000]) {
      writeFileSync(join(root, 'a.yaml'), 'x'.repeat(size));
      const content = readFolder(root).read('a.yaml');
      assert.deepEqual(content, { text: 'x'.repeat(size) });
    }
  });

  it('throws when there is no such folder', () => {
    assert.throws(() => readFolder(join(root, 'missing')), { code: 'ENOENT' });
  });
});

/** Root may read anything, so it steps back for a moment. */
function asOrdinaryUser(action: () => void): void {
  const isRoot = process.getuid?.() === 0;
  if (isRoot) process.seteuid?.(65534);
  try {
    action();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}
