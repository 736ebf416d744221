import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { findBinaries } from '../../../src/proof/containerd/binaries.ts';
import { chooseNearest } from '../../../src/proof/nearestVersion.ts';

const binaries = ['1.6.20', '1.7.24', '1.7.29', '2.1.9'].map((version) => ({ version, path: `/${version}` }));

suite('chooseNearest', () => {
  const cases: readonly (readonly [wanted: string, chosen: string, nearness: string])[] = [
    ['1.6.20', '1.6.20', 'same'],
    ['1.6.39', '1.6.20', 'line'],
    ['1.7.25', '1.7.24', 'line'],
    ['1.7', '1.7.29', 'same'],
    ['1.5.2', '1.6.20', 'major'],
    ['2.3', '2.1.9', 'major'],
    ['3.0.0', '2.1.9', 'other'],
    ['0.9.1', '1.7.29', 'other'],
  ];
  for (const [wanted, chosen, nearness] of cases) {
    test(`${wanted} is played by ${chosen}`, () => {
      const binary = chooseNearest(wanted, binaries);
      assert.equal(binary?.nearness, nearness);
      if (nearness !== 'other') assert.equal(binary.version, chosen);
    });
  }

  test('there may be none', () => {
    assert.equal(chooseNearest('1.7.24', []), undefined);
  });
});

suite('findBinaries', () => {
  test('finds what is named, cached and in PATH, each version once', async (t) => {
    const root = mkdtempSync(join(tmpdir(), 'binaries-'));
    t.after(() => rmSync(root, { recursive: true }));
    const install = (file: string, text: string): string => {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), `#!/bin/sh\n${text}\n`);
      chmodSync(join(root, file), 0o755);
      return join(root, file);
    };
    const cached = install(
      'cache/1.7.24/containerd',
      'echo containerd github.com/containerd/containerd v1.7.24 abc',
    );
    install('cache/1.6.20/containerd', 'exit 1');
    install('cache/other/containerd', 'echo containerd github.com/containerd/containerd v1.0.0');
    const installed = install(
      'bin/containerd',
      "echo 'containerd github.com/containerd/containerd 2.1.9~ds1 '",
    );
    const named = [{ version: '1.6.20', path: '/named' }];
    const found = await findBinaries({
      named,
      path: ['/nowhere', dirname(installed)],
      caches: [{ folder: join(root, 'cache'), layout: 'plain' }],
    });
    assert.deepEqual(found, [
      { version: '1.6.20', path: '/named' },
      { version: '1.7.24', path: cached },
      { version: '2.1.9', path: installed },
    ]);
  });
});
