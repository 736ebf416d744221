import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { child, descend, entries, items, toData, type SourceDocument } from '../../src/source/tree.ts';
import { parseYaml } from '../../src/source/yaml.ts';

function parseOne(source: string, version?: '1.1' | '1.2'): SourceDocument {
  const { documents, problems } = parseYaml('a.yaml', source, version);
  assert.deepEqual(problems, []);
  const [document] = documents;
  assert.ok(document);
  return document;
}

function placeOf(document: SourceDocument, ...path: string[]): string {
  const node = descend(document.root, ...path);
  assert.ok(node);
  const { start, end } = document.locate(node);
  return `${start.line}:${start.column}-${end.line}:${end.column}`;
}

suite('parseYaml', () => {
  test('places of values', () => {
    const document = parseOne('a:\n  b: "x y"\n  c: [1, two]\n');
    assert.equal(placeOf(document, 'a', 'b'), '2:6-2:11');
    assert.deepEqual(
      items(descend(document.root, 'a', 'c')).map((item) => document.locate(item).start),
      [
        { line: 3, column: 7 },
        { line: 3, column: 10 },
      ],
    );
  });

  test('a byte order mark and CRLF do not move places', () => {
    assert.equal(placeOf(parseOne('a: 1\r\nb: 2\r\n'), 'b'), '2:4-2:5');
  });

  test('text is what was written, value what the format makes of it', () => {
    const document = parseOne('a: 1.10\nb: 0x1F\nc: "1.10"\nd: ~\n');
    const read = (key: string): unknown => {
      const node = child(document.root, key);
      return node?.kind === 'scalar' ? [node.text, node.value] : undefined;
    };
    assert.deepEqual(read('a'), ['1.10', 1.1]);
    assert.deepEqual(read('b'), ['0x1F', 31]);
    assert.deepEqual(read('c'), ['1.10', '1.10']);
    assert.deepEqual(read('d'), ['~', null]);
  });

  test('YAML 1.1 takes words for booleans, 1.2 does not', () => {
    assert.deepEqual(toData(parseOne('a: yes\nb: off\n', '1.1').root), { a: true, b: false });
    assert.deepEqual(toData(parseOne('a: yes\nb: off\n').root), { a: 'yes', b: 'off' });
  });

  test('both of two equal keys stay, the last counts', () => {
    const { root } = parseOne('a: 1\na: 2\n');
    assert.equal(entries(root).length, 2);
    assert.deepEqual(toData(root), { a: 2 });
  });

  test('aliases are unfolded; a scalar stands where it is used', () => {
    const document = parseOne('x: &image nginx:1\ny: *image\nz: &m {k: v}\nw: *m\n');
    assert.deepEqual(toData(document.root), { x: 'nginx:1', y: 'nginx:1', z: { k: 'v' }, w: { k: 'v' } });
    assert.equal(placeOf(document, 'y'), '2:4-2:10');
  });

  test('merge keys: own keys win, then the first of several mappings', () => {
    const document = parseOne('a: &a {k: 1, l: 1}\nb: &b {k: 2, m: 2}\nc:\n  <<: [*a, *b]\n  l: 3\n');
    assert.deepEqual(toData(child(document.root, 'c') ?? document.root), { k: 1, m: 2, l: 3 });
  });

  test('a merge key in quotes is a key as any other, whoever reads it', () => {
    for (const anchor of ['', '&a ']) {
      const document = parseOne(`c: ${anchor}1\nd:\n  "<<": {k: 1}\n`);
      assert.deepEqual(toData(document.root), { c: 1, d: { '<<': { k: 1 } } });
    }
  });

  test('each document on its own: a broken one does not take the others along', () => {
    const { documents, problems } = parseYaml('a.yaml', 'a: 1\n---\nb: c: d\n---\ne: 5\n');
    assert.deepEqual(
      documents.map(({ root }) => toData(root)),
      [{ a: 1 }, { e: 5 }],
    );
    assert.equal(problems.length, 1);
    assert.equal(problems[0]?.location.start.line, 3);
  });

  const problems: readonly [string, string, RegExp][] = [
    ['a missing colon', 'a:\n b\n   c: 1\n', /is a `:` missing/],
    ['a tab', 'a:\n\tb: 1\n', /tab/],
    ['an unknown alias', 'a: *nobody\n', /not above it/],
    ['an alias of itself', 'a: &a [*a]\n', /contains itself/],
    ['endless nesting', '['.repeat(10_000), /nested/],
    ['deep nesting', `${'['.repeat(300)}${']'.repeat(300)}`, /nested deeper than 200/],
    ['a key that is no text', '? {a: b}\n: c\n', /key must be plain text/],
  ];
  for (const [name, source, message] of problems) {
    test(`${name} is a problem with a place`, () => {
      const [problem] = parseYaml('a.yaml', source).problems;
      assert.match(problem?.message ?? '', message);
      assert.ok((problem?.location.start.line ?? 0) >= 1);
    });
  }

  test('an alias bomb is refused', () => {
    const levels = Array.from({ length: 30 }, (_, level) =>
      level === 0 ? 'a0: &a0 [x]' : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}x]`,
    );
    assert.match(parseYaml('a.yaml', levels.join('\n')).problems[0]?.message ?? '', /unfolds to more than/);
  });

  test('20,000 anchors and as many aliases are read in linear time', () => {
    const lines = Array.from(
      { length: 20_000 },
      (_, index) => `a${index}: &a${index} x\nb${index}: *a${index}`,
    );
    assert.equal(entries(parseOne(lines.join('\n')).root).length, 40_000);
  });

  test('a key of the prototype is a key like any other', () => {
    const { root } = parseOne('__proto__: {x: 1}\nconstructor: 2\n');
    assert.deepEqual(Object.keys(toData(root) as object), ['__proto__', 'constructor']);
  });
});
