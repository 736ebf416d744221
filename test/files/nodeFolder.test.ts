import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { openNodeFolder } from '../../src/files/nodeFolder.ts';

suite('openNodeFolder', () => {
  const outside = mkdtempSync(join(tmpdir(), 'node-folder-'));
  after(() => rmSync(outside, { recursive: true }));
  const root = join(outside, 'root');
  mkdirSync(join(root, 'etc/containerd'), { recursive: true });
  mkdirSync(join(root, 'usr/share'), { recursive: true });
  writeFileSync(join(outside, 'secret'), 'secret');
  writeFileSync(join(root, 'etc/containerd/config.toml'), 'version = 2\n');
  writeFileSync(join(root, 'usr/share/real'), 'real');
  writeFileSync(join(root, 'etc/binary'), 'a\0b');
  const link = (target: string, name: string): void => symlinkSync(target, join(root, 'etc', name));
  link('/usr/share/real', 'absolute');
  link('../usr/share/real', 'relative');
  link('../../../../../../secret', 'upwards');
  link(join(outside, 'secret'), 'away');
  link('/usr/share', 'folder');
  link('loop', 'loop');
  link('nowhere', 'nowhere');
  const files = openNodeFolder(root);

  test('files and folders', () => {
    assert.deepEqual(files.read('/etc/containerd/config.toml'), { text: 'version = 2\n' });
    assert.equal(files.kindOf('/etc/containerd'), 'directory');
    assert.deepEqual(files.list('/etc/containerd'), ['config.toml']);
    assert.deepEqual(files.list('/etc/containerd/config.toml'), []);
    assert.equal(files.read('/etc/containerd'), undefined);
    assert.deepEqual(files.read('/etc/binary'), { unreadable: 'a binary file' });
    assert.equal(files.nameOf('/etc/hosts'), 'etc/hosts');
  });

  test('links lead where they would on the node', () => {
    assert.deepEqual(files.read('/etc/absolute'), { text: 'real' });
    assert.deepEqual(files.read('/etc/relative'), { text: 'real' });
    assert.deepEqual(files.read('/etc/folder/real'), { text: 'real' });
    assert.deepEqual(files.list('/etc/folder'), ['real']);
  });

  test('no link leads out', () => {
    for (const path of ['/etc/upwards', '/etc/away', '/../secret', '/etc/../../secret']) {
      assert.equal(files.read(path), undefined, path);
      assert.equal(files.kindOf(path), undefined, path);
    }
  });

  test('a link to itself or to nothing is nothing', () => {
    for (const path of ['/etc/loop', '/etc/nowhere']) assert.equal(files.kindOf(path), undefined);
  });

  test('a folder that is not there is an error', () => {
    assert.throws(() => openNodeFolder(join(outside, 'none')), { code: 'ENOENT' });
  });
});
