import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { KindEngine } from '../../../src/proof/kind/engine.ts';
import { isGone, nameOwner } from '../../../src/proof/kind/owner.ts';
import { nameRun, newRunId } from '../../../src/proof/kind/runs.ts';
import { planOf, runPlan } from '../containerd/provedExample.ts';

/** A folder with programs that are shell scripts. */
function programs(t: TestContext, scripts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'tools-'));
  t.after(() => rmSync(folder, { recursive: true }));
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return folder;
}

function engineWith(path: string): KindEngine {
  return new KindEngine({ environment: { PATH: path } });
}

suite('what the engine kind needs', () => {
  test('one sentence says what to install', async (t) => {
    const folder = programs(t, { docker: 'true' });
    assert.deepEqual(await engineWith(folder).probe(), {
      isAvailable: false,
      reason: 'install kind (https://kind.sigs.k8s.io) and kubectl (https://kubernetes.io/docs/tasks/tools)',
    });
    const availability = await engineWith('').probe();
    assert.match(
      availability.isAvailable ? '' : availability.reason,
      /^install Docker .* and kind .* and kubectl /,
    );
  });

  test('an engine of Docker that does not answer is said so', async (t) => {
    const docker = 'echo "Cannot connect to the Docker daemon" >&2; exit 1';
    const folder = programs(t, { docker, kind: 'true', kubectl: 'true' });
    assert.deepEqual(await engineWith(folder).probe(), {
      isAvailable: false,
      reason: 'the Docker engine does not answer: docker version: Cannot connect to the Docker daemon',
    });
  });

  test('where everything fails, all pulls are inconclusive, and nothing is left', async (t) => {
    const docker = 'case $1 in network) [ "$2" = ls ] || { echo "no address pool" >&2; exit 1; };; esac';
    const folder = programs(t, { docker, kind: 'exit 1', kubectl: 'exit 1' });
    const engine = engineWith(folder);
    const plan = planOf({
      'registries.yaml': 'nodes: [{name: a, runtime: "containerd://1.7.24"}]\nimages: ["quay.io/app:1"]\n',
    });
    const { proofs, controls } = await runPlan(engine, plan);
    assert.equal(proofs.length, 2);
    for (const { outcome } of proofs) {
      assert.equal(outcome.status, 'inconclusive');
      assert.match(outcome.status === 'inconclusive' ? outcome.reason : '', /no address pool/);
    }
    assert.deepEqual(controls, []);
  });
});

suite('a Docker that ends before all is removed', () => {
  test('takes away nothing of what was found out, and is said', async (t) => {
    const folder = programs(t, { docker: 'echo "no daemon" >&2; exit 1', kind: 'exit 1', kubectl: 'exit 1' });
    const engine = engineWith(folder);
    const { proofs } = await runPlan(engine, planOf({ 'registries.yaml': 'images: ["quay.io/app:1"]\n' }));
    assert.deepEqual([...new Set(proofs.map(({ outcome }) => outcome.status))], ['inconclusive']);
    await engine.dispose();
    assert.match(
      engine.notes.join('\n'),
      /^not all that the run [0-9a-f]{8} has made could be removed, .*no daemon$/m,
    );
    rmSync(nameRun(engine.runId, false).folder, { recursive: true });
  });
});

suite('what kind is told', () => {
  test('nothing of the proxies of this machine, by which its nodes would pull', async (t) => {
    const proxies = { HTTP_PROXY: 'http://proxy:3128', https_proxy: 'http://proxy:3128' };
    const kind = 'echo "told: $HTTP_PROXY$HTTPS_PROXY$http_proxy$https_proxy." >"${0%/*}/told"; exit 1';
    const folder = programs(t, { docker: '[ "$1" != run ]', kind, kubectl: 'true' });
    const engine = new KindEngine({ environment: { ...proxies, PATH: folder } });
    await runPlan(engine, planOf({ 'registries.yaml': 'images: ["quay.io/app:1"]\n' }));
    assert.equal(readFileSync(join(folder, 'told'), 'utf8'), 'told: .\n');
  });
});

suite('the owner of a run', () => {
  test('this process is there', () => assert.equal(isGone(nameOwner()), false));

  test('a process that has ended is gone, and so is everything from before a restart', async () => {
    const script =
      "import { nameOwner } from './src/proof/kind/owner.ts'; process.stdout.write(nameOwner());";
    const root = join(import.meta.dirname, '../../..');
    const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { cwd: root });
    let owner = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (owner += text));
    await new Promise((resolve) => child.once('close', resolve));
    assert.match(owner, /^[^/]+\/[^/]+\/\d+\/\d+\/\d+$/);
    assert.ok(isGone(owner));
    const [machine = '', , namespace = '', pid = '', start = ''] = nameOwner().split('/');
    assert.ok(isGone([machine, 'another-boot', namespace, pid, start].join('/')));
  });

  test('nobody can tell of an owner elsewhere', () => {
    const [, boot = '', namespace = '', pid = '', start = ''] = nameOwner().split('/');
    for (const owner of ['', 'x', ['elsewhere', boot, namespace, '1', '1'].join('/')])
      assert.equal(isGone(owner), false);
    const [machine = ''] = nameOwner().split('/');
    assert.equal(isGone([machine, boot, '1', pid, start].join('/')), false);
  });
});

suite('nameRun', () => {
  test('no id leads anywhere else', () => {
    assert.equal(nameRun(newRunId(), false).id.length, 8);
    for (const id of ['', '../../x', '1234567', '12345678\n', 'ABCDEF01'])
      assert.throws(() => nameRun(id, false));
  });
});
