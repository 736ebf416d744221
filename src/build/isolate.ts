import { CommandError, run } from '../process/process.ts';
import { findOnPath } from './tool.ts';

/** What is put in front of a program so that it can do less. */
export interface Isolation {
  /** Absolute path of a program and its arguments, or nothing. */
  readonly prefix: readonly string[];
}

/** Bytes of memory that a program may ask for; far more than the largest repositories take. */
const maxMemory = 4 * 1024 * 1024 * 1024;

/**
 * A network namespace with nothing in it, a limit of memory, and an end together with this process, as far as this machine has
 * the programs for it and lets this user have them.
 */
export async function isolate(path: string): Promise<Isolation> {
  let prefix: readonly string[] = [];
  for (const forms of [
    [
      ['unshare', '--net'],
      ['unshare', '--user', '--map-root-user', '--net'],
    ],
    [['prlimit', `--as=${maxMemory}`]],
    [['setpriv', '--pdeathsig', 'KILL']],
  ])
    prefix = [...prefix, ...(await firstUsable(forms, prefix, path))];
  return { prefix };
}

/** The first of several command lines that works behind others. */
async function firstUsable(
  forms: readonly (readonly string[])[],
  outer: readonly string[],
  path: string,
): Promise<readonly string[]> {
  for (const [name = '', ...args] of forms) {
    const file = findOnPath(name, path);
    if (file !== undefined && (await works([...outer, file, ...args], path))) return [file, ...args];
  }
  return [];
}

async function works(prefix: readonly string[], path: string): Promise<boolean> {
  const harmless = findOnPath('true', path);
  const [file, ...args] = prefix;
  if (harmless === undefined || file === undefined) return false;
  try {
    const { status } = await run({ file, args: [...args, harmless] }, { time: 10_000 });
    return status === 0;
  } catch (error) {
    if (error instanceof CommandError) return false;
    throw error;
  }
}
