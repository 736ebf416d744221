import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../../src/process/process.ts';
import type { ProofRun } from '../../../src/proof/summary.ts';
import { planOf, printProof, runPlan } from '../containerd/provedExample.ts';
import { docker, imageOptions, kindEngine, missingForKind, tracesOf } from './lab.ts';

const cli = join(import.meta.dirname, '../../../src/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'prove-kind-'));
const repository = {
  'registries.yaml':
    'mirrors: {quay.io: {endpoint: ["http://10.1.1.1:5000"]}}\nimages: ["quay.io/app:1", "quay.io/team/app:2"]\n',
};
for (const [name, text] of Object.entries(repository)) writeFileSync(join(folder, name), text);

/** A cluster of the user, with a configuration file of theirs. */
const user = { name: 'somebodys-own', kubeconfig: join(folder, 'kubeconfig') };

async function kind(...args: readonly string[]): Promise<void> {
  const { status, stderr } = await run({ file: 'kind', args }, { time: 300_000 });
  assert.equal(status, 0, stderr);
}

async function mount(file: 'mount' | 'umount', ...args: readonly string[]): Promise<void> {
  const { status, stderr } = await run({ file, args });
  assert.equal(status, 0, stderr);
}

/** What of the user's cluster and of the machine a run could change. */
async function usersState(): Promise<unknown> {
  const format = '{{.Id}} {{.State.StartedAt}} {{.NetworkSettings.Networks}} {{.Config.Labels}}';
  return {
    kubeconfig: readFileSync(user.kubeconfig, 'utf8'),
    node: await docker('inspect', '--format', format, `${user.name}-control-plane`),
    names: await docker('exec', `${user.name}-control-plane`, 'cat', '/etc/hosts', '/etc/nsswitch.conf'),
    containers: await docker('ps', '--all', '--format', '{{.Names}}'),
    networks: await docker('network', 'ls', '--format', '{{.Name}}'),
    volumes: await docker('volume', 'ls', '--quiet'),
  };
}

function prove(environment: Readonly<Record<string, string>> = {}): ChildProcess {
  const args = [cli, 'prove', folder, '--engine', 'kind', ...imageOptions];
  return spawn(process.execPath, args, {
    stdio: ['ignore', 'ignore', 'inherit'],
    env: { ...process.env, KUBECONFIG: user.kubeconfig, ...environment },
  });
}

/** What GitHub runs after the job, however that ended. */
async function runPostStep(state: Readonly<Record<string, string>>): Promise<void> {
  const args = [join(import.meta.dirname, '../../../dist/post/index.js')];
  const { status, stdout, stderr } = await run(
    { file: process.execPath, args, environment: { ...environment(), ...state } },
    { time: 300_000 },
  );
  assert.deepEqual({ status, stdout, stderr }, { status: 0, stdout: '', stderr: '' });
}

function environment(): Readonly<Record<string, string>> {
  const { PATH = '', DOCKER_HOST = '', HOME = '' } = process.env;
  return { PATH, DOCKER_HOST, HOME };
}

function ended(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('close', resolve));
}

/** The id of the only run, once there is something of it. */
async function runWith(what: 'network' | 'node' | 'event', child: ChildProcess): Promise<string> {
  for (;;) {
    assert.equal(child.exitCode, null, 'the run ended too early');
    const networks = await docker(
      'network',
      'ls',
      '--format',
      '{{.Name}}',
      '--filter',
      'label=io.mirrorproof.run',
    );
    const [, id] = /^mirrorproof-([0-9a-f]{8})$/m.exec(networks) ?? [];
    if (id !== undefined && (await hasCome(what, id))) return id;
    await sleep(50);
  }
}

async function hasCome(what: 'network' | 'node' | 'event', id: string): Promise<boolean> {
  if (what === 'network') return true;
  const node = `mirrorproof-${id}-control-plane`;
  const running = await docker('ps', '--format', '{{.Names}}', '--filter', `name=${node}`);
  if (running === '' || what === 'node') return running !== '';
  const command = ['exec', node, 'kubectl', '--kubeconfig', '/etc/kubernetes/admin.conf', 'get', 'events'];
  const args = [...command, '--namespace', 'mirrorproof', '--output', 'name'];
  const { stdout } = await run({ file: 'docker', args });
  return stdout.trim() !== '';
}

/** Kills a container of its own at a certain step. Returns what came of the run, and its id. */
async function proveAndKill(victim: string, step: RegExp): Promise<{ id: string; run: ProofRun }> {
  let killing: Promise<string> | undefined;
  const engine = kindEngine({
    onProgress: (text) => {
      if (victim !== '' && step.test(text)) killing = docker('kill', `mirrorproof-${engine.runId}-${victim}`);
    },
  });
  const proved = await runPlan(engine, planOf(repository));
  await killing;
  return { id: engine.runId, run: proved };
}

function statuses({ proofs }: ProofRun): readonly string[] {
  return [...new Set(proofs.map(({ outcome }) => outcome.status))];
}

const missing = await missingForKind();

suite(
  'nothing is left of prove in kind, and nothing else is touched',
  { skip: missing, timeout: 600_000 },
  () => {
    let untouched: unknown;

    before(async () => {
      await kind(
        'create',
        'cluster',
        '--name',
        user.name,
        '--kubeconfig',
        user.kubeconfig,
        ...imageOptions.slice(0, 2).map((text) => text.replace('--node-image', '--image')),
      );
      untouched = await usersState();
    });

    after(async () => {
      await kind('delete', 'cluster', '--name', user.name, '--kubeconfig', user.kubeconfig);
      rmSync(folder, { recursive: true, force: true });
    });

    for (const [signal, moment] of [
      ['SIGINT', 'network'],
      ['SIGTERM', 'node'],
      ['SIGINT', 'event'],
    ] as const) {
      test(`after ${signal}, sent when there is a ${moment}`, async () => {
        const child = prove();
        const end = ended(child);
        const id = await runWith(moment, child);
        child.kill(signal);
        await end;
        assert.equal(child.signalCode, signal);
        assert.deepEqual(await tracesOf(id), []);
        assert.deepEqual(await usersState(), untouched);
      });
    }

    test('where there is no place for temporary files: nothing is proved', async () => {
      const child = prove({ TMPDIR: join(folder, 'nowhere') });
      assert.equal(await ended(child), 3);
      assert.deepEqual(await usersState(), untouched);
    });

    test(
      'where the disk is full: nothing is proved',
      { skip: process.getuid?.() !== 0 && 'wants root' },
      async () => {
        const small = mkdtempSync(join(folder, 'small-'));
        // One page, which the first file of the run takes.
        await mount('mount', '-t', 'tmpfs', '-o', 'size=4k', 'tmpfs', small);
        try {
          assert.equal(await ended(prove({ TMPDIR: small })), 3);
          assert.deepEqual(readdirSync(small), []);
        } finally {
          await mount('umount', small);
        }
        assert.deepEqual(await usersState(), untouched);
      },
    );

    test('after SIGKILL, once the step after the job has run', async () => {
      const child = prove();
      const end = ended(child);
      const id = await runWith('node', child);
      child.kill('SIGKILL');
      await end;
      assert.notDeepEqual(await tracesOf(id), []);
      await runPostStep({});
      assert.notDeepEqual(await tracesOf(id), [], 'it was to do nothing without a cluster of its job');
      await runPostStep({ 'STATE_proved-with-kind': 'true' });
      assert.deepEqual(await tracesOf(id), []);
      assert.deepEqual(await usersState(), untouched);
    });

    test('what kind makes after the clean-up of its run goes with the next one', async () => {
      const id = '0000beef';
      const name = `mirrorproof-${id}`;
      await docker('network', 'create', name);
      const label = `io.x-k8s.kind.cluster=${name}`;
      const [, image = ''] = imageOptions;
      await docker('create', '--name', `${name}-control-plane`, '--label', label, '--network', name, image);
      await runPostStep({ 'STATE_proved-with-kind': 'true' });
      assert.deepEqual(await tracesOf(id), []);
      assert.deepEqual(await usersState(), untouched);
    });

    test('of three at once, two of which lose a container: their pulls are inconclusive, the other one is not disturbed', async () => {
      const [sound, withoutNode, withoutRegistry] = await Promise.all([
        proveAndKill('', /^$/),
        proveAndKill('control-plane', /kubelets/),
        proveAndKill('registry', /crictl/),
      ]);
      assert.deepEqual(statuses(sound.run), ['proved'], sound.run.proofs.map(printProof).join('\n'));
      for (const { run: hurt } of [withoutNode, withoutRegistry]) {
        assert.ok(hurt.proofs.length > 0);
        assert.ok(!statuses(hurt).includes('refuted'), hurt.proofs.map(printProof).join('\n'));
        assert.ok(statuses(hurt).includes('inconclusive'));
      }
      for (const { id } of [sound, withoutNode, withoutRegistry]) assert.deepEqual(await tracesOf(id), []);
      assert.deepEqual(await usersState(), untouched);
    });
  },
);
