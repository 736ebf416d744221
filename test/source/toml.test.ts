import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { GoTomlRelease } from '../../src/hosts/goToml/goTomlRelease.ts';
import { readGoToml } from '../../src/hosts/goToml/readGoToml.ts';
import type { TomlDocument } from '../../src/source/toml.ts';
import { descend, locatedText, toData } from '../../src/source/tree.ts';

function documentOf(text: string, release: GoTomlRelease = '2.2'): TomlDocument {
  const { document, error } = readGoToml('config.toml', text, release, () => true);
  assert.equal(error, undefined);
  return document;
}

describe('TomlDocument', () => {
  test('joins what headers and dotted keys say about a table', () => {
    const { root } = documentOf(
      'a.b = 1\n[c.d]\nx = "1"\n[c]\ny = [true, 1.5]\n[[l]]\nn = 1\n[[l]]\n[l.m]\no = { p = 2 }\n',
    );
    assert.deepEqual(toData(root), {
      a: { b: 1 },
      c: { d: { x: '1' }, y: [true, 1.5] },
      l: [{ n: 1 }, { m: { o: { p: 2 } } }],
    });
  });

  test('keeps the order of the text, also of keys that look like numbers', () => {
    const { headers, root } = documentOf(
      '[host."https://b"]\n[host."5000"]\n[host."1"]\n[host."https://b".header]\n',
    );
    const paths = headers.map(({ keys }) => keys.map(({ text }) => text));
    assert.deepEqual(paths, [
      ['host', 'https://b'],
      ['host', '5000'],
      ['host', '1'],
      ['host', 'https://b', 'header'],
    ]);
    const hosts = descend(root, 'host');
    assert.deepEqual(hosts?.kind === 'mapping' && hosts.entries.map(({ key }) => key.text), [
      'https://b',
      '5000',
      '1',
    ]);
  });

  test('tells inline tables from others, and types from each other', () => {
    const { root } = documentOf('a = {}\n[b]\nd = 1979-05-27\ni = 0x10\nbig = 9223372036854775807\n');
    const [a, b] = root.entries.map(({ value }) => value);
    assert.equal(a?.kind === 'mapping' && a.isInline, true);
    assert.equal(b?.kind === 'mapping' && b.isInline, false);
    const scalars = b?.kind === 'mapping' ? b.entries.map(({ value }) => value) : [];
    assert.deepEqual(
      scalars.map((node) => (node.kind === 'scalar' ? [node.type, node.value, node.text] : [])),
      [
        ['datetime', '1979-05-27', '1979-05-27'],
        ['integer', 16, '0x10'],
        ['integer', 9223372036854775807n, '9223372036854775807'],
      ],
    );
  });

  test('says where a value stands', () => {
    const document = documentOf(
      '\uFEFF# comment\r\n[plugins."io.containerd.grpc.v1.cri"]\r\n  sandbox_image = "pause"\r\n',
      '1.9.5',
    );
    const located = locatedText(
      document,
      descend(document.root, 'plugins', 'io.containerd.grpc.v1.cri', 'sandbox_image'),
    );
    assert.deepEqual(located, {
      value: 'pause',
      location: { file: 'config.toml', start: { line: 3, column: 19 }, end: { line: 3, column: 26 } },
    });
  });

  const doubled = [
    'a = 1\na = 2',
    '[a]\n[a]',
    'a = 1\n[a]',
    '[[a]]\n[a]',
    'a = {}\n[a.b]',
    'a = { b = 1, b = 2 }',
    '[a]\nb = 1\n[a.b]',
  ];
  for (const text of doubled) {
    test(`what stands twice in ${JSON.stringify(text)} is told from other mistakes`, () => {
      assert.equal(readGoToml('f', text, '2.2', () => true).error?.isDoubled, true);
    });
  }

  const invalid: readonly (readonly [string, number, number])[] = [
    ['a = ', 1, 5],
    ['ok = 1\nserver = https://h', 2, 10],
    ['[host."https://a"', 1, 18],
    ['{"server": 1}', 1, 1],
    ['a = True', 1, 5],
    ['\u{1F600} = 1', 1, 1],
    ['a = "\u{1F600}" b', 1, 10],
    [`${'a.'.repeat(150)}b = 1`, 1, 1],
    [`a = ${'['.repeat(150)}${']'.repeat(150)}`, 1, 105],
  ];
  for (const [text, line, column] of invalid) {
    test(`says where ${JSON.stringify(text.slice(0, 30))} is wrong`, () => {
      const { document, error } = readGoToml('f', text, '2.2', () => true);
      assert.equal(error?.isDoubled, false);
      const at = { start: error.offset, end: error.offset };
      assert.deepEqual(document.locate(at).start, { line, column });
    });
  }
});
