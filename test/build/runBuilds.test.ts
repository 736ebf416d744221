import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { runBuilds, type BuildSettings } from '../../src/build/runBuilds.ts';
import type { BuildJob, BuildOutput } from '../../src/manifest/build.ts';

/** A program that says its version, and then does what a script says. */
function program(script: string): string {
  return `#!/bin/sh\nif [ "$1" = version ]; then echo v9.8.7; exit; fi\n${script}\n`;
}

const job: BuildJob = {
  id: 'a job',
  program: 'kustomize',
  folder: 'overlay',
  folders: [],
  args: ['--an-argument'],
  overrides: new Map([['overlay/kustomization.yaml', 'resources: []\n']]),
};

suite('runs of other programs', { timeout: 60_000 }, () => {
  let folder = '';
  let root = '';
  const { TMPDIR: before } = process.env;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mirrorproof-test-'));
    root = join(folder, 'repository');
    for (const name of ['repository', 'programs', 'temporary']) mkdirSync(join(folder, name));
    process.env['TMPDIR'] = join(folder, 'temporary');
  });
  afterEach(() => {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
    rmSync(folder, { recursive: true, force: true });
  });

  async function build(
    script: string,
    settings: Partial<BuildSettings> = {},
  ): Promise<BuildOutput | undefined> {
    const file = join(folder, 'programs/kustomize');
    writeFileSync(file, program(script));
    chmodSync(file, 0o755);
    try {
      return (await runBuilds(root, [job], { path: join(folder, 'programs'), ...settings })).get('a job');
    } finally {
      assert.deepEqual(readdirSync(join(folder, 'temporary')), [], 'nothing is left behind');
    }
  }

  test('give what a program prints, with its name and version', async () => {
    const output = await build(
      'echo "$@"; while read -r line; do echo "$line"; done < overlay/kustomization.yaml',
    );
    assert.deepEqual(output, {
      ok: true,
      text: 'build --an-argument ./overlay\nresources: []\n',
      program: 'kustomize v9.8.7',
    });
  });

  test('have an environment of their own, in which nothing of this one is', async () => {
    process.env['MIRRORPROOF_SECRET'] = 'password';
    const names = ['HOME', 'PATH', 'TMPDIR', 'HELM_PLUGINS', 'XDG_CONFIG_HOME'];
    const values = ['MIRRORPROOF_SECRET', 'HTTPS_PROXY', ...names].map((name) => `echo "${name}=$${name}"`);
    const output = await build(values.join('\n'));
    delete process.env['MIRRORPROOF_SECRET'];
    assert.ok(output?.ok);
    const [secret, proxy, ...folders] = output.text.trim().split('\n');
    assert.equal(secret, 'MIRRORPROOF_SECRET=');
    assert.equal(proxy, 'HTTPS_PROXY=http://127.0.0.1:9');
    for (const [index, line] of folders.entries())
      assert.ok(line.startsWith(`${names[index]}=${join(folder, 'temporary')}/`), line);
  });

  test('find no git that could fetch something', async () => {
    assert.equal((await build('command -v git'))?.ok, false);
  });

  test('fail with what the program complains about, without the path of the copy', async () => {
    const output = await build(
      'echo "# Warning: old" >&2; echo "Error: no such file $PWD/overlay/x" >&2; exit 1',
    );
    assert.deepEqual(output, { ok: false, kind: 'failed', reason: 'no such file overlay/x' });
  });

  test('end when they take too long', async () => {
    const output = await build('while :; do :; done', { jobTime: 300 });
    assert.ok(output && !output.ok && output.kind === 'failed');
    assert.match(output.reason, /took longer than 0\.3 s/);
  });

  test('do not begin when all together took too long', async () => {
    const output = await build('echo', { totalTime: 0 });
    assert.deepEqual(output, {
      ok: false,
      kind: 'late',
      reason: 'all builds together took longer than 0 s',
    });
  });

  test('fail where they print without end', async () => {
    const output = await build('while [ "$i" != xxxxxxxxxx ]; do echo 0123456789; i=x$i; done', {
      maxOutput: 50,
    });
    assert.deepEqual(output, {
      ok: false,
      kind: 'failed',
      reason: 'it makes more than 50 characters of manifests',
    });
  });

  test('are missing where there is no program', async () => {
    const outputs = await runBuilds(root, [job, { ...job, id: 'other', program: 'helm' }], { path: folder });
    assert.deepEqual(outputs.get('a job'), {
      ok: false,
      kind: 'missing',
      reason: 'there is no kustomize on this machine',
    });
    assert.equal(outputs.size, 2);
  });

  test('are looked for in no folder of the repository', async () => {
    writeFileSync(join(root, 'kustomize'), program('echo'), { mode: 0o755 });
    const outputs = await runBuilds(root, [job], { path: '.::repository' });
    assert.equal(outputs.get('a job')?.ok, false);
  });
});
