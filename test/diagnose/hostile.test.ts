import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import * as fc from 'fast-check';
import { causes } from '../../src/diagnose/causes.ts';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import { explainReport } from '../../src/diagnose/explainReport.ts';
import { formatJson } from '../../src/diagnose/json.ts';
import { formatText } from '../../src/diagnose/text.ts';
import { readFolder } from '../../src/files/folder.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { readCommand } from '../support/runnerCommand.ts';

const examples = join(import.meta.dirname, '../../examples');
const analysis = analyse(readFolder(join(examples, 'air-gapped-upstreams/broken'), { manifests: [] }), {
  substitutions: new Map(),
});

/** Pieces that the readers look for, in any order and with anything between. */
const pieces = [
  ...causes.map(({ example }) => example),
  'Failed to pull image "',
  'failed to pull and unpack image "quay.io/prometheus/prometheus:v3.5.0": ',
  'Head "http://10.9.28.38/quay/v2/',
  'dial tcp: lookup ',
  ' on 10.0.0.2:53: ',
  'pulling from host ',
  '\\\\\\"',
  '"',
  '\n',
  '{"kind":"Event","message":"ErrImagePull"',
  '}',
  'kind: Event\nmessage: ',
  'Name:   x\n',
  'Node:   worker-1/1.1.1.1\n',
  '(x99 over 5m)',
  '\u001b[31m',
];
const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 20 })), {
    maxLength: 12,
  })
  .map((parts) => parts.join(''));

/** Characters that a terminal obeys or hides. */
const hidden = /(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

suite('hostile error texts', () => {
  test('are diagnosed or not, and never end it', () => {
    fc.assert(
      fc.property(
        hostileText,
        fc.option(fc.constantFrom('worker-1', 'nobody'), { nil: undefined }),
        (text, node) => {
          const diagnosis = diagnose(text, analysis, node === undefined ? {} : { node });
          assert.ok(diagnosis.cause === 'unknown' || causes.some(({ id }) => id === diagnosis.cause));
          assert.ok(diagnosis.message.length < 1000);
        },
      ),
    );
  });

  test('are printed without anything that a terminal or the runner obeys', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const report = explainReport(text, analysis);
        const printed = formatText(report, analysis.files, (_style, words) => words) + formatJson(report);
        assert.doesNotMatch(printed, hidden);
        for (const line of printed.split('\n')) assert.equal(readCommand(line), undefined, line);
      }),
    );
  });

  const long: Readonly<Record<string, string>> = {
    'one letter': 'a'.repeat(1_000_000),
    backslashes: '\\'.repeat(1_000_000),
    quotes: '"'.repeat(1_000_000),
    'a lookup without end': 'lookup .svc'.repeat(100_000),
    'images without end': 'Failed to pull image "'.repeat(50_000),
    'URLs without end': 'Head "https://a/'.repeat(60_000),
    'blobs without end': `content at ${'/blobs/'.repeat(150_000)}`,
    'manifests without end': 'manifest for '.repeat(80_000),
    'colons without end': 'a:'.repeat(500_000),
    'columns without end': ` Warning Failed ${' a'.repeat(500_000)}`,
    'braces without end': '{'.repeat(1_000_000),
    'brackets without end': '['.repeat(1_000_000),
    'lines without end': 'ErrImagePull\n'.repeat(100_000),
    'an alias bomb': `kind: Event\na: &a [x]\nb: &b [${'*a,'.repeat(1000)}]\nc: &c [${'*b,'.repeat(1000)}]\nmessage: [${'*c,'.repeat(1000)}]\n`,
  };
  for (const [name, text] of Object.entries(long)) {
    test(`end in time: ${name}`, () => {
      assert.ok(explainReport(text, analysis).errors.length <= 200);
      assert.ok(explainReport(`Failed to pull image "${text}": ${text}`, analysis).errors.length <= 200);
      diagnose(text, analysis);
    });
  }

  test('keep nothing of a prototype', () => {
    const report = JSON.stringify({
      kind: 'Event',
      __proto__: null,
      constructor: 1,
      message: 'Failed to pull image "__proto__": x',
    });
    assert.equal(explainReport(report, analysis).errors.length, 1);
  });

  test('quote no login', () => {
    const report = explainReport(
      'Failed to pull image "a.io/b:1": Get "https://robot:hunter2@a.io/v2/": EOF',
      analysis,
    );
    const printed = formatText(report, filesInMemory({}), (_style, words) => words) + formatJson(report);
    assert.ok(!printed.includes('hunter2'));
  });
});

suite('mirrorproof diagnose', () => {
  const main = join(import.meta.dirname, '../../src/cli/main.ts');
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mirrorproof-diagnose-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function run(
    input: string | Buffer,
    ...args: readonly string[]
  ): { readonly status: number | null; readonly out: string; readonly error: string } {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'diagnose', ...args], {
      input,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
      maxBuffer: 1024 ** 3,
    });
    return { status, out: stdout, error: stderr };
  }

  test('explains what it reads, and ends with 0', () => {
    const text =
      'failed to pull and unpack image "registry.k8s.io/coredns/coredns:v1.11.3": dial tcp: lookup registry.k8s.io: no such host';
    const { status, out, error } = run(text, join(examples, 'air-gapped-upstreams/broken'));
    assert.equal(status, 0);
    assert.equal(error, '');
    assert.match(out, /^manifests\/dns\.yaml:14:18 error .*\[no-such-host\]$/m);
    assert.match(out, /\n1 error explained\.\n$/);
  });

  test('needs no registries.yaml, and no repository', () => {
    const { status, out } = run('x509: certificate signed by unknown authority', folder);
    assert.equal(status, 0);
    assert.match(out, /^error the node does not trust/);
  });

  test('says so where there is no error', () => {
    assert.deepEqual(run('', folder), {
      status: 0,
      out: 'No pull error was found in the input.\n',
      error: '',
    });
    const { out } = run('', folder, '--format', 'json');
    assert.deepEqual(JSON.parse(out), { schemaVersion: 1, errors: [], leftOut: 0 });
  });

  test('takes bytes that are no text', () => {
    assert.equal(run(Buffer.from([0xff, 0xfe, 0, 0xc3, 0x28, 10]), folder).status, 0);
  });

  test('refuses what it cannot use', () => {
    assert.match(run('', folder, '--format', 'xml').error, /--format must be one of text, json/);
    assert.match(run('', join(folder, 'nowhere')).error, /cannot read the folder/);
    const { status, error } = run(Buffer.alloc(17 * 1024 * 1024, 'a\n'), folder);
    assert.match(error, /^mirrorproof: the input is larger than 16 MB/);
    assert.equal(status, 2);
    writeFileSync(join(folder, 'registries.yaml'), 'mirrors: [\n');
    assert.match(run('', folder).error, /^mirrorproof: registries\.yaml:/);
  });
});
