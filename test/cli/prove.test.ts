import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';

const cli = join(import.meta.dirname, '../../src/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'prove-cli-'));
writeFileSync(join(folder, 'registries.yaml'), 'images: [nginx]\n');

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** With nothing in PATH: no containerd, no sudo, and nothing to make a network with. */
function prove(...args: readonly string[]): Ended {
  return start('/nowhere', [cli, 'prove', ...args]);
}

/** As somebody who is not root, with the programs of a folder. Root only says that it is somebody else. */
function proveWith(path: string, ...args: readonly string[]): Ended {
  return start(path, ['--import', 'data:text/javascript,process.getuid=()=>65534', cli, 'prove', ...args]);
}

function start(path: string, args: readonly string[]): Ended {
  const env = { ...process.env, PATH: path, MIRRORPROOF_CACHE: folder };
  return spawnSync(process.execPath, args, { encoding: 'utf8', env });
}

suite('prove on the command line', () => {
  after(() => rmSync(folder, { recursive: true }));

  test('ends with 3 and one sentence where nothing can be proved', () => {
    const { status, stdout, stderr } = prove(folder);
    assert.equal(status, 3);
    assert.equal(stdout, '');
    assert.match(stderr, /^mirrorproof: nothing could be proved: [^\n]+\n$/);
  });

  test('ends with 2 at a wrong invocation', () => {
    for (const args of [
      ['--containerd', '/usr/bin/containerd'],
      ['--containerd', '1.7.24=/nowhere/containerd'],
      ['--engine', 'docker'],
      ['--format', 'yaml'],
      [join(folder, 'nowhere')],
    ]) {
      const { status, stderr } = prove(folder, ...args);
      assert.equal(status, 2, stderr);
      assert.match(stderr, /^mirrorproof: [^\n]+\n$/);
    }
  });

  test('ends with 2 where a catalog cannot be read', () => {
    const yaml = 'mirrors: {docker.io: {endpoint: ["http://10.1.1.1"], catalog: images.txt}}\n';
    writeFileSync(join(folder, 'catalog.yaml'), yaml);
    const { status, stderr } = prove(folder, '--registries', 'catalog.yaml');
    assert.equal(status, 2);
    assert.match(stderr, /the catalog images\.txt of docker\.io cannot be read: there is no such file/);
  });

  test('becomes root before it reads the folder, unless it has to know what to download', () => {
    writeFileSync(join(folder, 'sudo'), '#!/bin/sh\n[ "$2" = true ] || echo became root\n', { mode: 0o755 });
    const nowhere = join(folder, 'nowhere');
    const { status, stdout, stderr } = proveWith(folder, nowhere);
    assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: 'became root\n', stderr: '' });
    assert.equal(proveWith(folder, nowhere, '--download').status, 2);
  });
});
