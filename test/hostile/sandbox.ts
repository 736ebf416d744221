import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { check } from '../../src/cli/commands/check.ts';
import { explain } from '../../src/cli/commands/explain.ts';
import { images } from '../../src/cli/commands/images.ts';
import { render } from '../../src/cli/commands/render.ts';
import { describeFailure } from '../../src/cli/failure.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

/** Milliseconds within which everything has to end, also on a slow machine that has other work to do. */
const timeLimit = 90_000;

/** What a run of the command line printed, and with what it ended. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly out: string;
  readonly error: string;
}

/** A folder with a repository in it and, beside that, things that no run may touch. */
export interface Sandbox {
  /** The folder that holds the repository and what is beside it. */
  readonly parent: string;
  readonly repository: string;
  /** Writes a file of the repository. */
  readonly write: (path: string, content: string | Buffer) => void;
  /** Makes a symbolic link in the repository. */
  readonly link: (target: string, path: string) => void;
  /**
   * Runs the command line in the repository. Fails when it neither ends in time nor with an exit code of its own, and when
   * it changes anything outside of the folder `rendered` of the repository.
   */
  readonly run: (...args: readonly string[]) => CommandResult;
  /** The same without a process of its own, for tests that run very many commands. Paths have to be absolute. */
  readonly call: (command: keyof typeof commands, ...args: readonly string[]) => Promise<CommandResult>;
}

const commands = { check, explain, images, render };

/** Makes a sandbox, hands it to `examine`, and removes it. */
export async function withSandbox(examine: (sandbox: Sandbox) => void | Promise<void>): Promise<void> {
  const parent = mkdtempSync(join(tmpdir(), 'mirrorproof-hostile-'));
  const repository = join(parent, 'repository');
  const resolve = (path: string): string => {
    mkdirSync(dirname(join(repository, path)), { recursive: true });
    return join(repository, path);
  };
  try {
    mkdirSync(join(parent, 'outside'), { recursive: true });
    mkdirSync(repository);
    writeFileSync(join(parent, 'outside', 'manifest.yaml'), pod('outside.example.net/app:1'));
    writeFileSync(join(parent, 'outside', 'registries.yaml'), 'mirrors: {outside.example.net: {}}\n');
    await examine({
      parent,
      repository,
      write: (path, content) => writeFileSync(resolve(path), content),
      link: (target, path) => symlinkSync(target, resolve(path)),
      run: (...args) => keepingOthers(parent, () => run(repository, args)),
      call: async (command, ...args) => {
        const before = snapshot(parent);
        const result = await call(command, [...args, repository]);
        assert.deepEqual(snapshot(parent), before);
        return result;
      },
    });
  } finally {
    rmSync(parent, { recursive: true, force: true });
  }
}

/** A Pod with one container. */
export function pod(image: string): string {
  return `apiVersion: v1\nkind: Pod\nmetadata:\n  name: app\nspec:\n  containers:\n    - name: app\n      image: ${image}\n`;
}

function keepingOthers<T>(parent: string, act: () => T): T {
  const before = snapshot(parent);
  const result = act();
  assert.deepEqual(snapshot(parent), before);
  return result;
}

function run(repository: string, args: readonly string[]): CommandResult {
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
    cwd: repository,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'] },
    maxBuffer: 1024 ** 3,
    timeout: timeLimit,
  });
  assert.equal(signal, null, `ended by ${signal}: ${stderr.slice(-2000)}`);
  assert.ok([0, 1, 2].includes(status ?? -1), `ended with ${status}: ${stderr.slice(-2000)}`);
  return { exitCode: status, out: stdout, error: stderr };
}

async function call(command: keyof typeof commands, args: readonly string[]): Promise<CommandResult> {
  let out = '';
  const terminal = { write: (text: string) => void (out += text), hasColors: false };
  try {
    const exitCode = await commands[command].run(args, terminal);
    return { exitCode, out, error: '' };
  } catch (error) {
    const { exitCode, text } = describeFailure(error);
    assert.ok(exitCode <= 2, text);
    return { exitCode, out, error: text };
  }
}

/** Every path below a folder and what is there, but for the folder `rendered` of the repository. Names may be any bytes. */
function snapshot(folder: string): Record<string, string> {
  const found: Record<string, string> = {};
  const open = [Buffer.from(folder)];
  for (let next = open.pop(); next; next = open.pop()) {
    for (const name of readdirSync(next, { encoding: 'buffer' })) {
      const path = Buffer.concat([next, Buffer.from('/'), name]);
      if (path.equals(Buffer.from(join(folder, 'repository', 'rendered')))) continue;
      found[path.toString('latin1')] = describe(path);
      if (lstatSync(path).isDirectory()) open.push(path);
    }
  }
  return found;
}

function describe(path: Buffer): string {
  const file = lstatSync(path);
  if (file.isDirectory()) return 'a folder';
  if (file.isSymbolicLink()) return `a link to ${readlinkSync(path, 'latin1')}`;
  return file.isFile() ? createHash('sha256').update(readFileSync(path)).digest('hex') : 'something else';
}
