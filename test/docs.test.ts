import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { codeBlock, replaceSection, table } from '../scripts/docs/markdown.ts';
import { generateDocs } from '../scripts/generateDocs.ts';

const root = join(import.meta.dirname, '..');

describe('the generated documentation', async () => {
  const documents = await generateDocs(root);

  test('is in some files', () => assert.ok([...documents].length > 0));

  for (const [file, { current, generated }] of documents) {
    test(`${file} is up to date (npm run docs)`, () => {
      assert.ok(current === generated, `${file} is stale: run npm run docs and commit what it writes`);
    });
  }
});

describe('table', () => {
  test('keeps each cell on one line and within its column', () => {
    assert.equal(
      table(['a', 'b'], [['1 | 2', 'two\n  lines']]),
      '| a | b |\n| --- | --- |\n| 1 \\| 2 | two lines |\n',
    );
  });
});

describe('codeBlock', () => {
  test('has a fence that the text does not end', () => {
    assert.equal(codeBlock('yaml', 'a: 1\n'), '```yaml\na: 1\n```\n');
    assert.equal(codeBlock('text', 'a ```` b'), '`````text\na ```` b\n`````\n');
  });
});

describe('replaceSection', () => {
  const document = 'before\n<!-- start keys -->\nold\n<!-- end keys -->\nafter\n';

  test('replaces what is between the markers, and does so again', () => {
    const once = replaceSection(document, 'keys', 'new\n');
    assert.match(once, /^before\n<!-- start keys -->\n[^]*\nnew\n[^]*<!-- end keys -->\nafter\n$/);
    assert.ok(!once.includes('old'));
    assert.equal(replaceSection(once, 'keys', 'new\n'), once);
  });

  test('wants both markers', () => {
    assert.throws(() => replaceSection(document, 'inputs', ''), /no section inputs/);
    assert.throws(() => replaceSection('<!-- start keys -->\n', 'keys', ''), /no section keys/);
  });
});
