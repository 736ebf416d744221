import { spawn } from 'node:child_process';
import { run } from '../process/process.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** True where this process is root already or on a system without users. */
export function isRoot(): boolean {
  return process.getuid === undefined || process.getuid() === 0;
}

/** True where `sudo` makes this user root without asking for a password, as on the machines of GitHub. */
export async function canBecomeRoot(): Promise<boolean> {
  try {
    return (await run({ file: 'sudo', args: ['-n', 'true'] }, { time: 10_000 })).status === 0;
  } catch {
    return false;
  }
}

/** Starts this program once more as root, with the same arguments, and ends as it does. Returns its exit status. */
export async function runAsRoot(): Promise<number> {
  const { PATH = '', MIRRORPROOF_CACHE = '', RUNNER_TOOL_CACHE = '', HOME = '' } = process.env;
  const kept = Object.entries({ PATH, MIRRORPROOF_CACHE, RUNNER_TOOL_CACHE, HOME }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const program = [process.execPath, ...process.execArgv, ...process.argv.slice(1)];
  const child = spawn('sudo', ['-n', 'env', ...kept, ...program], { stdio: 'inherit' });
  // Both get the signals of the terminal: this one waits for the other.
  const pass = (signal: NodeJS.Signals): void => void child.kill(signal);
  for (const signal of signals) process.on(signal, pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (status) => resolve(status ?? 1));
    });
  } finally {
    for (const signal of signals) process.off(signal, pass);
  }
}
