import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { isolate } from '../../src/build/isolate.ts';
import { runBuilds } from '../../src/build/runBuilds.ts';
import { writeFolder } from '../../src/files/writeFolder.ts';
import type { BuildOutput } from '../../src/manifest/build.ts';
import { goProgramFolder, kustomizeProgram } from '../support/goPrograms.ts';

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: nginx}]}\n';

suite('the real kustomize', { timeout: 300_000 }, () => {
  let program: string | undefined;
  let root = '';
  before(async () => {
    program = await goProgramFolder(kustomizeProgram);
    root = await mkdtemp(join(tmpdir(), 'mirrorproof-test-'));
  });
  after(() => rm(root, { recursive: true, force: true }));

  /** @param files - The files of the repository, of which `overlay` is built. */
  async function build(
    files: Readonly<Record<string, string>>,
    args: readonly string[] = [],
    path = `${program ?? ''}:/usr/bin:/bin`,
  ): Promise<BuildOutput | undefined> {
    const folder = await mkdtemp(join(root, 'repository-'));
    writeFolder(folder, new Map(Object.entries(files)));
    const job = {
      id: 'job',
      program: 'kustomize',
      folder: 'overlay',
      folders: ['base'],
      args,
      overrides: new Map(),
    } as const;
    return (await runBuilds(folder, [job], { path })).get('job');
  }

  function reasonOf(output: BuildOutput | undefined): string {
    assert.ok(output && !output.ok);
    assert.equal(output.kind, 'failed');
    return output.reason;
  }

  test('builds an overlay, and says its version', async (context) => {
    if (program === undefined) return context.skip('there is no Go to build kustomize with');
    const output = await build({
      'overlay/kustomization.yaml': 'resources: [../base]\nimages: [{name: nginx, newTag: "9"}]\n',
      'base/kustomization.yaml': 'resources: [web.yaml]\n',
      'base/web.yaml': pod,
    });
    assert.ok(output?.ok);
    assert.match(output.text, /image: nginx:9/);
    assert.equal(output.program, `kustomize ${kustomizeProgram.version}`);
  });

  test('is found in kubectl, too', async (context) => {
    const [folder = ''] = ['/usr/bin', '/usr/local/bin'].filter((one) => existsSync(join(one, 'kubectl')));
    if (folder === '') return context.skip('there is no kubectl');
    const files = {
      'overlay/kustomization.yaml': 'resources: [web.yaml]\nnamePrefix: a-\n',
      'overlay/web.yaml': pod,
    };
    const output = await build(files, [], folder);
    assert.ok(output?.ok);
    assert.match(output.program, /^kubectl kustomize v\d/);
    assert.match(output.text, /name: a-web/);
  });

  test('says what is missing, without the path of the copy', async (context) => {
    if (program === undefined) return context.skip('there is no Go to build kustomize with');
    const reason = reasonOf(await build({ 'overlay/kustomization.yaml': 'resources: [missing.yaml]\n' }));
    assert.match(reason, /missing\.yaml/);
    assert.doesNotMatch(reason, /mirrorproof-/);
  });

  test('fetches nothing by git', async (context) => {
    if (program === undefined) return context.skip('there is no Go to build kustomize with');
    const remote = 'git::https://127.0.0.1:1/app.git?ref=v1';
    const reason = reasonOf(await build({ 'overlay/kustomization.yaml': `resources: ["${remote}"]\n` }));
    assert.match(reason, /git/);
  });

  test('reaches no server, not even on this machine', async (context) => {
    if (program === undefined) return context.skip('there is no Go to build kustomize with');
    if (!(await isolate('/usr/bin:/bin')).prefix.includes('--net'))
      return context.skip('this user may have no network namespace');
    let requests = 0;
    const server = createServer((_, response) => {
      requests += 1;
      response.end(pod);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    context.after(() => server.close());
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const output = await build({
      'overlay/kustomization.yaml': `resources: ["http://127.0.0.1:${port}/web.yaml"]\n`,
    });
    assert.equal(output?.ok, false);
    assert.equal(requests, 0);
  });

  test('runs no plugins and no Helm, and reads no file outside', async (context) => {
    if (program === undefined) return context.skip('there is no Go to build kustomize with');
    const exec = `apiVersion: example.com/v1
kind: Anything
metadata:
  name: plugin
  annotations: {config.kubernetes.io/function: "exec: {path: ./run.sh}"}
`;
    const outputs = [
      await build({
        'overlay/kustomization.yaml': 'generators: [plugin.yaml]\n',
        'overlay/plugin.yaml': exec,
      }),
      await build({
        'overlay/kustomization.yaml': 'helmCharts: [{name: chart, repo: "https://127.0.0.1:1"}]\n',
      }),
      await build({
        'overlay/kustomization.yaml': 'configMapGenerator: [{name: a, files: [/etc/passwd]}]\n',
      }),
      await build({
        'overlay/kustomization.yaml': 'configMapGenerator: [{name: a, files: [../../../../etc/passwd]}]\n',
      }),
    ];
    for (const output of outputs) reasonOf(output);
  });

  test('is stopped by what unfolds without end', async (context) => {
    if (program === undefined) return context.skip('there is no Go to build kustomize with');
    const bomb = ['a: &a [x,x,x,x,x,x,x,x,x]'];
    for (const [index, letter] of Array.from('bcdefghi').entries())
      bomb.push(`${letter}: &${letter} [${`*${'abcdefgh'.charAt(index)},`.repeat(9)}]`);
    const data = bomb.map((line) => `  ${line}\n`).join('');
    const files = {
      'overlay/kustomization.yaml': 'resources: [bomb.yaml]\n',
      'overlay/bomb.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\ndata:\n${data}`,
    };
    reasonOf(await build(files));
  });
});
