import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { loadContainerdConfig } from '../../src/config/containerdConfig.ts';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { containerd, versions } from '../support/profiles.ts';
import { settingCases } from './settingCases.ts';
import { startCases } from './startCases.ts';

const seeds = [...startCases, ...settingCases].map(({ files }) => files);

/** What is put into a text, or in the place of a part of it. */
const splinters = fc.oneof(
  fc.constantFrom(
    '[',
    ']',
    '{',
    '}',
    '"',
    "'",
    '=',
    '.',
    ',',
    '\n',
    '#',
    '\0',
    '\uFEFF',
    '\u2028',
    '[[',
    '"""',
    'imports = ["*"]\n',
  ),
  fc.constantFrom(
    'version = 99999999999999999999\n',
    'version = nan\n',
    '[plugins]\n',
    'plugins = 1\n',
    '1979-05-27',
    '[{}]',
  ),
  fc.string({ maxLength: 8 }),
);

const mutated = fc
  .tuple(
    fc.constantFrom(...seeds),
    fc.array(fc.tuple(fc.nat(), fc.nat(40), splinters), { minLength: 1, maxLength: 4 }),
  )
  .map(([files, changes]) => {
    const entries = Object.entries(files).map(([path, text]): [string, string] => {
      const changed = changes.reduce((before, [at, length, splinter]) => {
        const start = before.length === 0 ? 0 : at % before.length;
        return before.slice(0, start) + splinter + before.slice(start + length);
      }, text);
      return [path, changed];
    });
    return Object.fromEntries(entries);
  });

suite('config.toml: hostile files', () => {
  test('reading never throws, and a place is always in a file', () => {
    fc.assert(
      fc.property(mutated, fc.constantFrom(...versions), (files, version) => {
        const { startupError, ignored } = loadContainerdConfig(nodeFilesInMemory(files), containerd(version));
        for (const { location } of startupError ? [startupError, ...ignored] : ignored) {
          assert.ok(location.start.line >= 1 && location.start.column >= 1);
          assert.ok(`/${location.file}` in files);
        }
      }),
      { numRuns: 2000, seed: 20_260_101 },
    );
  });

  test('neither many imports, nor deep tables, nor long keys take long', () => {
    const many = Object.fromEntries(
      Array.from({ length: 3000 }, (_, index) => [
        `/etc/containerd/conf.d/${index}.toml`,
        'imports = ["*.toml"]\n',
      ]),
    );
    const texts: Readonly<Record<string, string>>[] = [
      { ...many, '/etc/containerd/config.toml': 'imports = ["conf.d/*.toml"]\n' },
      { '/etc/containerd/config.toml': `[${'a.'.repeat(20_000)}a]\n` },
      { '/etc/containerd/config.toml': `a = ${'['.repeat(100_000)}\n` },
      { '/etc/containerd/config.toml': `[plugins."${'k'.repeat(1_000_000)}"]\n` },
      { '/etc/containerd/config.toml': `imports = ["${'*a'.repeat(5000)}"]\n` },
    ];
    for (const files of texts) {
      for (const version of ['1.7.24', '2.3.4'])
        loadContainerdConfig(nodeFilesInMemory(files), containerd(version));
    }
  });
});
