import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { formatMarkdown } from '../../src/report/markdown.ts';
import { escapeMarkdown, markdownSentence, mermaidLabel } from '../../src/report/markdownText.ts';
import { drawFailingPaths } from '../../src/report/mermaid.ts';
import { exampleFinding, exampleReport } from '../support/report.ts';

const hostile =
  'x | y\n# h\n```\n<img src=x onerror=alert(1)> [a](javascript:x) **b** `c` @octocat #1 $x$ "]; click p0s0 "http://evil" \u202E';

describe('formatMarkdown', () => {
  test('writes verdict, findings, failing pull paths and matrix', (t) => {
    const markdown = formatMarkdown(exampleReport(), {
      filesUrl: 'https://github.com/acme/shop/blob/0123abc',
      artifactUrl: 'https://github.com/acme/shop/actions/runs/1/artifacts/2',
    });
    t.assert.fileSnapshot(markdown, join(import.meta.dirname, '../golden/report/summary.md'), {
      serializers: [(value: unknown) => String(value)],
    });
  });

  test('is short when nothing was found', () => {
    const matrix = { columns: [], rows: [] };
    const markdown = formatMarkdown(exampleReport({ findings: [], ignored: 0, matrix }));
    assert.equal(markdown, '## mirrorproof\n\n**No findings in 2 images on 2 nodes.**\n');
  });

  test('shows text of the repository as text', () => {
    const report = exampleReport({
      findings: [
        exampleFinding({
          message: hostile,
          file: `a/${hostile}`,
          image: hostile,
          related: [{ message: hostile, location: exampleFinding().location }],
          fix: { message: hostile },
        }),
      ],
      matrix: {
        columns: [{ name: hostile, nodes: [hostile] }],
        rows: [
          { image: hostile, uses: 1, cells: [{ outcome: 'refused', attempts: [hostile], note: hostile }] },
        ],
      },
    });
    const markdown = formatMarkdown(report, { filesUrl: 'https://github.com/acme/shop/blob/0123abc' });
    assert.doesNotMatch(markdown, /<img|\]\(|@octocat|\u202E|"http:\/\/evil/);
    assert.equal(markdown.match(/```/g)?.length, 2);
    const tableRows = markdown.split('\n').filter((line) => line.startsWith('| '));
    assert.deepEqual(
      tableRows.map((line) => line.split(' | ').length),
      [3, 3, 3, 3, 3, 3],
    );
  });

  test('keeps within its limit and says what is left out', () => {
    const findings = Array.from({ length: 3000 }, (_, index) =>
      exampleFinding({ line: index + 1, message: `${index} ${'é|'.repeat(200)}`, image: `image-${index}` }),
    );
    const rows = findings.map(({ image = '' }) => ({
      image,
      uses: 1,
      cells: [
        { outcome: 'refused' as const, attempts: ['https://registry.example'], note: image.repeat(100) },
      ],
    }));
    const report = exampleReport({ findings, matrix: { columns: [{ name: 'n', nodes: ['n'] }], rows } });
    const markdown = formatMarkdown(report);
    assert.ok(Buffer.byteLength(markdown) < 1000 * 1024);
    assert.match(markdown, /_\d+ findings left out here for want of room: report\.json has them all\._/);
    assert.match(markdown, /_Left out here for want of room: \d+ images\. report\.json has them all\._/);
    assert.match(markdown, /_The diagram leaves out \d+ pull paths that fail too\._/);
  });

  test('leaves out groups of nodes that make the matrix too wide', () => {
    const columns = Array.from({ length: 20 }, (_, index) => ({
      name: `node-${index}`,
      nodes: [`node-${index}`],
    }));
    const cells = columns.map(() => ({ outcome: 'mirror' as const, attempts: ['http://m'] }));
    const markdown = formatMarkdown(
      exampleReport({ findings: [], matrix: { columns, rows: [{ image: 'a', uses: 1, cells }] } }),
    );
    assert.match(markdown, /_Left out here for want of room: 8 groups of nodes\./);
  });

  test('marks a pull that an error is about on the nodes of that error only', () => {
    const markdown = formatMarkdown(exampleReport());
    const row = markdown.split('\n').find((line) => line.startsWith('| <code>10'));
    assert.match(row ?? '', /\| mirror<br>.*\| \*\*fails\*\* \(upstream\)<br>/);
  });
});

const hostileText = fc
  .array(
    fc.oneof(
      fc.constantFrom('://', 'www.', 'WWW.', '|', '\n', '&', '#'),
      fc.string({ unit: 'binary', maxLength: 9 }),
    ),
  )
  .map((parts) => parts.join(''));

describe('escapeMarkdown', () => {
  test('leaves no structure, whatever the text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        assert.doesNotMatch(
          escapeMarkdown(text).replaceAll(/&#\d+;/g, ''),
          /["#$&*<>@[\\\]_`|~\n\r]|:\/\/|www\./i,
        );
      }),
    );
  });

  test('cuts what is very long', () => {
    assert.equal(escapeMarkdown('x'.repeat(5000)), `${'x'.repeat(997)}...`);
  });
});

describe('markdownSentence', () => {
  for (const [sentence, markdown] of [
    ['set `a` and `b`', 'set <code>a</code> and <code>b</code>'],
    ['`a`', '<code>a</code>'],
    ['one ` alone', 'one &#96; alone'],
    ['`a` and ` alone', '<code>a</code> and &#96; alone'],
    ['none', 'none'],
    ['', ''],
  ] as const) {
    test(JSON.stringify(sentence), () => {
      assert.equal(markdownSentence(sentence), markdown);
    });
  }
});

describe('drawFailingPaths', () => {
  const path = {
    images: ['nginx', 'redis', 'mysql'],
    group: { name: 'k2s', nodes: ['k2s'] },
    cell: { outcome: 'refused' as const, attempts: ['http://a:5000', 'https://b'], note: 'no such host' },
  };

  test('draws images, nodes, attempts and the end', () => {
    assert.deepEqual(drawFailingPaths([path]), {
      text: 'flowchart LR\n  p0s0["nginx and 2 more"] --> p0s1["on k2s"] --> p0s2["1. http://a:5000"] --> p0s3["2. https://b"] --> p0s4["no such host"]',
      leftOut: 0,
    });
  });

  test('escapes what could end a label or begin a statement', () => {
    assert.equal(mermaidLabel('a"]; b-->c\n`<b>`#1'), '"a#34;#93;#59; b--#62;c#92;n#96;#60;b#62;#96;#35;1"');
  });

  test('keeps within the size that GitHub draws', () => {
    const long = {
      ...path,
      cell: { ...path.cell, attempts: Array.from({ length: 50 }, () => '"'.repeat(500)) },
    };
    const { text, leftOut } = drawFailingPaths(Array.from({ length: 40 }, () => long));
    assert.ok(text.length <= 50_000);
    assert.ok(leftOut >= 28);
    assert.match(text, /42 more attempts/);
  });
});
