import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { run } from '../../../src/process/process.ts';
import { everyAddressIsLocal, startNode } from '../../../src/proof/containerd/namespace.ts';
import { missingForRig } from '../../differential/rig.ts';
import { debianContainerd } from '../../support/debianPackages.ts';
import { assertGone, containerdsOf, nodesOf, tracesOf } from '../../support/traces.ts';
import { nodeProgram, planOf, proveFiles } from './provedExample.ts';

const cli = join(import.meta.dirname, '../../../src/cli/main.ts');
const folder = mkdtempSync(join(tmpdir(), 'prove-cleanup-'));

/** A repository with two different nodes that pull these many images each. */
function repository(images: number): Readonly<Record<string, string>> {
  const node = (name: string, address: string): string =>
    `  - {name: ${name}, runtime: "containerd://1.7.24", mirrors: {docker.io: {endpoint: ["http://${address}:5000"]}}}\n`;
  const list = Array.from({ length: images }, (_, index) => `  - team/app-${index}:1\n`).join('');
  return { 'registries.yaml': `nodes:\n${node('a', '10.1.1.1')}${node('b', '10.1.1.2')}images:\n${list}` };
}

async function prove(
  images: number,
  environment: Readonly<Record<string, string>> = {},
): Promise<ChildProcess> {
  const root = mkdtempSync(join(folder, 'repository-'));
  for (const [path, text] of Object.entries(repository(images))) writeFileSync(join(root, path), text);
  const containerd = (await debianContainerd(['1.7'])).get('1.7');
  assert.ok(containerd);
  const args = [cli, 'prove', root, '--containerd', `${containerd.version}=${containerd.path}`];
  const stdio = ['ignore', 'ignore', 'inherit'] as const;
  return spawn(process.execPath, args, { stdio: [...stdio], env: { ...process.env, ...environment } });
}

function ended(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('close', resolve));
}

/** What of the machine a run could change. */
async function machine(): Promise<unknown> {
  const files = ['/etc/hosts', '/etc/resolv.conf', '/etc/ssl/certs/ca-certificates.crt', '/proc/mounts'];
  const network = ['address', 'link', 'route', 'rule', 'netns'].map((what) =>
    run({ file: 'ip', args: what === 'netns' ? [what] : ['-details', what] }),
  );
  const folders = [
    '/run/containerd',
    '/var/lib/containerd',
    '/var/run/docker.sock',
    '/opt/containerd',
    '/etc/cni',
  ];
  return {
    files: files.map((path) => (existsSync(path) ? readFileSync(path, 'utf8') : undefined)),
    network: (await Promise.all(network)).map(({ stdout }) => stdout.replaceAll(/valid_lft.*/g, '')),
    folders: folders.map((path) => existsSync(path)),
    temporary: readdirSync(tmpdir()).filter((name) => /^mirrorproof-\d+-\d+-\d+$/.test(name)),
  };
}

suite('nothing is left of prove', { skip: missingForRig() ?? false, timeout: 300_000 }, () => {
  after(() => rmSync(folder, { recursive: true, force: true }));

  test(
    'of a node that is stopped while it comes to be, at whatever moment',
    { timeout: 120_000 },
    async () => {
      for (let step = 0; step < 60; step += 1) {
        const node = await startNode({
          module: nodeProgram,
          programs: '/bin/true',
          routes: everyAddressIsLocal,
        });
        await sleep(step / 6);
        await node.stop();
      }
      const own = readdirSync(tmpdir()).filter((name) => name.startsWith(`mirrorproof-${process.pid}-`));
      assert.deepEqual(own, []);
    },
  );

  test('after a run to the end, which changes nothing on the machine', async () => {
    const before = await machine();
    const child = await prove(20);
    const end = ended(child);
    const traces = await nodesOf(child, 2);
    assert.equal(await end, 0);
    await assertGone(traces);
    assert.deepEqual(tracesOf(child).folders, []);
    assert.deepEqual(await machine(), before);
  });

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGKILL'] as const) {
    test(`after ${signal}`, async () => {
      const child = await prove(5000);
      const end = ended(child);
      const traces = await nodesOf(child, 2);
      child.kill(signal);
      await end;
      assert.equal(child.signalCode, signal);
      await assertGone(traces);
      if (signal !== 'SIGKILL') assert.deepEqual(tracesOf(child).folders, []);
    });
  }

  test('of a run that was killed, after the next one', async () => {
    const killed = await prove(5000);
    await nodesOf(killed, 2);
    const death = ended(killed);
    killed.kill('SIGKILL');
    await death;
    assert.equal(tracesOf(killed).folders.length, 2);
    assert.equal(await ended(await prove(1)), 0);
    assert.deepEqual(tracesOf(killed).folders, []);
  });

  test('while another run goes on, which is not disturbed', async () => {
    const [killed, other] = [await prove(5000), await prove(300)];
    const end = Promise.all([ended(killed), ended(other)]);
    const traces = await Promise.all([nodesOf(killed, 2), nodesOf(other, 2)]);
    killed.kill('SIGTERM');
    const [, status] = await end;
    assert.equal(status, 0);
    for (const each of traces) await assertGone(each);
  });

  test('after one containerd has crashed: its pulls are inconclusive', async () => {
    const child = await prove(400);
    const end = ended(child);
    const traces = await nodesOf(child, 2);
    const [victim] = containerdsOf(traces);
    process.kill(Number(victim), 'SIGKILL');
    assert.equal(await end, 3);
    await assertGone(traces);
    assert.deepEqual(tracesOf(child).folders, []);
  });

  test('where a node has no room: its pulls are inconclusive', async () => {
    const { proofs } = await proveFiles('1.7', repository(40), { disk: 1 });
    const [first] = proofs.filter(({ outcome }) => outcome.status === 'inconclusive');
    assert.ok(first);
    assert.deepEqual(
      proofs.filter(({ outcome }) => outcome.status === 'refuted'),
      [],
    );
    assert.equal(proofs.length, planOf(repository(40)).nodes.flatMap(({ pulls }) => pulls).length);
  });

  test('where the folder for temporary files is full: nothing is proved', async () => {
    const full = mkdtempSync(join(folder, 'full-'));
    const small = await prove(1);
    await ended(small);
    const script = 'mount -t tmpfs -o nr_inodes=1 none "$0" && TMPDIR="$0" exec "$@"';
    const command = ['--mount', '--propagation', 'private', 'sh', '-c', script, full, ...small.spawnargs];
    const { status, stdout } = await run({ file: 'unshare', args: command });
    assert.equal(status, 3);
    assert.match(stdout, /ENOSPC: no space left on device/);
    assert.deepEqual(readdirSync(full), []);
  });
});
