import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { readPlainYaml } from '../../src/source/plainYaml.ts';
import { toData } from '../../src/source/tree.ts';
import { parseAnyYaml } from '../../src/source/yaml.ts';

const manifest = `# Who keeps it: the platform team
apiVersion: apps/v1
kind: Deployment # a comment
metadata:
  name: "app"
  annotations:
    empty:
    a.example.com/note: 'it''s'
    escaped: "tab\\tand \\u00e9"
spec:
  replicas: 2
  template:
    spec:
      nodeSelector: {disk: ssd, "zone": 'a'}
      containers:
      - name: app
        image: 10.10.1.106:5000/app:1.10   # the newest
        args: [--listen=:8080, "-v", {}]
        command:
          - sh
          -
          - |
            set -e

            echo "a: b" # no comment
          - >-
            folded
            text

          # at the end
      - image: quay.io/a/b@sha256:0
        port: 0x1F
        ratio: -1.5e3
        on: true
        off: ~
---
- - a
  - b: c
    d:
    - e
---
# nothing

--- # empty
---
{"kind": "List", "items": [
  {"a": 1.10},
  null
]}
`;

/** What the whole reader makes of a text; undefined where something is wrong with it. */
function readWhole(source: string): unknown {
  const { documents, problems } = parseAnyYaml('a.yaml', source, '1.2');
  return problems.length === 0 ? documents.map(({ root }) => root) : undefined;
}

function assertSame(source: string): void {
  const plain = readPlainYaml(source);
  if (plain) assert.deepEqual(plain, readWhole(source));
}

/** Texts made of lines that are each likely to be some YAML. */
const lines = fc.tuple(
  fc.constantFrom('', '', ' ', '  ', '  ', '    ', '   ', '- ', '  - ', '- - ', '-'),
  fc.constantFrom('', 'a: ', 'a: ', 'b:', '"k": ', "'k' : ", '? ', '<<: ', '1: ', '-', '- ', ': '),
  fc.constantFrom(
    ...[
      '',
      '',
      'x',
      'x y',
      '"q"',
      "'s'",
      '"a\\n"',
      '|',
      '>-',
      '|+',
      '|2',
      '>+',
      '# c',
      'x # c',
      'x#c',
      '[]',
      '{}',
      '[',
    ],
    ...[
      '[a, b]',
      '{a: b}',
      '{a: [b, "c"]}',
      '{',
      ']',
      '}',
      '{a}',
      '[a: b]',
      '{"a":1}',
      '[a,]',
      '{{ x }}',
      '&a x',
      '*a',
    ],
    ...[
      '!t x',
      '---',
      '--- x',
      '...',
      '%YAML 1.2',
      '1',
      '1.10',
      '0o7',
      '0x1f',
      '.5',
      '.inf',
      '-.INF',
      '.nan',
      '1e3',
      '-',
    ],
    ...[
      'null',
      '~',
      'True',
      'yes',
      'x: y',
      'x:',
      ':8080',
      '-x',
      '?x',
      '-1',
      'é',
      '\u{1f600}',
      '\t',
      'a\tb',
      '\ufeff',
      '@a',
    ],
    ...[
      ' ',
      '  ',
      ' x',
      'a: "b" c',
      '"open',
      "'open",
      '"\\x"',
      '+1',
      '1_000',
      '[-a, .b]',
      '[\n a]',
      '{a: "b",\n c: d}',
    ],
  ),
  fc.constantFrom('', '', '', '', ' ', '  ', '\r', ' # c'),
);

const texts = fc
  .array(lines, { minLength: 1, maxLength: 8 })
  .chain((written) =>
    fc.constantFrom('\n', '').map((end) => written.map((parts) => parts.join('')).join('\n') + end),
  );

const scalars = fc.oneof(
  fc.constantFrom(
    'x',
    'a b',
    '1.10',
    '-x',
    ':80',
    'x#y',
    '""',
    '"a: b"',
    "'it''s'",
    '"\\t\\""',
    '~',
    'true',
    '-',
    'é',
    'a\\',
  ),
  fc.constantFrom(
    '[]',
    '{}',
    '[a, "b"]',
    '{a: {b: c}, "d":1}',
    '[\n        a,\n\n        -b ]',
    '',
    'https://a/b?c',
    '{ }',
    '[-]',
  ),
  fc.string({ maxLength: 6 }),
);

const blocks = fc.constantFrom('|', '>', '|-', '>-', '|+', '>+', '| ', '|2', '| # c');

const blankOrComment = fc.constantFrom(
  '',
  '',
  '',
  '',
  '',
  '\n',
  '   \n',
  '# c\n',
  '  # c: d\n',
  '          # - c\n',
  '\n\n# c\n',
);

const lineEnd = fc.constantFrom('\n', '\n', '\n', ' \n', ' # c\n', '   # c "d\n');

/** Block collections with all that people put between and behind their lines; each part gets the indentation of its lines. */
const { block } = fc.letrec<{
  block: (indentation: string) => string;
  entry: (indentation: string) => string;
}>((tie) => ({
  block: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .array(tie('entry'), { minLength: 1, maxLength: 3 })
      .map((parts) => (indentation: string) => parts.map((part) => part(indentation)).join('')),
    fc
      .tuple(
        fc.constantFrom('- ', '- ', '-   ', '-\n'),
        fc.array(tie('block'), { minLength: 1, maxLength: 3 }),
      )
      .map(
        ([mark, parts]) =>
          (indentation: string) =>
            parts.map((part) => item(mark, part, indentation)).join(''),
      ),
    fc
      .array(fc.tuple(scalars, lineEnd, blankOrComment), { minLength: 1, maxLength: 3 })
      .map(
        (parts) => (indentation: string) =>
          parts.map(([text, end, between]) => `${indentation}- ${text}${end}${between}`).join(''),
      ),
  ),
  entry: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc
      .tuple(
        fc.constantFrom('a: ', 'b:', '"c": ', "'d' :  ", 'e f: ', '1: '),
        scalars,
        lineEnd,
        blankOrComment,
      )
      .map(
        ([key, value, end, between]) =>
          (indentation: string) =>
            `${indentation}${key}${value}${end}${between}`,
      ),
    fc
      .tuple(
        blocks,
        fc.array(fc.constantFrom('x', '', ' y', '# z', '  ', 'a: b', '- c'), { minLength: 1, maxLength: 4 }),
        blankOrComment,
      )
      .map(
        ([header, written, between]) =>
          (indentation: string) =>
            `${indentation}text: ${header}\n${written.map((line) => (line === '' ? '\n' : `${indentation}  ${line}\n`)).join('')}${between}`,
      ),
    fc.tuple(lineEnd, blankOrComment, fc.constantFrom('', ' ', '  ', '  ', '    '), tie('block')).map(
      ([end, between, deeper, part]) =>
        (indentation: string) =>
          `${indentation}key:${end}${between}${part(indentation + deeper)}`,
    ),
  ),
}));

function item(mark: string, part: (indentation: string) => string, indentation: string): string {
  if (mark.endsWith('\n')) return `${indentation}${mark}${part(`${indentation}  `)}`;
  const inner = indentation + ' '.repeat(mark.length);
  return `${indentation}${mark}${part(inner).slice(inner.length)}`;
}

const streams = fc
  .tuple(
    fc.array(fc.tuple(fc.constantFrom('---\n', '', '--- # c\n', '--- \n'), blankOrComment, block), {
      minLength: 1,
      maxLength: 2,
    }),
    fc.constantFrom('', '', '', '  '),
    fc.boolean(),
  )
  .map(([documents, margin, endsEarly]) => {
    const text = documents.map(([mark, between, part]) => mark + between + part(margin)).join('');
    return endsEarly ? text.trimEnd() : text;
  });

const edits = fc.array(
  fc.tuple(
    fc.double({ min: 0, max: 1, noNaN: true }),
    fc.nat(3),
    fc.constantFrom(
      ...[
        '',
        ' ',
        '  ',
        '\n',
        '\n\n',
        ':',
        ': ',
        '-',
        '- ',
        '#',
        ' #',
        '"',
        "'",
        '[',
        '}',
        ',',
        '|',
        '\t',
        '---\n',
        '&',
        'x',
        '\\',
      ],
    ),
  ),
  { minLength: 1, maxLength: 3 },
);

/** Texts in which a few characters are others. */
const damaged = fc.tuple(fc.oneof(fc.constant(manifest), streams), edits).map(([whole, changes]) =>
  changes.reduce((text, [place, removed, added]) => {
    const at = Math.floor(place * text.length);
    return text.slice(0, at) + added + text.slice(at + removed);
  }, whole),
);

const numRuns = Number(process.env['RUNS'] ?? 3000);

suite('readPlainYaml', () => {
  test('reads what manifests are made of, as the whole reader does', () => {
    const plain = readPlainYaml(manifest);
    assert.ok(plain);
    assert.deepEqual(plain, readWhole(manifest));
    assert.equal(plain.length, 5);
    assert.deepEqual(plain.slice(1).map(toData), [
      [['a', { b: 'c', d: ['e'] }]],
      null,
      null,
      { kind: 'List', items: [{ a: 1.1 }, null] },
    ]);
  });

  test('reads any text of lines as the whole reader does, or not at all', () => {
    fc.assert(fc.property(texts, assertSame), { numRuns });
  });

  test('reads block collections of any kind as the whole reader does, or not at all', () => {
    fc.assert(fc.property(streams, assertSame), { numRuns });
  });

  test('reads damaged texts as the whole reader does, or not at all', () => {
    fc.assert(fc.property(damaged, assertSame), { numRuns });
  });

  const others: readonly [string, string][] = [
    ['an anchor', 'a: &a 1\nb: *a\n'],
    ['a merge key', 'a:\n  <<: {b: 1}\n'],
    ['a text on two lines', 'a: b\n  c\n'],
    ['a carriage return', 'a: 1\r\n'],
    ['half a character', 'a: "\\ud800"\n'],
    ['a mistake', 'a: b: c\n'],
    ['a tab', 'a:\t1\n'],
    ['deep nesting', `${'['.repeat(150)}${']'.repeat(150)}\n`],
    ['a long key', `${'k'.repeat(1100)}: 1\n`],
    ['a long document', `a: |\n${'  x\n'.repeat(200_000)}`],
  ];
  for (const [name, source] of others) {
    test(`leaves ${name} to the whole reader`, () => assert.equal(readPlainYaml(source), undefined));
  }
});
