import { spawn } from 'node:child_process';
import { run } from '../process/process.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Set for a process that was started as root for another one: that holds its standard input open as long as it wants it to go on. */
const startedAsRoot = 'MIRRORPROOF_AS_ROOT';

/** True where this process is root already or on a system without users. */
export function isRoot(): boolean {
  return process.getuid === undefined || process.getuid() === 0;
}

/** True where this program has started itself as root: whatever is to be done by the user was done. */
export function isStartedAsRoot(): boolean {
  return process.env[startedAsRoot] === '1';
}

/** True where `sudo` makes this user root without asking for a password, as on the machines of GitHub. */
export async function canBecomeRoot(): Promise<boolean> {
  try {
    return (await run({ file: 'sudo', args: ['-n', 'true'] }, { time: 10_000 })).status === 0;
  } catch {
    return false;
  }
}

/**
 * Starts this program once more as root, with the same arguments, and ends as it does. Returns its exit status.
 *
 * Nobody but root may send a signal to a process of root, not even its parent. So the end of its input tells it to end: that comes
 * when this process gets a signal, and also when it is killed.
 */
export async function runAsRoot(): Promise<number> {
  const { PATH = '', MIRRORPROOF_CACHE = '', RUNNER_TOOL_CACHE = '', HOME = '' } = process.env;
  const variables = { PATH, MIRRORPROOF_CACHE, RUNNER_TOOL_CACHE, HOME, [startedAsRoot]: '1' };
  const kept = Object.entries(variables).map(([name, value]) => `${name}=${value}`);
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('sudo', ['-n', 'env', ...kept, ...program], { stdio: ['pipe', 'inherit', 'inherit'] });
  child.stdin.on('error', () => {
    // It has ended already.
  });
  let received: NodeJS.Signals | undefined;
  const end = (signal: NodeJS.Signals): void => {
    received = signal;
    child.stdin.end();
  };
  for (const signal of signals) process.on(signal, end);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve(status ?? 1));
    });
  } finally {
    for (const signal of signals) process.off(signal, end);
    if (received) process.kill(process.pid, received);
  }
}

/** Calls back when whoever started this process as root wants it to end, or has ended. Returns what stops that. */
export function watchStarter(onEnd: () => void): () => void {
  if (!isStartedAsRoot()) return () => undefined;
  process.stdin.on('end', onEnd).on('error', onEnd).resume();
  return () => void process.stdin.off('end', onEnd).destroy();
}
