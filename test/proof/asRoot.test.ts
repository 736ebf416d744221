import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { text } from 'node:stream/consumers';

const source = join(import.meta.dirname, '../../src/proof/asRoot.ts');

// It says that it has begun, and at its end why.
const program = `
import { runAsRoot, watchStarter } from ${JSON.stringify(source)};
if (process.env.MIRRORPROOF_AS_ROOT !== '1') process.exitCode = await runAsRoot();
else {
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => console.log(signal));
  const wait = setInterval(() => undefined, 1000);
  const stop = watchStarter(() => {
    clearInterval(wait);
    stop();
    console.log('told to end');
  });
  console.log('begun');
}
`;

// As of root, no signal of its parent reaches what it runs.
const sudo = '#!/bin/sh\n[ "$1" = -n ] && shift\nexec setsid -w "$@"\n';

suite('runAsRoot', () => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
    test(`what runs as root is told to end by ${signal} to whoever started it`, async (t) => {
      const folder = mkdtempSync(join(tmpdir(), 'mirrorproof-as-root-'));
      t.after(() => rmSync(folder, { recursive: true }));
      const main = join(folder, 'main.mjs');
      writeFileSync(main, program);
      writeFileSync(join(folder, 'sudo'), sudo, { mode: 0o755 });
      const env = { ...process.env, PATH: `${folder}:${process.env['PATH'] ?? ''}` };
      const parent = spawn(process.execPath, [main], { env, stdio: ['ignore', 'pipe', 'inherit'] });
      const output = text(parent.stdout);
      await once(parent.stdout, 'data');
      parent.kill(signal);
      const [, ended] = await once(parent, 'exit');
      assert.equal(ended, signal);
      assert.equal(await output, 'begun\ntold to end\n');
    });
  }
});
