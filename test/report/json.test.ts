import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { formatJson } from '../../src/report/json.ts';
import { exampleFinding, exampleReport } from '../support/report.ts';

const schemaFile = join(import.meta.dirname, '../../schema/report.schema.json');
const validate = new Ajv2020({ strict: true, allErrors: true }).compile(
  JSON.parse(readFileSync(schemaFile, 'utf8')),
);

function assertValid(json: string): void {
  validate(JSON.parse(json));
  assert.deepEqual(validate.errors ?? [], []);
}

describe('formatJson', () => {
  test('writes every part of the report', (t) => {
    const json = formatJson(exampleReport());
    assertValid(json);
    t.assert.fileSnapshot(json, join(import.meta.dirname, '../golden/report/report.json'), {
      serializers: [(value: unknown) => String(value)],
    });
  });

  test('writes a report of a repository in which there is nothing', () => {
    const empty = {
      nodes: [],
      images: [],
      findings: [],
      ignored: 0,
      matrix: { columns: [], rows: [] },
      rendered: new Map(),
      statistics: { files: 0, references: 0, nodeConfigurations: 0, pairs: 0 },
    };
    const { registriesFile: _, ...report } = exampleReport(empty);
    const json = formatJson(report);
    assertValid(json);
    assert.ok(!json.includes('registries'));
  });

  test('names the node apart where a finding concerns only one', () => {
    const findings = [
      exampleFinding({ nodes: ['a'] }),
      exampleFinding({ nodes: ['a', 'b'] }),
      exampleFinding(),
    ];
    const written: { findings: { node?: string; nodes?: string[] }[] } = JSON.parse(
      formatJson(exampleReport({ findings })),
    );
    assert.deepEqual(
      written.findings.map(({ node, nodes }) => [node, nodes]),
      [
        ['a', ['a']],
        [undefined, ['a', 'b']],
        [undefined, undefined],
      ],
    );
  });

  test('names a few nodes of each finding and counts the others where all together are very many', () => {
    const nodes = Array.from({ length: 1000 }, (_, index) => `node-${index}`);
    const write = (count: number): readonly { nodes: string[]; moreNodes?: number }[] => {
      const findings = Array.from({ length: count }, () => exampleFinding({ nodes }));
      const json = formatJson(exampleReport({ findings: [...findings, exampleFinding({ nodes: ['a'] })] }));
      assertValid(json);
      return JSON.parse(json).findings;
    };
    const lengths = (written: ReturnType<typeof write>): unknown =>
      written.slice(-2).map(({ nodes: listed, moreNodes }) => [listed.length, moreNodes]);
    assert.deepEqual(lengths(write(199)), [
      [1000, undefined],
      [1, undefined],
    ]);
    assert.deepEqual(lengths(write(200)), [
      [20, 980],
      [1, undefined],
    ]);
  });

  test('says with which state findings were compared', () => {
    const changedSince = { revision: 'main', olderFindings: 3 };
    const json = formatJson(exampleReport({ changedSince }));
    assertValid(json);
    assert.deepEqual(JSON.parse(json).changedSince, changedSince);
  });

  test('is described by a schema that refuses what it does not know', () => {
    const report: Record<string, unknown> = JSON.parse(formatJson(exampleReport()));
    assert.equal(validate({ ...report, extra: 1 }), false);
    assert.equal(validate({ ...report, schemaVersion: 2 }), false);
    assert.equal(validate({ ...report, findings: [{ check: 'x' }] }), false);
  });
});
