import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { CommandError, run, start, stop, type Command } from '../../src/process/process.ts';

/** This very program, with a script. */
function node(script: string): Command {
  return { file: process.execPath, args: ['-e', script] };
}

suite('run', () => {
  test('gives what a program prints and how it ends', async () => {
    const completed = await run(node('console.log("out"); console.error("err"); process.exit(3)'));
    assert.deepEqual(completed, { status: 3, signal: null, stdout: 'out\n', stderr: 'err\n' });
  });

  test('hands the input over, and does not mind a program that does not read it', async () => {
    const { stdout } = await run(node('process.stdin.pipe(process.stdout)'), {}, 'text');
    assert.equal(stdout, 'text');
    const { status } = await run(node('process.exit(0)'), {}, 'x'.repeat(1_000_000));
    assert.equal(status, 0);
  });

  test('has no shell in between, and only the environment that is given', async () => {
    const script = 'console.log(process.argv[1], Object.keys(process.env).includes("HOME"))';
    const { stdout } = await run({
      file: process.execPath,
      args: ['-e', script, '$HOME; "'],
      environment: {},
    });
    assert.equal(stdout, '$HOME; " false\n');
  });

  test('kills a program that takes too long', async () => {
    await assert.rejects(run(node('setInterval(() => {}, 1000)'), { time: 100 }), (error: unknown) => {
      assert.ok(error instanceof CommandError);
      assert.match(error.message, /took longer than 0\.1 s and was killed$/);
      return true;
    });
  });

  test('drops what is too much, and does not block on it', async () => {
    const { status, stdout } = await run(node('process.stdout.write("x".repeat(5_000_000))'), { output: 10 });
    assert.deepEqual([status, stdout], [0, 'xxxxxxxxxx']);
  });

  test('names a program that is not there', async () => {
    await assert.rejects(
      run({ file: '/no/such/program', args: [] }),
      /^CommandError: \/no\/such\/program could not/,
    );
  });
});

suite('start and stop', () => {
  test('hands over output as it comes', async () => {
    let text = '';
    const running = start(node('console.log("ready"); setInterval(() => {}, 1000)'), {
      stdout: (more) => {
        text += more;
        running.kill('SIGTERM');
      },
    });
    assert.deepEqual(await running.exit, { status: null, signal: 'SIGTERM' });
    assert.equal(text, 'ready\n');
  });

  test('ends a program that does not care about SIGTERM', async () => {
    const script = 'process.on("SIGTERM", () => {}); console.log("ready"); setInterval(() => {}, 1000)';
    let markReady: (text: string) => void = () => undefined;
    const ready = new Promise<string>((resolve) => {
      markReady = resolve;
    });
    const running = start(node(script), { stdout: (text) => markReady(text) });
    await ready;
    assert.deepEqual(await stop(running, 50), { status: null, signal: 'SIGKILL' });
  });
});
