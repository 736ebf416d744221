import type { Exit, RunningProcess } from '../process/process.ts';

/** How a runner ends a step that is cancelled: with the first one, and some seconds later with the second. */
const signals = ['SIGINT', 'SIGTERM'] as const;

/** Waits for a program. A signal goes to it, and to this process once the program ended. */
export async function passSignals(running: RunningProcess): Promise<Exit> {
  let received: NodeJS.Signals | undefined;
  const pass = (signal: NodeJS.Signals): void => {
    received = signal;
    running.kill(signal);
  };
  for (const signal of signals) process.on(signal, pass);
  try {
    return await running.exit;
  } finally {
    for (const signal of signals) process.off(signal, pass);
    if (received) process.kill(process.pid, received);
  }
}
