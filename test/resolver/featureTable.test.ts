import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { featureTable } from '../../src/resolver/featureTable.ts';
import { lines } from '../../src/resolver/release.ts';

describe('featureTable', () => {
  const rows = featureTable();
  const cellsOf = (words: string): readonly (string | undefined)[] => {
    const row = rows.find(({ description }) => description.includes(words));
    return lines.map((line) => row?.cells.get(line));
  };

  test('says since when each release line has a feature', () => {
    assert.deepEqual(cellsOf('`_default`'), ['no', 'from 1.6.17', 'yes', 'yes', 'yes', 'yes', 'yes']);
    assert.deepEqual(cellsOf('among the blobs only'), [
      'no',
      'no',
      'no',
      'from 2.0.11',
      'no',
      'from 2.2.6',
      'yes',
    ]);
    assert.deepEqual(cellsOf('be asked by HTTPS first'), ['no', 'no', 'no', 'from 2.0.7', 'no', 'no', 'no']);
  });

  test('says which value each release line has', () => {
    const localhost = cellsOf('localhost without');
    assert.deepEqual(localhost.slice(0, 4), [
      'https',
      'https; http from 1.6.9; by-port from 1.6.25',
      'http; by-port from 1.7.8',
      'by-port',
    ]);
    assert.equal(cellsOf('`version`')[3], '1, 2, 3 (registry settings of 1 are lost)');
  });

  test('has a description, a source and a cell for each line in every row', () => {
    for (const { description, source, cells } of rows) {
      assert.match(description, /^\S.*[^.\s]$/);
      assert.match(source, /^(?:Go \S+|\S+\.go) \S|\/\S+\.go/);
      assert.deepEqual([...cells.keys()], [...lines]);
      assert.ok([...cells.values()].some((cell) => cell !== 'no'));
    }
    assert.equal(new Set(rows.map(({ description }) => description)).size, rows.length);
  });
});
