import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseGoDuration } from '../../src/hosts/goDuration.ts';

describe('parseGoDuration', () => {
  const table: readonly (readonly [string, number | string])[] = [
    ['0', 0],
    ['200ms', 200],
    ['1h30m', 5_400_000],
    ['-1.5s', -1500],
    ['+.5s', 500],
    ['3us', 0.003],
    ['', 'time: invalid duration ""'],
    ['s', 'time: invalid duration "s"'],
    ['.s', 'time: invalid duration ".s"'],
    ['5', 'time: missing unit in duration "5"'],
    ['1m5', 'time: missing unit in duration "1m5"'],
    ['5 s', 'time: unknown unit " s" in duration "5 s"'],
    ['1d', 'time: unknown unit "d" in duration "1d"'],
    ['9999999h', 'time: invalid duration "9999999h"'],
  ];
  for (const [text, expected] of table) {
    test(`reads ${JSON.stringify(text)}`, () => {
      const result = parseGoDuration(text);
      assert.equal(result.ok ? result.milliseconds : result.error, expected);
    });
  }
});
