import { spawn, type ChildProcessByStdio } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

/** A program to run. Never through a shell. */
export interface Command {
  /** A path, or a name that is looked up in PATH. */
  readonly file: string;
  readonly args: readonly string[];
  readonly directory?: string | undefined;
  /** The whole environment of the program; this process's own where it is absent. */
  readonly environment?: Readonly<Record<string, string>> | undefined;
  /** In a process group of its own: Ctrl-C on the terminal does not reach it, and whatever it starts is killed with it. */
  readonly hasOwnGroup?: boolean;
}

/** How far a command may go. */
export interface Limits {
  /** In milliseconds; then the program is killed. */
  readonly time: number;
  /** In characters for each of stdout and stderr; what follows is dropped. */
  readonly output: number;
}

/** How a program ended. `status` is null where a signal ended it. */
export interface Exit {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Completed extends Exit {
  readonly stdout: string;
  readonly stderr: string;
}

/** A program that could not be started, or that was killed for taking too long. */
export class CommandError extends Error {
  override readonly name = 'CommandError';
}

const defaultLimits: Limits = { time: 60_000, output: 1_000_000 };

/**
 * Runs a program to its end.
 *
 * @throws CommandError where it cannot be started or takes longer than its time limit. Its own failure is no error here: see
 * `status`.
 */
export async function run(
  command: Command,
  { time, output }: Partial<Limits> = {},
  input = '',
): Promise<Completed> {
  const limit = output ?? defaultLimits.output;
  const stdout = new LimitedText(limit);
  const stderr = new LimitedText(limit);
  const running = start(command, { stdout: (text) => stdout.add(text), stderr: (text) => stderr.add(text) });
  running.input.on('error', () => {
    // The program did not read all of its input; how it ended says what that means.
  });
  running.input.end(input);
  const milliseconds = time ?? defaultLimits.time;
  let isLate = false;
  const timer = setTimeout(() => {
    isLate = true;
    running.kill('SIGKILL');
  }, milliseconds);
  const exit = await running.exit.finally(() => clearTimeout(timer));
  if (isLate)
    throw new CommandError(`${command.file} took longer than ${milliseconds / 1000} s and was killed`);
  return { ...exit, stdout: stdout.text, stderr: stderr.text };
}

/** Who gets what a program prints. */
export interface Listeners {
  readonly stdout?: (text: string) => void;
  readonly stderr?: (text: string) => void;
}

/** A program that was started and goes on by itself. */
export interface RunningProcess {
  readonly pid: number | undefined;
  readonly input: Writable;
  /** Settles once the program ended and all that it printed was handed over. Rejects with CommandError where it did not start. */
  readonly exit: Promise<Exit>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts a program and leaves it running. */
export function start(
  { file, args, directory, environment, hasOwnGroup = false }: Command,
  listeners: Listeners = {},
): RunningProcess {
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn(file, args, {
    cwd: directory,
    env: environment,
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: hasOwnGroup,
  });
  child.stdout.setEncoding('utf8').on('data', (text: string) => listeners.stdout?.(text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => listeners.stderr?.(text));
  const exit = new Promise<Exit>((resolve, reject) => {
    child.once('error', (cause) => reject(new CommandError(`${file} could not be started`, { cause })));
    child.once('close', (status, signal) => resolve({ status, signal }));
  });
  const kill = (signal: NodeJS.Signals): void => {
    if (!hasOwnGroup || child.pid === undefined) child.kill(signal);
    else killGroup(child.pid, signal);
  };
  return { pid: child.pid, input: child.stdin, exit, kill };
}

/** Sends a signal to all processes of a group, if there are any. */
export function killGroup(leader: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-leader, signal);
  } catch (error) {
    // Nobody is left in it.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

/** Ends a program: with SIGTERM, and with SIGKILL where it is still there after a grace period in milliseconds. */
export async function stop(running: RunningProcess, grace: number): Promise<Exit> {
  running.kill('SIGTERM');
  const timer = setTimeout(() => running.kill('SIGKILL'), grace);
  return running.exit.finally(() => clearTimeout(timer));
}

/** Text that grows up to a number of characters. */
class LimitedText {
  readonly #limit: number;
  text = '';

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(more: string): void {
    this.text += more.slice(0, this.#limit - this.text.length);
  }
}
