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

  const main = '/etc/containerd/config.toml';
  const many = Object.fromEntries(
    Array.from({ length: 3000 }, (_, index) => [
      `/etc/containerd/conf.d/${index}.toml`,
      'imports = ["*.toml"]\n',
    ]),
  );
  const cases: readonly [what: string, Readonly<Record<string, string>>, Ending][] = [
    ['many imports', { ...many, [main]: 'imports = ["conf.d/*.toml"]\n' }, { loaded: 1000 }],
    ['a deep table', { [main]: `[${'a.'.repeat(20_000)}a]\n` }, { error: /nested deeper than 100 levels/ }],
    ['a deep array', { [main]: `a = ${'['.repeat(100_000)}\n` }, { error: /nested deeper than 100 levels/ }],
    ['a long key', { [main]: `[plugins."${'k'.repeat(1_000_000)}"]\n` }, { loaded: 1 }],
    ['a long pattern', { [main]: `imports = ["${'*a'.repeat(5000)}"]\n` }, { loaded: 1 }],
  ];
  for (const [what, files, { loaded, error }] of cases) {
    for (const version of ['1.7.24', '2.3.4']) {
      test(`reading ${what} comes to an end, ${version}`, () => {
        const config = loadContainerdConfig(nodeFilesInMemory(files), containerd(version));
        if (error) assert.match(config.startupError?.error ?? '', error);
        else assert.equal(config.startupError, undefined);
        if (loaded !== undefined) assert.equal(config.loaded.length, loaded);
      });
    }
  }
});

/** How many files are loaded, or why containerd does not start. */
interface Ending {
  readonly loaded?: number;
  readonly error?: RegExp;
}
