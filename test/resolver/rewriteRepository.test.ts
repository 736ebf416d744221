import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { isValidRewrite, rewriteRepository } from '../../src/resolver/rewriteRepository.ts';
import { endsSoon } from '../support/endsSoon.ts';

describe('rewriteRepository', () => {
  // What Go's regexp.ReplaceAllString makes of them.
  const table: readonly (readonly [pattern: string, replacement: string, text: string, rewritten: string])[] =
    [
      ['^(.*)$', 'proxy/$1', 'library/redis', 'proxy/library/redis'],
      ['^library/(.*)', '$1x', 'library/redis', ''],
      ['^library/(.*)', '${1}x', 'library/redis', 'redisx'],
      ['(?P<a>.*)/(.*)', '${a}-$2', 'a/b', 'a-b'],
      ['(b)', '$2$1', 'abc', 'abc'],
      ['b', '$$', 'abc', 'a$c'],
      ['a*', 'X', 'baaau', 'XbXuX'],
      ['', '-', 'ab', '-a-b-'],
      ['$', '/x', 'ab', 'ab/x'],
      ['^', 'p/', 'a/b', 'p/a/b'],
      [String.raw`\/`, '-', 'a/b', 'a-b'],
      ['(?i)A', 'x', 'a', 'x'],
    ];
  for (const [pattern, replacement, text, rewritten] of table) {
    test(`makes ${rewritten} of ${text} by ${pattern}`, () => {
      assert.equal(rewriteRepository(text, [{ pattern, replacement }]), rewritten);
    });
  }

  test('skips what Go takes for no regular expression', () => {
    for (const pattern of [
      '(?<=a)b',
      '(?!a)b',
      '[',
      'a{1001}',
      '(a{500}){500}',
      String.raw`(.)\1`,
      'a++',
      '('.repeat(50_000),
    ]) {
      const rewrite = { pattern, replacement: 'x' };
      assert.equal(isValidRewrite(rewrite), false);
      assert.equal(rewriteRepository('ab', [rewrite, { pattern: 'b', replacement: 'c' }]), 'ac');
    }
  });

  test('uses the first that changes something', () => {
    const rewrites = [
      { pattern: 'nothing', replacement: 'x' },
      { pattern: '^a', replacement: 'b' },
      { pattern: '^b', replacement: 'c' },
    ];
    assert.equal(rewriteRepository('a/b', rewrites), 'b/b');
    assert.equal(rewriteRepository('z', rewrites), 'z');
    assert.equal(rewriteRepository('z', []), 'z');
  });

  test('comes to an end with a pattern that keeps regular expressions busy for ages', () => {
    const name = 'x'.repeat(5000);
    const rewrites = [{ pattern: '(x+x+)+y', replacement: 'z' }];
    assert.equal(
      endsSoon(() => rewriteRepository(name, rewrites)),
      name,
    );
  });
});
