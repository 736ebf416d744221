import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, run } from '../../process/process.ts';
import { cachedPrograms, programCaches, type ProgramCache } from './programCache.ts';

/** A containerd that can be started. */
export interface ContainerdBinary {
  /** As `1.6.20`. */
  readonly version: string;
  readonly path: string;
}

/** Where containerd is looked for. */
export interface BinarySources {
  /** What the user named: paths by version. */
  readonly named: readonly ContainerdBinary[];
  /** Folders of programs, as in PATH. */
  readonly path: readonly string[];
  /** What is downloaded goes to the first. */
  readonly caches: readonly [ProgramCache, ...ProgramCache[]];
}

/** Where containerd is looked for on this machine, besides what the user named. */
export function binarySources(
  named: readonly ContainerdBinary[],
  environment: Readonly<Record<string, string | undefined>>,
): BinarySources {
  const path = (environment['PATH'] ?? '').split(':').filter((folder) => folder.startsWith('/'));
  return { named, path, caches: programCaches(environment) };
}

/** Every containerd that there is: those that the user named count before all others of their version. */
export async function findBinaries({
  named,
  path,
  caches,
}: BinarySources): Promise<readonly ContainerdBinary[]> {
  const installed = path.map((folder) => join(folder, 'containerd')).find((file) => existsSync(file));
  const cached = (await Promise.all(caches.map(cachedPrograms))).flat();
  const found: ContainerdBinary[] = [...named];
  for (const file of [...cached, ...(installed === undefined ? [] : [installed])]) {
    const version = await versionOf(file);
    if (version !== undefined && !found.some((binary) => binary.version === version))
      found.push({ version, path: realpathSync(file) });
  }
  return found;
}

/** The version that a containerd says that it is; undefined where it does not run. */
export async function versionOf(file: string): Promise<string | undefined> {
  try {
    const { stdout } = await run({ file, args: ['--version'] }, { time: 10_000 });
    return /\bv?(\d+\.\d+\.\d+)/.exec(stdout.replace(/^\S+\s+\S+\s+/, ''))?.[1];
  } catch (error) {
    if (error instanceof CommandError) return undefined;
    throw error;
  }
}
