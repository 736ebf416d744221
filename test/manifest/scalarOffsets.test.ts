import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { Document, Scalar } from 'yaml';
import type { KubernetesObject } from '../../src/manifest/manifest.ts';
import { locateWithin } from '../../src/manifest/scalarOffsets.ts';
import { child } from '../../src/source/tree.ts';
import { parseYaml } from '../../src/source/yaml.ts';
import { textAt } from '../support/uses.ts';

const styles = [
  Scalar.PLAIN,
  Scalar.QUOTE_SINGLE,
  Scalar.QUOTE_DOUBLE,
  Scalar.BLOCK_LITERAL,
  Scalar.BLOCK_FOLDED,
] as const;

/** A YAML text with a value in a given style, a few keys deep. */
function yamlWith(value: string, style: (typeof styles)[number], lineWidth: number): string {
  const scalar = new Scalar(value);
  scalar.type = style;
  const document = new Document({ outer: { inner: '' } });
  document.setIn(['outer', 'inner'], scalar);
  return document.toString({ lineWidth });
}

/** The place in a source of each word of the value at outer.inner, as the source has it. */
function locateWords(source: string): readonly (readonly [word: string, written: string | undefined])[] {
  const [document] = parseYaml('a.yaml', source).documents;
  const scalar = child(child(document?.root, 'outer'), 'inner');
  assert.ok(document && scalar?.kind === 'scalar');
  const object: KubernetesObject = { apiVersion: 'v1', kind: 'A', root: document.root, document, source };
  return [...scalar.text.matchAll(/\S+/g)].map((match) => {
    const [word] = match;
    return [word, textAt(source, locateWithin(object, scalar, match.index, match.index + word.length))];
  });
}

const word = fc.stringMatching(/^[a-z0-9][a-z0-9./:@_'-]{0,11}[a-z0-9]$/);
const line = fc.tuple(fc.constantFrom('', '', '  ', '    '), fc.array(word, { maxLength: 5 }));
const value = fc
  .array(line, { minLength: 1, maxLength: 8 })
  .map((lines) =>
    lines.map(([indent, words]) => (words.length === 0 ? '' : indent + words.join(' '))).join('\n'),
  )
  .filter((text) => text.trim() !== '');

describe('the place of a word within a value', () => {
  for (const style of styles) {
    it(`is where it is written, in the style ${style}`, () => {
      fc.assert(
        fc.property(value, fc.constantFrom(0, 20, 80), (text, lineWidth) => {
          const source = yamlWith(text, style, lineWidth);
          for (const [found, written] of locateWords(source)) {
            // A quote is written twice between single quotes, and `\` breaks a line between double ones.
            if (written === undefined || found.includes("'")) continue;
            assert.equal(written, found, source);
          }
        }),
        { numRuns: 300 },
      );
    });
  }

  it('is right with Windows line ends, escapes, and a written indentation', () => {
    for (const [source, words] of [
      ['outer:\r\n  inner: |\r\n    one two\r\n\r\n      three\r\n', ['one', 'two', 'three']],
      ['outer:\n  inner: "one\\ttwo\\n\\u0041 three \\\n    four"\n', ['one', 'two', 'three', 'four']],
      ['outer:\n  inner: |2\n      one\n    two\n', ['one', 'two']],
      ["outer: {inner: 'it''s one'}\n", ['one']],
      ['outer:\n  inner: >-\n    one\n    two\n\n\n    three\n      four\n', ['one', 'two', 'three', 'four']],
    ] as const) {
      const located = new Map(locateWords(source));
      for (const word of words) assert.equal(located.get(word), word, source);
    }
  });
});
