import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { readFolder } from '../../src/files/folder.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { safeSegment } from '../../src/render/renderNodes.ts';

const root = join(import.meta.dirname, '..', '..');

function renderedTree(example: string): string {
  const files = readFolder(join(root, 'examples', example, 'fixed'), { manifests: [] });
  const { rendered } = analyse(files, { substitutions: new Map() }).report;
  return [...rendered].map(([path, text]) => `==> ${path} <==\n${text}`).join('\n');
}

suite('renderNodes', () => {
  for (const example of readdirSync(join(root, 'examples'))) {
    test(`${example}: the rendered tree is the reviewed one`, (context) => {
      context.assert.fileSnapshot(
        renderedTree(example),
        join(root, 'test', 'golden', 'rendered', `${example}.txt`),
        {
          serializers: [String],
        },
      );
    });
  }

  test('rendering twice gives the same', () => {
    assert.equal(renderedTree('air-gapped-upstreams'), renderedTree('air-gapped-upstreams'));
  });
});

suite('safeSegment', () => {
  const cases: readonly [string, string][] = [
    ['worker-3.example', 'worker-3.example'],
    ['..', '%2E.'],
    ['../../etc', '%2E.%2F..%2Fetc'],
    ['a\nb', 'a%0Ab'],
    ['-rf', '-rf'],
    ['', '%'],
    ['wörker', 'w%C3%B6rker'],
  ];
  for (const [name, segment] of cases) {
    test(`${JSON.stringify(name)} is ${segment}`, () => assert.equal(safeSegment(name), segment));
  }

  test('no segment is longer than a file name may be', () => {
    assert.ok(safeSegment('ö'.repeat(5000)).length <= 255);
  });
});
