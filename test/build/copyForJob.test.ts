import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { CopyError, copyForJob } from '../../src/build/copyForJob.ts';
import type { BuildJob } from '../../src/manifest/build.ts';

const limits = { maxFiles: 20, maxBytes: 1000 };

suite('the copy that a build sees', () => {
  let root = '';
  let target = '';
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'mirrorproof-test-'));
    target = mkdtempSync(join(tmpdir(), 'mirrorproof-test-'));
  });
  afterEach(() => {
    for (const folder of [root, target]) rmSync(folder, { recursive: true, force: true });
  });

  function write(files: Readonly<Record<string, string>>): void {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
  }

  /** What is in the copy: paths and texts. */
  function copy(job: Partial<BuildJob>): Readonly<Record<string, string>> {
    const whole: BuildJob = {
      id: 'a job',
      program: 'kustomize',
      folder: '',
      folders: [],
      args: [],
      overrides: new Map(),
      ...job,
    };
    copyForJob(root, target, whole, limits);
    const paths = readdirSync(target, { recursive: true, withFileTypes: true }).flatMap((entry) => {
      assert.equal(entry.isSymbolicLink(), false, entry.name);
      return entry.isFile() ? [join(entry.parentPath, entry.name).slice(target.length + 1)] : [];
    });
    return Object.fromEntries(paths.sort().map((path) => [path, readFileSync(join(target, path), 'utf8')]));
  }

  test('has the folder that is built and the others that it needs, and nothing else', () => {
    write({ 'a/one.yaml': '1', 'a/in/two.yaml': '2', 'b/three.yaml': '3', 'c/four.yaml': '4' });
    assert.deepEqual(copy({ folder: 'a', folders: ['b'] }), {
      'a/in/two.yaml': '2',
      'a/one.yaml': '1',
      'b/three.yaml': '3',
    });
  });

  test('has only single files where a job names them, and its own texts in place of others', () => {
    write({ 'a/one.yaml': '1', 'a/two.yaml': '2', 'b/three.yaml': '3' });
    const overrides = new Map([
      ['a/one.yaml', 'changed'],
      ['new/file.yaml', 'new'],
    ]);
    assert.deepEqual(
      copy({ folder: 'a', files: ['a/one.yaml', 'b/three.yaml', 'a/missing.yaml'], overrides }),
      {
        'a/one.yaml': 'changed',
        'b/three.yaml': '3',
        'new/file.yaml': 'new',
      },
    );
  });

  test('has what links lead to within the repository, ends where they go in a circle, and leaves out the others', () => {
    write({ 'chart/values.yaml': 'v', 'shared/file.yaml': 's', '.git/config': 'password' });
    symlinkSync('../shared', join(root, 'chart/link'));
    symlinkSync('..', join(root, 'chart/up'));
    symlinkSync('itself', join(root, 'chart/itself'));
    symlinkSync('/etc/hostname', join(root, 'chart/hostname'));
    symlinkSync('/etc', join(root, 'chart/etc'));
    symlinkSync('../.git/config', join(root, 'chart/git'));
    const copied = copy({ folder: 'chart' });
    assert.equal(copied['chart/link/file.yaml'], 's');
    assert.equal(copied['chart/values.yaml'], 'v');
    for (const [path, text] of Object.entries(copied)) {
      assert.match(path, /^chart\/(?:values\.yaml|link\/|up\/)/);
      assert.ok(['v', 's'].includes(text), path);
    }
  });

  test('does not follow a path out of the repository', () => {
    for (const path of ['..', '../x', 'a/../../x', '/etc', 'a\0b'])
      assert.throws(() => copy({ folder: path }), CopyError, path);
    assert.throws(() => copy({ overrides: new Map([['../x', '']]) }), CopyError);
    assert.throws(() => copy({ files: ['../x'] }), CopyError);
  });

  test('says where there is too much', () => {
    write(Object.fromEntries(Array.from({ length: 21 }, (_, index) => [`many/${index}.yaml`, ''])));
    assert.throws(() => copy({ folder: 'many' }), /more than 20 files/);
    write({ 'large/file.yaml': 'x'.repeat(1001) });
    assert.throws(() => copy({ folder: 'large' }), /more than 1000 bytes/);
  });

  test('ends in folders of links to each other, which hold no file and have no end of ways', () => {
    const names = ['a', 'b', 'c', 'd'];
    for (const name of names) mkdirSync(join(root, name));
    for (const from of names) for (const to of names) symlinkSync(`../${to}`, join(root, from, to));
    assert.throws(() => copy({}), /more than 20 files and folders/);
  });
});
