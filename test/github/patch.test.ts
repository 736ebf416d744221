import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { addedLines } from '../../src/github/patch.ts';

describe('addedLines', () => {
  test('numbers added lines as they stand after the change', () => {
    const patch = [
      '@@ -1,4 +1,5 @@ mirrors:',
      ' a',
      '-b',
      '+B',
      '+C',
      ' d',
      '@@ -20 +21,2 @@',
      ' x',
      '+y',
      '\\ No newline at end of file',
    ].join('\n');
    assert.deepEqual(addedLines(patch), [
      { first: 2, last: 3 },
      { first: 22, last: 22 },
    ]);
  });

  test('takes a line that only looks like a hunk for what it is', () => {
    assert.deepEqual(addedLines('@@ -0,0 +1,2 @@\n+@@ -1 +50 @@\n+++ b'), [{ first: 1, last: 2 }]);
  });

  test('finds nothing in a patch that only removes, or in no patch', () => {
    assert.deepEqual(addedLines('@@ -1,2 +0,0 @@\n-a\n-b'), []);
    assert.deepEqual(addedLines(''), []);
  });
});
