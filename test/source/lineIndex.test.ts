import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { locateIn } from '../../src/source/lineIndex.ts';

suite('locateIn', () => {
  test('counts lines and columns as an editor does', () => {
    const line = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\u{1f600}'), maxLength: 20 });
    fc.assert(
      fc.property(line, fc.nat(20), fc.nat(20), (source, start, end) => {
        const position = (offset: number): object => {
          const lines = source.slice(0, offset).split('\n');
          const column = offset - (source.slice(0, offset).lastIndexOf('\n') + 1) + 1;
          return { line: lines.length, column };
        };
        assert.deepEqual(locateIn('a.yaml', source)({ start, end }), {
          file: 'a.yaml',
          start: position(start),
          end: position(end),
        });
      }),
    );
  });
});
