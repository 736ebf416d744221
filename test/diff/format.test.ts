import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import type { Difference } from '../../src/diff/difference.ts';
import { formatDifferenceJson } from '../../src/diff/json.ts';
import { formatDifferenceMarkdown } from '../../src/diff/markdown.ts';
import { formatDifference } from '../../src/diff/text.ts';
import { byteLength } from '../../src/report/byteBudget.ts';
import type { Paint } from '../../src/report/text.ts';
import { compare, deployment, registries } from './states.ts';

const plain: Paint = (_style, text) => text;

const example: Difference = {
  ...compare(
    {
      'a.yaml': deployment('a', 'nginx:1.27'),
      'b.yaml': deployment('b', 'redis:7'),
      'registries.yaml': registries('http://10.10.1.106:5000', ['k8s1', 'k8s2']),
    },
    {
      'a.yaml': deployment('a', 'nginx:1.27'),
      'c.yaml': deployment('c', 'postgres:17'),
      'registries.yaml': `${registries('https://harbor.example.net/v2/hub', ['k8s2', 'k8s3'])}configs: {harbor.example.net: {tls: {ca_file: /etc/ca.crt}}}\n`,
    },
  ),
  // What is rendered, and where, is for other tests.
  files: [
    {
      kind: 'changed',
      paths: ['nodes/k8s2/hosts.toml', 'nodes/k8s4/hosts.toml'],
      patch: {
        kind: 'hunks',
        hunks: [{ oldStart: 1, oldLines: 2, newStart: 1, newLines: 2, lines: [' server', '-old', '+new'] }],
        addedLines: 1,
        removedLines: 1,
      },
    },
    { kind: 'removed', paths: ['x.bin'], patch: { kind: 'not-shown', reason: 'it is a binary file' } },
  ],
};

const hostile = '```\n::error::x\u001b[31m\u202e<img src=x onerror=alert(1)>##[error]x | y';

/** A difference in which every text is hostile. */
const hostileDifference: Difference = {
  files: [
    {
      kind: 'changed',
      paths: [hostile, `a/${hostile}`],
      patch: {
        kind: 'hunks',
        hunks: [
          { oldStart: 1, oldLines: 1, newStart: 1, newLines: 1, lines: [` ${hostile}`, '-```', '+````'] },
        ],
        addedLines: 1,
        removedLines: 1,
      },
    },
  ],
  pulls: [
    {
      before: { ok: false, error: hostile },
      after: { ok: true, steps: [{ endpoint: hostile, notes: [hostile] }] },
      nodes: [hostile],
      images: [{ image: hostile, workloads: 1 }],
      workloads: 1,
    },
  ],
  images: { added: [{ image: hostile, uses: 1 }], removed: [] },
  nodes: { added: [hostile], removed: [hostile] },
};

function large(): Difference {
  const lines = Array.from({ length: 3000 }, (_, index) => `+line ${index}`);
  const many = Array.from({ length: 500 }, (_, index) => index);
  return {
    files: many.map((index) => ({
      kind: 'added',
      paths: [`f${index}`],
      patch: {
        kind: 'hunks',
        hunks: [{ oldStart: 0, oldLines: 0, newStart: 1, newLines: 3000, lines }],
        addedLines: 3000,
        removedLines: 0,
      },
    })),
    pulls: many.map((index) => ({
      before: { ok: true, steps: [{ endpoint: `http://old${index}`, notes: [] }] },
      after: { ok: true, steps: [{ endpoint: `http://new${index}`, notes: [] }] },
      nodes: many.map((node) => `node-${node}`),
      images: many.map((image) => ({ image: `image-${image}`, workloads: 1 })),
      workloads: 1,
    })),
    images: { added: many.map((index) => ({ image: `new-${index}`, uses: 1 })), removed: [] },
    nodes: { added: [], removed: [] },
  };
}

suite('formatDifference', () => {
  test('prints files, pull paths, images and nodes', (t) => {
    const path = join(import.meta.dirname, '../golden/diff/difference.txt');
    t.assert.fileSnapshot(formatDifference(example, plain), path, { serializers: [String] });
  });

  test('says so where nothing changes', () => {
    assert.equal(formatDifference(compare({}, {}), plain), 'Nothing changes for any node or pull.\n');
  });

  test('shows every text as text, on one line', () => {
    const text = formatDifference(hostileDifference, plain);
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(text, /[\u001b\u202e]|^\s*::|##\[/m);
  });

  test('cuts what is long, and says by how much', () => {
    const text = formatDifference(large(), plain);
    assert.match(text, /^\.\.\. 2603 more lines$/m);
    assert.match(text, /^\.\.\. and \d+ other changes of files$/m);
    assert.match(text, /^ {2}\.\.\. and 450 other images$/m);
    assert.match(text, /^ {2}\+ \.\.\. and 450 more$/m);
    assert.match(text, /node-9 and 490 others$/m);
  });
});

suite('formatDifferenceJson', () => {
  test('has all of it', () => {
    const { changed, files, pulls, images, nodes } = JSON.parse(formatDifferenceJson(example));
    assert.equal(changed, true);
    assert.deepEqual(files, [
      {
        kind: 'changed',
        paths: ['nodes/k8s2/hosts.toml', 'nodes/k8s4/hosts.toml'],
        addedLines: 1,
        removedLines: 1,
        diff: '--- a/nodes/k8s2/hosts.toml\n+++ b/nodes/k8s2/hosts.toml\n@@ -1,2 +1,2 @@\n server\n-old\n+new\n',
      },
      { kind: 'removed', paths: ['x.bin'], notShown: 'it is a binary file' },
    ]);
    assert.deepEqual(pulls, JSON.parse(JSON.stringify(example.pulls)));
    assert.deepEqual([images, nodes], JSON.parse(JSON.stringify([example.images, example.nodes])));
  });

  test('prints nothing that a terminal or the runner obeys', () => {
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(formatDifferenceJson(hostileDifference), /[\u001b\u202e]|^\s*::|##\[/m);
  });
});

suite('formatDifferenceMarkdown', () => {
  test('writes pull paths, images and files', (t) => {
    const markdown = formatDifferenceMarkdown(example, '0123456789ab', 100_000);
    const path = join(import.meta.dirname, '../golden/diff/difference.md');
    t.assert.fileSnapshot(`${markdown}\n`, path, { serializers: [String] });
  });

  test('lets no text out of its place', () => {
    const markdown = formatDifferenceMarkdown(hostileDifference, hostile, 100_000);
    const fences = markdown.split('\n').filter((line) => /^\s{0,3}`{3,}/.test(line));
    // The context line that begins with a fence is shorter than the one around it.
    assert.deepEqual(
      fences.map((line) => /`+(?:diff)?/.exec(line)?.[0]),
      ['`````diff', '```', '`````'],
    );
    const outside = markdown.replaceAll(/^`{5}diff\n[^]*?\n`{5}$/gm, '');
    // oxlint-disable-next-line no-control-regex
    assert.doesNotMatch(outside, /<img|\u202e|\u001b/);
    for (const row of outside.split('\n').filter((line) => line.startsWith('|')))
      assert.equal(row.split('|').length, 6, row);
  });

  for (const bytes of [1000, 20_000, 150 * 1024]) {
    test(`stays within ${bytes} bytes`, () => {
      const markdown = formatDifferenceMarkdown(large(), 'main', bytes);
      assert.ok(byteLength(markdown) <= bytes, `${byteLength(markdown)} bytes`);
      assert.match(markdown, /other changes of rendered files left out here/);
    });
  }
});
