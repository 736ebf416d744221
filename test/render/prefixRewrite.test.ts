import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { prefixOf } from '../../src/render/prefixRewrite.ts';
import { rewriteRepository } from '../../src/resolver/rewriteRepository.ts';
import { startOfFile } from '../../src/source/location.ts';

const location = startOfFile('registries.yaml');

function prefix(
  ...rewrites: readonly (readonly [pattern: string, replacement: string])[]
): string | undefined {
  return prefixOf(
    rewrites.map(([pattern, replacement]) => ({
      pattern: { value: pattern, location },
      replacement: { value: replacement, location },
    })),
  );
}

suite('the prefix that rewrites put before every repository', () => {
  for (const [pattern, replacement, expected] of [
    ['^(.*)$', 'proxy-docker/$1', 'proxy-docker/'],
    ['(.*)', 'proxy/${1}', 'proxy/'],
    ['^(.+)$', 'a/b.c/$1', 'a/b.c/'],
    ['.*', 'proxy/$0', 'proxy/'],
    ['^', 'proxy/', 'proxy/'],
    ['^(?P<name>.*)', 'proxy/$name', 'proxy/'],
    ['^(.*?)$', 'proxy/$1', 'proxy/'],
    ['^(.*)$', '$1', ''],
    ['^library/(.*)', 'library/$1', ''],
    // Only some repositories.
    ['^library/(.*)', 'proxy/library/$1', undefined],
    ['^library/(.*)', '$1', undefined],
    // Not a path.
    ['^(.*)$', 'proxy-$1', undefined],
    ['^(.*)$', '../$1', undefined],
    ['^(.*)$', '/proxy/$1', undefined],
    ['^(.*)$', 'a//$1', undefined],
    ['^(.*)$', '$1/proxy', undefined],
    ['^(.*)$', 'proxy/$1x', undefined],
    ['^(.*)$', 'proxy/', undefined],
    ['^(.*)$', '$$/$1', undefined],
    ['(.*?)', 'proxy/$1', undefined],
    ['$', 'proxy/', undefined],
    ['', 'proxy/', undefined],
    ['library', 'proxy/$0', undefined],
    ['^(.*)/(.*)$', 'proxy/$1/$2', undefined],
    ['^(.*', 'proxy/$1', undefined],
  ] as const) {
    test(`${pattern} to ${replacement}: ${expected ?? 'none'}`, () =>
      assert.equal(prefix([pattern, replacement]), expected));
  }

  test('of several rewrites that all put the same there', () => {
    assert.equal(prefix(['^library/(.*)', 'p/library/$1'], ['^(.*)$', 'p/$1']), 'p/');
    assert.equal(prefix(['^library/(.*)', 'p/$1'], ['^(.*)$', 'p/$1']), undefined);
    assert.equal(prefix(['^library/(.*)', 'q/library/$1'], ['^(.*)$', 'p/$1']), undefined);
    assert.equal(prefix(), '');
  });

  test('is what rewriting puts there', () => {
    const part = fc.constantFrom(
      '^',
      '$',
      '(.*)',
      '(.+)',
      '.*',
      '(.*?)',
      'a',
      'a/',
      '/',
      '(?P<n>.*)',
      '[.]',
      '()',
      '.',
    );
    const pattern = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
    const end = fc.constantFrom('p/', '$1', '${1}', '$0', '$n', 'a/', 'a', '/', '$1x', '$$');
    const replacement = fc.array(end, { maxLength: 4 }).map((parts) => parts.join(''));
    const repository = fc
      .array(fc.constantFrom('a', 'b', 'a/b'), { minLength: 1, maxLength: 4 })
      .map((parts) => parts.join('/'));
    let found = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(pattern, replacement), { minLength: 1, maxLength: 2 }),
        repository,
        (rewrites, name) => {
          const expected = prefix(...rewrites);
          if (expected === undefined) return;
          found += 1;
          const written = rewrites.map(([from, to]) => ({ pattern: from, replacement: to }));
          assert.equal(rewriteRepository(name, written), expected + name);
        },
      ),
      { numRuns: 50_000, seed: 20_261_121 },
    );
    assert.ok(found > 200, `${found}`);
  });
});
