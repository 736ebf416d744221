import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const endings = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Hands a new folder to `use`, and removes it afterwards: also where `use` fails, and where a signal ends the process.
 */
export async function withTemporaryFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'mirrorproof-'));
  const remove = (): void => rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  const end = (signal: NodeJS.Signals): void => {
    remove();
    stopListening();
    process.kill(process.pid, signal);
  };
  const stopListening = (): void => {
    for (const signal of endings) process.off(signal, end);
  };
  for (const signal of endings) process.on(signal, end);
  try {
    return await use(folder);
  } finally {
    stopListening();
    remove();
  }
}
