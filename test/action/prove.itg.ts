import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { suite, test } from 'node:test';
import { missingForRig } from '../differential/rig.ts';
import { filesWithVersion } from '../proof/containerd/provedExample.ts';
import { debianContainerd } from '../support/debianPackages.ts';
import { runAction, type StepResult } from '../support/runAction.ts';

const examples = join(import.meta.dirname, '../../examples');

async function proveExample(
  name: string,
  examine: (result: StepResult) => void,
  inputs: Readonly<Record<string, string>> = { prove: 'containerd' },
  edit: (text: string) => string = (text) => text,
): Promise<void> {
  const containerd = (await debianContainerd(['1.7'])).get('1.7');
  assert.ok(containerd);
  const files = Object.entries(filesWithVersion(join(examples, name), containerd.version));
  const repository = Object.fromEntries(files.map(([path, text]) => [path, edit(text)]));
  const path = [dirname(containerd.path), process.env['PATH']].join(':');
  await runAction({ repository, inputs, environment: { PATH: path } }, examine);
}

suite('the Action proves pulls', { skip: missingForRig() ?? false, timeout: 300_000 }, () => {
  test('a pull that is refuted fails the step, at the line that it comes from, once', async () => {
    await proveExample('one-node-forgotten/broken', (result) => {
      assert.equal(result.exitCode, 1, result.log);
      assert.match(result.log, /^Pulls with containerd: 3 proved, 1 refuted, 0 inconclusive\.$/m);
      assert.equal(result.outputs['refuted'], '1');
      const errors = result.commands.filter(({ command }) => command === 'error');
      assert.equal(errors.length, Number(result.outputs['errors']));
      assert.match(result.summary, /^### Proof$/m);
      assert.match(result.summary, /server gave HTTP response to HTTPS client/);
      const folder = dirname(result.outputs['report'] ?? '');
      assert.match(readFileSync(join(folder, 'proof-containerd.json'), 'utf8'), /"verdict": "refuted"/);
    });
  });

  test('what no check knows is an annotation of its own', async () => {
    const inputs = { prove: 'containerd' };
    await proveExample(
      'air-gapped-upstreams/broken',
      (result) => {
        assert.equal(result.exitCode, 1, result.log);
        assert.notEqual(result.outputs['refuted'], '0');
      },
      inputs,
    );
  });

  test('what a comment says to leave alone fails nothing, and is counted', async () => {
    const ignored = (text: string): string =>
      text.replace(/^( *)(image: 10\.10\.1\.106.*)$/m, '$1# mirrorproof-ignore: not there yet\n$1$2');
    await proveExample(
      'http-registry/broken',
      (result) => {
        assert.equal(result.exitCode, 0, result.log);
        assert.equal(result.outputs['errors'], '0');
        assert.match(result.log, /^Pulls with containerd: 2 proved, 2 refuted, 0 inconclusive\.$/m);
        assert.match(result.log, /ignored/);
      },
      { prove: 'containerd' },
      ignored,
    );
  });

  test('a sound repository passes', async () => {
    await proveExample('one-node-forgotten/fixed', (result) => {
      assert.equal(result.exitCode, 0, result.log);
      assert.equal(result.outputs['refuted'], '0');
      assert.notEqual(result.outputs['proved'], '0');
    });
  });

  test('by default the first engine that can work is taken, and one that cannot is no fault', async () => {
    await proveExample(
      'one-node-forgotten/fixed',
      (result) => {
        assert.equal(result.exitCode, 0, result.log);
        assert.match(result.log, /^Nothing was proved with kind: .+\.$/m);
        assert.match(result.log, /^Pulls with containerd: 2 proved/m);
      },
      { prove: 'auto' },
    );
  });

  test('an engine that was asked for and cannot work fails the step', async () => {
    await proveExample(
      'one-node-forgotten/fixed',
      (result) => {
        assert.equal(result.exitCode, 1, result.log);
        assert.match(result.log, /nothing was proved with kind, which the input `prove` asks for/);
      },
      { prove: 'kind' },
    );
  });
});
