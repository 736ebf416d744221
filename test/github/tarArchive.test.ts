import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { tarArchive } from '../../src/github/tarArchive.ts';

/** Unpacks an archive with the system's tar. */
function unpack(archive: Buffer, examine: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'tar-'));
  try {
    writeFileSync(join(folder, 'a.tar'), archive);
    execFileSync('tar', ['-xf', 'a.tar'], { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] });
    examine(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('tarArchive', () => {
  test('is unpacked to the same files, whatever their names', () => {
    const files = new Map([
      ['nodes/k2s/etc/containerd/certs.d/10.10.1.106:5000/hosts.toml', '[host]\n'],
      [`nodes/${'n'.repeat(120)}/${'é'.repeat(60)}.toml`, 'é'.repeat(700)],
      [`nodes/${'x'.repeat(86)}/${'y'.repeat(7)}`, ''],
      ['nodes/k2s/apply.sh', '#!/bin/sh\n'],
    ]);
    unpack(tarArchive(files), (folder) => {
      for (const [path, text] of files) assert.equal(readFileSync(join(folder, path), 'utf8'), text);
      assert.equal(statSync(join(folder, 'nodes/k2s/apply.sh')).mode & 0o777, 0o755);
    });
  });

  test('is the same for the same files in another order', () => {
    const entries: [string, string][] = [
      ['b', '2'],
      ['a', '1'],
    ];
    assert.deepEqual(tarArchive(new Map(entries)), tarArchive(new Map(entries.toReversed())));
  });

  test('of nothing is an archive', () => {
    unpack(tarArchive(new Map()), () => {});
  });
});
