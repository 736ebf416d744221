import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { findIgnoreComments } from '../../src/check/ignoreComments.ts';
import { filesInMemory, type RepositoryFiles } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import type { Report } from '../../src/report/report.ts';

function check(files: RepositoryFiles): Report {
  return analyse(files, { substitutions: new Map() }).report;
}

/** The checks whose findings are left, and how many are ignored. */
function outcome(files: Readonly<Record<string, string>>): readonly [findings: string, ignored: number] {
  const { findings, ignored } = check(filesInMemory(files));
  return [findings.map(({ check: id, location }) => `${id}:${location.start.line}`).join(' '), ignored];
}

const head = 'apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n  containers:\n  - name: a\n';

describe('a comment that ignores', () => {
  const cases: readonly [string, string, readonly [string, number]][] = [
    ['on the line itself', '    image: a.io/a # mirrorproof-ignore: why\n', ['', 1]],
    ['on the line above', '    # mirrorproof-ignore: why\n    image: a.io/a\n', ['', 1]],
    ['above other comments', '    # mirrorproof-ignore: why\n    # more\n    image: a.io/a\n', ['', 1]],
    ['without a space', '    #mirrorproof-ignore:why\n    image: a.io/a\n', ['', 1]],
    ['behind another comment', '    image: a.io/a # nolint # mirrorproof-ignore: why\n', ['', 1]],
    ['with line ends of Windows', '    image: a.io/a # mirrorproof-ignore: why\r\n', ['', 1]],
    ['of this check', '    image: a.io/a # mirrorproof-ignore[mutable-tag]: why\n', ['', 1]],
    [
      'of this check among others',
      '    image: a.io/a # mirrorproof-ignore[pull-secret, mutable-tag]: why\n',
      ['', 1],
    ],
    [
      'of another check',
      '    image: a.io/a # mirrorproof-ignore[pull-secret]: why\n',
      ['mutable-tag:7 unused-ignore:7', 0],
    ],
    [
      'two lines above',
      '    # mirrorproof-ignore: why\n\n    image: a.io/a\n',
      ['unused-ignore:7 mutable-tag:9', 0],
    ],
    [
      'on the line below',
      '    image: a.io/a\n    # mirrorproof-ignore: why\n',
      ['mutable-tag:7 unused-ignore:8', 0],
    ],
    [
      'behind something on the line above',
      '    tty: true # mirrorproof-ignore: why\n    image: a.io/a\n',
      ['unused-ignore:7 mutable-tag:8', 0],
    ],
    ['without a reason', '    image: a.io/a # mirrorproof-ignore: \n', ['mutable-tag:7 ignore-comment:7', 0]],
    [
      'without a colon',
      '    image: a.io/a # mirrorproof-ignore why\n',
      ['mutable-tag:7 ignore-comment:7', 0],
    ],
    [
      'of a check that there is not',
      '    image: a.io/a # mirrorproof-ignore[tag]: why\n',
      ['mutable-tag:7 ignore-comment:7', 0],
    ],
    ['of no check', '    image: a.io/a # mirrorproof-ignore[]: why\n', ['mutable-tag:7 ignore-comment:7', 0]],
    ['that is spelled otherwise', '    image: a.io/a # mirrorproof-ignored: why\n', ['mutable-tag:7', 0]],
    ['that is no comment', '    image: "a.io/a#mirrorproof-ignore: why"\n', ['invalid-reference:7', 0]],
  ];
  for (const [name, lines, expected] of cases) {
    test(name, () => assert.deepEqual(outcome({ 'pod.yaml': head + lines }), expected));
  }

  test('twice for one finding', () => {
    const lines =
      '    # mirrorproof-ignore: why\n    # mirrorproof-ignore[mutable-tag]: because\n    image: a.io/a\n';
    assert.deepEqual(outcome({ 'pod.yaml': head + lines }), ['', 1]);
  });

  test('in registries.yaml, hosts.toml and config.toml', () => {
    const files = {
      'registries.yaml':
        'mirrors:\n  a.io:\n    endpoint: ["10.0.0.1:5000"] # mirrorproof-ignore: why\n' +
        'nodes:\n- {name: n, runtime: "containerd://1.7.24", containerdConfig: config.toml}\n',
      'config.toml': '# mirrorproof-ignore: why\nversion = 9\n',
      'certs.d/a.io/hosts.toml':
        'server = "https://a.io"\n[host."http://b.io"]\n# mirrorproof-ignore: why\nplain_http = true\n',
    };
    const [before] = outcome(
      Object.fromEntries(
        Object.entries(files).map(([path, text]) => [
          path,
          text.replaceAll('mirrorproof-ignore', 'a comment'),
        ]),
      ),
    );
    assert.match(before, /config-refused:2/);
    assert.match(before, /hosts-file-key:4/);
    assert.match(before, /endpoint-without-scheme:3/);
    const [after, ignored] = outcome(files);
    assert.doesNotMatch(after, /config-refused|hosts-file-key|endpoint-without-scheme|unused/);
    assert.ok(ignored >= 3);
  });

  test('is none in JSON, which has no comments', () => {
    const text = '{"apiVersion": "v1", "kind": "Pod", "a": "# mirrorproof-ignore: why"}';
    assert.deepEqual(outcome({ 'pod.json': text }), ['', 0]);
  });

  test('no file is read once more for them', () => {
    const counts = new Map<string, number>();
    const files = filesInMemory({ 'pod.yaml': `${head}    image: a.io/a # mirrorproof-ignore: why\n` });
    check({
      ...files,
      read: (path) => {
        counts.set(path, (counts.get(path) ?? 0) + 1);
        return files.read(path);
      },
    });
    assert.deepEqual([...counts], [['pod.yaml', 1]]);
  });

  test('very many of them are read in linear time', () => {
    const comments = '# mirrorproof-ignore: why\n'.repeat(10_000);
    const found = findIgnoreComments('a.yaml', `${comments}a: 1\n`);
    assert.equal(found.length, 10_000);
    assert.deepEqual(found[0]?.lines, [1, 10_001]);
    const images = Array.from({ length: 5000 }, (_, index) => `{name: a, image: a.io/a${index}}`);
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec:\n${comments}  containers: [${images.join(', ')}]\n`;
    assert.deepEqual(outcome({ 'pod.yaml': text }), ['', 5000]);
  });
});
