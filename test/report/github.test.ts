import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { formatGithub } from '../../src/report/github.ts';
import { exampleFinding, exampleReport } from '../support/report.ts';
import { readCommand } from '../support/runnerCommand.ts';

describe('formatGithub', () => {
  test('writes one workflow command for each annotation', () => {
    const findings = [
      exampleFinding({ line: 4, fix: { message: 'Write http:// before it.' } }),
      exampleFinding({
        check: 'mutable-tag',
        severity: 'notice',
        message: 'The tag can move.',
        file: 'a,b.yaml',
      }),
    ];
    assert.equal(
      formatGithub(exampleReport({ findings })),
      '::error file=registries.yaml,line=4,endLine=4,col=3,endColumn=20,title=mirrorproof%3A endpoint-scheme::' +
        'The endpoint has no scheme.%0AFix: Write http:// before it.\n' +
        '::notice file=a%2Cb.yaml,line=1,endLine=1,col=3,endColumn=20,title=mirrorproof%3A mutable-tag::The tag can move.\n',
    );
  });

  test('names files relative to the workspace', () => {
    const line = formatGithub(exampleReport({ findings: [exampleFinding()] }), 'clusters/edge').trimEnd();
    assert.equal(readCommand(line)?.properties['file'], 'clusters/edge/registries.yaml');
  });

  for (const [what, end, properties] of [
    ['has no columns where it spans lines', { line: 6, column: 2 }, { line: '4', endLine: '6' }],
    [
      'ends on the line before where it ends at a line break',
      { line: 5, column: 1 },
      { line: '4', endLine: '4' },
    ],
  ] as const) {
    test(what, () => {
      const location = { file: 'a.yaml', start: { line: 4, column: 1 }, end };
      const line = formatGithub(exampleReport({ findings: [exampleFinding({ location })] })).trimEnd();
      assert.deepEqual(readCommand(line)?.properties, {
        file: 'a.yaml',
        ...properties,
        title: 'mirrorproof: endpoint-scheme',
      });
    });
  }

  test('writes nothing for a clean report', () => {
    assert.equal(formatGithub(exampleReport({ findings: [] })), '');
  });
});
