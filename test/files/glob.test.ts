import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { compilePattern, matchesPattern } from '../../src/files/glob.ts';
import { endsSoon } from '../support/endsSoon.ts';

function matches(pattern: string, path: string): boolean {
  const compiled = compilePattern(pattern);
  return compiled !== undefined && matchesPattern(compiled, path.split('/'));
}

describe('path patterns', () => {
  const table: readonly [pattern: string, path: string, expected: boolean][] = [
    ['a.yaml', 'a.yaml', true],
    ['a.yaml', 'A.yaml', false],
    ['a.yaml', 'b/a.yaml', false],
    ['*.yaml', '.yaml', true],
    ['*.yaml', 'a/b.yaml', false],
    ['a*b*c', 'aXbXbXc', true],
    ['a*b*c', 'aXbXbX', false],
    ['?.yaml', 'a.yaml', true],
    ['?.yaml', 'ab.yaml', false],
    ['?.yaml', '.yaml', false],
    ['a?c', 'a/c', false],
    ['[a-c]x', 'bx', true],
    ['[a-c]x', 'dx', false],
    ['[!a-c]x', 'dx', true],
    ['[^a-c]x', 'bx', false],
    ['[]a]x', ']x', true],
    ['[a-]x', '-x', true],
    ['[\\]]x', ']x', true],
    ['[a', '[a', false],
    ['\\*x', '*x', true],
    ['\\*x', 'ax', false],
    ['a\\', 'a\\', false],
    ['**/a', 'a', true],
    ['**/a', 'x/y/a', true],
    ['a/**', 'a', false],
    ['a/**', 'a/b/c', true],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'a/x/y/c', false],
    ['**/a/**/b/*', 'x/a/y/b/b/z', true],
    ['a**b', 'aXXb', true],
    ['a**b', 'a/b', false],
  ];
  for (const [pattern, path, expected] of table) {
    it(`${pattern} ${expected ? 'matches' : 'does not match'} ${path}`, () => {
      assert.equal(matches(pattern, path), expected);
    });
  }

  it('takes a name with its special characters escaped for itself', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[^/]{1,20}$/), (name) => {
        assert.ok(matches(name.replaceAll(/[*?[\\]/g, '\\$&'), name));
      }),
    );
  });

  it('comes to an end with the patterns that keep regular expressions busy for ages', () => {
    const isMatch = (pattern: string, name: string): boolean => endsSoon(() => matches(pattern, name));
    assert.equal(isMatch('*a'.repeat(40) + 'b', 'a'.repeat(255)), false);
    assert.equal(isMatch('**/a/'.repeat(100) + 'b', Array(2000).fill('a').join('/')), false);
  });
});
