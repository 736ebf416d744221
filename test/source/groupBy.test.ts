import assert from 'node:assert/strict';
import { test } from 'node:test';
import { groupBy } from '../../src/source/groupBy.ts';

test('groupBy keeps the order of groups and of what is in them', () => {
  const groups = groupBy(['b1', 'a1', 'b2', '__proto__'], (text) => text.slice(0, 1));
  assert.deepEqual(
    [...groups],
    [
      ['b', ['b1', 'b2']],
      ['a', ['a1']],
      ['_', ['__proto__']],
    ],
  );
});
