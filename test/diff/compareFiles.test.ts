import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { applyPatch } from 'diff';
import * as fc from 'fast-check';
import { compareFiles, treeOf, type FileChange } from '../../src/diff/compareFiles.ts';
import { countPatchLines, patchLines } from '../../src/diff/patchLines.ts';

function compare(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly FileChange[] {
  return compareFiles(treeOf(new Map(Object.entries(before))), treeOf(new Map(Object.entries(after))));
}

function print(change: FileChange): string {
  return [...patchLines(change)].map(({ text }) => `${text}\n`).join('');
}

suite('compareFiles', () => {
  test('tells what was added, removed and changed, in the order of the paths', () => {
    const changes = compare({ a: '1\n', b: '1\n', d: '1\n' }, { b: '2\n', c: '2\n', d: '1\n' });
    assert.deepEqual(
      changes.map(({ kind, paths }) => [kind, ...paths]),
      [
        ['removed', 'a'],
        ['changed', 'b'],
        ['added', 'c'],
      ],
    );
  });

  test('finds nothing where nothing differs', () => {
    assert.deepEqual(compare({ a: '1\n', b: '' }, { b: '', a: '1\n' }), []);
  });

  test('tells an empty file from none', () => {
    assert.deepEqual(
      compare({}, { a: '' }).map(({ kind }) => kind),
      ['added'],
    );
  });

  test('puts files of one name together that change in the same way, and no others', () => {
    const changes = compare(
      { 'n1/x': '1\n', 'n2/x': '1\n', 'n3/y': '1\n', 'n4/x': '0\n' },
      { 'n1/x': '2\n', 'n2/x': '2\n', 'n3/y': '2\n', 'n4/x': '2\n' },
    );
    assert.deepEqual(
      changes.map(({ paths }) => paths),
      [['n1/x', 'n2/x'], ['n3/y'], ['n4/x']],
    );
  });

  test('does not compare what is no text, and never takes it for equal', () => {
    const binary = new Map([['a', { unreadable: 'a binary file' }]]);
    const [change, ...others] = compareFiles(binary, new Map([['a', { text: 'a binary file' }]]));
    assert.deepEqual(change?.patch, { kind: 'not-shown', reason: 'it is a binary file' });
    assert.deepEqual(others, []);
    assert.equal(compareFiles(binary, binary).length, 1);
  });

  test('does not work out what nobody would read', () => {
    const lines = (word: string): string =>
      Array.from({ length: 20_000 }, (_, index) => `${word} ${index}\n`).join('');
    const [change] = compare({ a: lines('old') }, { a: `${lines('new')}more` });
    const reason = 'too much differs to be shown: 20000 lines before, 20001 after';
    assert.deepEqual(change?.patch, { kind: 'not-shown', reason });
    const [huge] = compare({}, { a: 'x'.repeat(5 * 1024 * 1024) });
    assert.equal(huge?.patch.kind, 'not-shown');
  });
});

suite('patchLines', () => {
  test('writes a unified diff', () => {
    const before = Array.from({ length: 20 }, (_, index) => `${index}\n`).join('');
    const [change] = compare({ f: before }, { f: before.replace('2\n', 'two\n').replace('19\n', '19') });
    assert.ok(change);
    assert.equal(
      print(change),
      '--- a/f\n+++ b/f\n' +
        '@@ -1,6 +1,6 @@\n 0\n 1\n-2\n+two\n 3\n 4\n 5\n' +
        '@@ -17,4 +17,4 @@\n 16\n 17\n 18\n-19\n+19\n\\ No newline at end of file\n',
    );
  });

  test('names no file where there was none, and where there is none any more', () => {
    const [added] = compare({}, { f: '1\n' });
    const [removed] = compare({ f: '1\n' }, {});
    assert.ok(added && removed);
    assert.equal(print(added), '--- /dev/null\n+++ b/f\n@@ -0,0 +1 @@\n+1\n');
    assert.equal(print(removed), '--- a/f\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n');
  });

  test('leads from the one text to the other, whatever stands in them', () => {
    const line = fc.constantFrom(
      'a',
      'b',
      'c',
      '',
      '-- x',
      '++ x',
      '@@ -1 +1 @@',
      '\\ No newline',
      ' ',
      '\r',
    );
    const text = fc
      .tuple(fc.array(line), fc.boolean())
      .map(([lines, ends]) => lines.join('\n') + (ends ? '\n' : ''));
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after);
        const [change] = compare({ f: before }, { f: after });
        assert.ok(change);
        assert.equal(applyPatch(before, print(change)), after);
        assert.equal([...patchLines(change)].length, countPatchLines(change));
      }),
    );
  });
});
