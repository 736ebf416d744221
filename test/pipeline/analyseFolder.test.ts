import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { analyseFolder } from '../../src/pipeline/analyseFolder.ts';

const pod =
  'apiVersion: v1\nkind: Pod\nmetadata: {name: web}\nspec: {containers: [{name: web, image: "nginx:1"}]}\n';
const options = { manifests: [], substitutions: new Map<string, string>() };

suite('a folder from its files to the report', () => {
  let folder = '';
  let root = '';
  const { PATH: before } = process.env;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mirrorproof-test-'));
    root = join(folder, 'repository');
    mkdirSync(root);
    writeFileSync(join(root, 'web.yaml'), pod);
    process.env['PATH'] = join(folder, 'programs');
  });
  afterEach(() => {
    if (before !== undefined) process.env['PATH'] = before;
    rmSync(folder, { recursive: true, force: true });
  });

  /** A kustomize that leaves a trace, and prints a Pod. */
  function installKustomize(): string {
    const trace = join(folder, 'trace');
    mkdirSync(join(folder, 'programs'));
    const script = `#!/bin/sh\necho >> '${trace}'\nif [ "$1" = version ]; then echo v9.9.9; exit; fi\necho '${pod.replace('nginx:1', 'nginx:built')}'\n`;
    writeFileSync(join(folder, 'programs/kustomize'), script);
    chmodSync(join(folder, 'programs/kustomize'), 0o755);
    return trace;
  }

  async function notBuilt(build?: 'auto' | 'off'): Promise<readonly string[]> {
    const { report } = await analyseFolder(root, { ...options, ...(build && { build }) });
    return report.findings.filter(({ check }) => check === 'not-built').map(({ message }) => message);
  }

  test('starts nothing where there is nothing to build', async () => {
    const trace = installKustomize();
    await analyseFolder(root, options);
    writeFileSync(join(root, 'kustomization.yaml'), 'resources: [web.yaml]\nnamespace: web\n');
    await analyseFolder(root, options);
    assert.equal(existsSync(trace), false);
  });

  test('starts nothing where nothing is to be started, and says what is not known then', async () => {
    const trace = installKustomize();
    writeFileSync(
      join(root, 'kustomization.yaml'),
      'resources: [web.yaml]\nreplacements: [{path: r.yaml}]\n',
    );
    const [message = '', ...others] = await notBuilt('off');
    assert.match(message, /`replacements` .* kustomize was not run/);
    assert.deepEqual(others, []);
    assert.equal(existsSync(trace), false);
  });

  test('says that a program is missing', async () => {
    writeFileSync(
      join(root, 'kustomization.yaml'),
      'resources: [web.yaml]\nreplacements: [{path: r.yaml}]\n',
    );
    const [message = ''] = await notBuilt();
    assert.match(message, /there is no kustomize on this machine/);
  });

  test('reports what a program makes', async () => {
    const trace = installKustomize();
    writeFileSync(
      join(root, 'kustomization.yaml'),
      'resources: [web.yaml]\nimages: [{name: nginx, newTag: "2"}]\n',
    );
    const { report } = await analyseFolder(root, options);
    assert.ok(existsSync(trace));
    const pulled = report.images.filter(({ workload, pulledBy }) => workload && pulledBy.length > 0);
    assert.deepEqual(
      pulled.map(({ text }) => text),
      ['nginx:built'],
    );
  });

  test('blames the same lines where registries.yaml says what else is an image', async () => {
    const write = (name: string, text: string): void => writeFileSync(join(root, name), text);
    mkdirSync(join(folder, 'programs'));
    const script = `#!/bin/sh
if [ "$1" = version ]; then echo v9.9.9; exit; fi
while read -r line; do echo "$line"; done < task.json; echo ---; while read -r line; do echo "$line"; done < web.json
`;
    writeFileSync(join(folder, 'programs/kustomize'), script, { mode: 0o755 });
    write(
      'task.json',
      '{"apiVersion": "example.com/v1", "kind": "Task", "metadata": {"name": "t"}, "spec": {"runner": "busybox:1"}}\n',
    );
    write(
      'web.json',
      '{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web"}, "spec": {"containers": [{"name": "web", "image": "nginx:1"}]}}\n',
    );
    write('kustomization.yaml', 'resources: [task.json, web.json]\nreplacements: [{path: r.yaml}]\n');
    write(
      'registries.yaml',
      'mirrors: {}\nimagePaths: [{group: example.com, kind: Task, path: spec.runner}]\n',
    );
    const { report } = await analyseFolder(root, options);
    const built = report.images.filter(({ builtBy }) => builtBy);
    assert.deepEqual(
      built.map(({ text, location }) => `${location.file} ${text}`),
      ['task.json busybox:1', 'web.json nginx:1'],
    );
  });
});
