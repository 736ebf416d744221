import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { parse } from 'smol-toml';
import type { GoTomlRelease } from '../../../src/hosts/goToml/goTomlRelease.ts';
import { goPosition, readGoToml } from '../../../src/hosts/goToml/readGoToml.ts';
import type { ScalarProblem, TomlNode } from '../../../src/source/toml.ts';
import { vectors, type Answer } from './vectors.ts';

const releases: readonly GoTomlRelease[] = ['1.8.1', '1.9.3', '1.9.5', '2.2', '2.3.0', '2.4'];

function* problemsIn(node: TomlNode): Generator<ScalarProblem> {
  if (node.kind === 'sequence') for (const item of node.items) yield* problemsIn(item);
  else if (node.kind === 'mapping') for (const { value } of node.entries) yield* problemsIn(value);
  else if (node.problem) yield node.problem;
}

/** What is read into a type that takes everything: version 2 comes to a wrong number before it comes to what follows. */
function answer(text: string, release: GoTomlRelease): Answer {
  const { document, error } = readGoToml('f', text, release, () => true);
  const [wrong] = [...problemsIn(document.root)].sort((a, b) => a.offset - b.offset);
  if (wrong) return { error: `toml: ${wrong.message}`, ...goPosition(wrong, text, release) };
  if (!error) return {};
  return error.isPanic ? { panic: error.message } : { error: error.message, ...error.position };
}

/** Version 1.9.3 panics over its own panic, which comes out besides. */
function withoutSecondPanic(given: Answer): Answer {
  const isSecond = given.panic?.startsWith('interface conversion: ');
  return isSecond || given.panic?.startsWith('unhandled token: ') ? { panic: 'unhandled token' } : given;
}

suite('what go-toml says about a text', () => {
  for (const release of releases) {
    test(`${release}: in its words, at its place`, () => {
      for (const { text, answers } of vectors) {
        const [found, expected] = [answer(text, release), answers[release]].map(withoutSecondPanic);
        assert.deepEqual(found, expected, JSON.stringify(text));
      }
    });
  }

  test('the vectors have texts that are read and texts that are not', () => {
    for (const release of releases) {
      const refused = vectors.filter(({ answers }) => answers[release].error !== undefined).length;
      assert.ok(refused > 300 && refused < vectors.length - 50, `${release}: ${refused}`);
    }
  });
});

function plain(node: TomlNode): unknown {
  if (node.kind === 'sequence') return node.items.map(plain);
  if (node.kind === 'mapping') {
    return Object.fromEntries(node.entries.map(({ key, value }) => [key.text, plain(value)]));
  }
  return node.type === 'datetime' ? 'a date' : node.value;
}

suite('what go-toml makes of a text', () => {
  const text = `top = "a\\tb" # comment
list = [ 1, 0x1F, 1_000, -2.5e3, true, 'c:\\d' ]
"quoted.key".'other' = """
one \\
  two"""
[a.b]
inline = { x = 1, y.z = "w" }
[[a.list]]
n = 1
[[a.list]]
n = 2
[a.list.sub]
m = '''x'''
`;
  for (const release of releases) {
    test(`${release}: the values of a text in which all agree`, () => {
      const { document, error } = readGoToml('f', text, release, () => true);
      assert.equal(error, undefined);
      assert.deepEqual(plain(document.root), JSON.parse(JSON.stringify(parse(text))));
    });

    test(`${release}: keys and values with their places`, () => {
      const { document } = readGoToml('f', text, release, () => true);
      const found = document.root.entries.map(({ key, value }) => [
        text.slice(key.start, key.end),
        value.kind === 'mapping' ? document.locate(value).start.line : text.slice(value.start, value.end),
      ]);
      assert.deepEqual(found, [
        ['top', String.raw`"a\tb"`],
        ['list', String.raw`[ 1, 0x1F, 1_000, -2.5e3, true, 'c:\d' ]`],
        ['"quoted.key"', 3],
        ['a', 6],
      ]);
      const headers = document.headers.map(({ start, end, isArray }) => [text.slice(start, end), isArray]);
      const expected = ['[a.b]', '[[a.list]]', '[[a.list]]', '[a.list.sub]'];
      assert.deepEqual(
        headers,
        expected.map((header) => [header, header.startsWith('[[')]),
      );
    });
  }

  test('version 2 has decoded what stands before an error', () => {
    const { document, error } = readGoToml('f', 'a = 1\nb = \n', '2.2', () => true);
    assert.deepEqual(plain(document.root), { a: 1 });
    assert.equal(error?.message, 'toml: incomplete number');
  });

  test('version 2 looks for doubled keys only where it decodes them', () => {
    const twice = '[other]\na = 1\na = 2\n';
    assert.ok(readGoToml('f', twice, '2.2', () => true).error?.isDoubled);
    assert.equal(readGoToml('f', twice, '2.2', () => false).error, undefined);
    assert.ok(readGoToml('f', twice, '2.4', () => false).error?.isDoubled);
  });

  test('the keys of headers keep their escapes in version 1', () => {
    const keys = releases.map((release) => {
      const { document } = readGoToml('f', String.raw`["a\u0062"]`, release, () => true);
      return document.root.entries[0]?.key.text;
    });
    assert.deepEqual(keys, [...Array<string>(3).fill(String.raw`a\u0062`), 'ab', 'ab', 'ab']);
  });
});

const hostilePart = fc.oneof(
  fc.constantFrom(...'"\'=:*/[]{},.#\\ \n\r\t\0\u007F\uFEFF\u00E9\u2028_-+01.eExob'.split('')),
  fc.constantFrom(
    '"""',
    "'''",
    '[[',
    ']]',
    '[a]',
    '[a.b]',
    '[[a]]',
    'a = ',
    'a.b',
    'true',
    'inf',
    '\u{1F600}',
  ),
  fc.constantFrom(
    '1979-05-27',
    '07:32:00',
    'T',
    'Z',
    '\\u00e9',
    '\\U0001F600',
    '\\\n',
    '\r\n',
    '{ a = 1 }',
    '[1, 2]',
  ),
  fc.string({ unit: 'binary', maxLength: 3 }),
  fc.constantFrom('\uD800', '\uDC00'),
);

suite('hostile texts', () => {
  test('any text is read, or refused for a reason', () => {
    fc.assert(
      fc.property(
        fc.array(hostilePart, { maxLength: 40 }),
        fc.constantFrom(...releases),
        (parts, release) => {
          const text = parts.join('');
          const { document, error } = readGoToml('f', text, release, () => true);
          assert.notEqual(error?.message, '');
          assert.ok((error?.offset ?? 0) <= text.length);
          for (const { key } of document.root.entries)
            assert.ok(key.start <= key.end && key.end <= text.length);
        },
      ),
      { numRuns: 10_000 },
    );
  });

  const million = 1_000_000;
  const repeated =
    '[ { " \' \\ # = a 1 _ - é \uD800 [a]\n [[a]]\n a. "a". [a. {a= [{a=[ a=1\n a=1__2\n "\\u 1e 0x \n \r'.split(
      ' ',
    );
  for (const release of ['1.9.5', '2.2', '2.4'] as const) {
    test(`${release}: a million characters of the same`, () => {
      for (const part of [...repeated, ' ', '1979-05-27 ']) {
        const body = part.repeat(million / part.length);
        for (const text of [body, `a = ${body}`, `a = [${body}`, `"${body}" = 1`]) {
          assert.ok(readGoToml('f', text, release, () => true).document, part);
        }
      }
    });

    test(`${release}: many names`, () => {
      const names = Array.from({ length: 30_000 }, (_, index) => `n${index}`);
      const texts = [
        names.map((name) => `[[${name}]]`).join('\n'),
        names.map((name) => `[a.${name}]`).join('\n'),
        names.map((name) => `[[a]]\n[a.${name}]`).join('\n'),
        names.map((name) => `${name} = 1`).join('\n'),
        `a = {${names.map((name) => `${name} = 1`).join(',')}}`,
      ];
      for (const text of texts) {
        assert.equal(readGoToml('f', text, release, () => true).error, undefined, text.slice(0, 40));
      }
    });
  }
});
