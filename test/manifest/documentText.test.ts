import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import * as fc from 'fast-check';
import { blankDocuments, splitDocuments } from '../../src/manifest/documentText.ts';
import { readManifest, type Manifest } from '../../src/manifest/manifest.ts';

describe('splitDocuments', () => {
  const table: readonly [source: string, expected: readonly [firstLine: number, text: string][]][] = [
    ['', []],
    ['a: 1\n', [[1, 'a: 1\n']]],
    [
      'a: 1\n---\nb: 2',
      [
        [1, 'a: 1\n'],
        [2, '---\nb: 2'],
      ],
    ],
    [
      '---\na: 1\n--- # b\nb: 2\n---',
      [
        [1, '---\na: 1\n'],
        [3, '--- # b\nb: 2\n'],
        [5, '---'],
      ],
    ],
    [
      'a: 1\r\n---\r\nb: 2\r\n',
      [
        [1, 'a: 1\r\n'],
        [2, '---\r\nb: 2\r\n'],
      ],
    ],
    ['a: |\n ---\n----\n---x\n', [[1, 'a: |\n ---\n----\n---x\n']]],
  ];
  for (const [source, expected] of table) {
    it(JSON.stringify(source), () => {
      const parts = splitDocuments(source);
      assert.deepEqual(
        parts.map(({ firstLine, text }) => [firstLine, text]),
        expected,
      );
      for (const { start, text } of parts) assert.equal(source.slice(start, start + text.length), text);
    });
  }
});

describe('blankDocuments', () => {
  const isForeign = (kind: string): boolean => kind !== 'Pod';

  it('empties what nobody reads, and keeps the lines', () => {
    const source =
      'apiVersion: v1\nkind: Service\n---\nkind: ConfigMap # text\ndata: {a: b}\n--- # last\nkind: Pod\n';
    assert.equal(blankDocuments(source, isForeign), '---\n\n---\n\n\n--- # last\nkind: Pod\n');
  });

  const kept: readonly string[] = [
    'kind: Pod\nmetadata: {}',
    '"kind": ConfigMap',
    '{"kind": "ConfigMap"}',
    '{kind: ConfigMap,\nkind: Pod}',
    '? kind\n: ConfigMap',
    'kind: "ConfigMap"',
    'kind: &a ConfigMap',
    'kind: ConfigMap#x',
    'kind: ConfigMap\nkind: Pod',
    'kind: ConfigMap\n"kind": Pod',
    'kind: ConfigMap\n...\nkind: Pod',
    '- kind: ConfigMap',
    ' kind: ConfigMap',
    'kind:\n  ConfigMap',
    'a: kind',
    '<<: *a\nkind: ConfigMap',
    '%YAML 1.2\n---\nkind: Pod',
  ];
  for (const source of kept) {
    it(`does not touch ${JSON.stringify(source)}`, () =>
      assert.equal(blankDocuments(source, isForeign), source));
  }

  it('leaves the documents behind in their position', () => {
    const source = 'kind: ConfigMap\n---\nkind: ConfigMap\n---\nkind: Pod\n';
    const manifest = readManifest('a.yaml', source, (kind) => kind === 'Pod');
    assert.deepEqual(
      manifest?.objects.map(({ document }) => document.index),
      [2],
    );
  });

  it('never takes away an object that somebody reads', () => {
    const kind = fc.constantFrom(
      'Pod',
      'ConfigMap',
      '"Pod"',
      "'Pod'",
      '&a Pod',
      '!!str Pod',
      'Pod # c',
      '\n  Pod',
      'List',
      'X Pod',
      '"P\\x6fd"',
    );
    const line = fc.oneof(
      fc
        .tuple(
          fc.constantFrom(
            'kind: ',
            '"kind": ',
            ' kind: ',
            '- kind: ',
            'kind : ',
            '? kind\n: ',
            'kind:\t',
            '{kind: ',
          ),
          kind,
        )
        .map((parts) => parts.join('')),
      fc.constantFrom(
        '---',
        '--- # c',
        '...',
        'a: b',
        'a: |\n  kind: Pod',
        'a: "x\n  kind: Pod"',
        '# kind: Pod',
        '',
        '}',
        'items:',
        'a:\n- b',
        '\u2028kind: Pod',
        'a: {',
        '<<: {kind: Pod}',
        'b: &x {kind: Pod}',
        '<<: *x',
        '"a\\\n  b": c',
      ),
    );
    const isPod = (kind: string): boolean => kind === 'Pod';
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.constantFrom('\n', '\r\n'), (lines, lineBreak) => {
        const source = lines.join(lineBreak);
        const places = (manifest: Manifest | undefined) =>
          (manifest?.objects ?? [])
            .filter(({ kind }) => isPod(kind))
            .map(({ root, document }) => document.locate(root).start);
        const everything = readManifest('a.yaml', source, () => true);
        const expected = places(everything);
        const actual = places(readManifest('a.yaml', source, isPod));
        // Behind a document with a mistake the parser may place the next one a line too high.
        if (everything?.unparsed.length) assert.equal(actual.length, expected.length);
        else assert.deepEqual(actual, expected);
      }),
      { numRuns: 3000 },
    );
  });
});
