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

/** How near a containerd is to a node's own. */
export interface Near {
  /** The same version, another patch of its line, another line of its major version, or another major version. */
  readonly nearness: 'same' | 'line' | 'major' | 'other';
}

/** A containerd for a node. */
export type ChosenBinary = ContainerdBinary & Near;

/**
 * The nearest containerd to a version, `1.6.20` or `1.6`; the newest of those that are equally near, and of the same version the
 * first.
 */
export function chooseBinary<T extends Pick<ContainerdBinary, 'version'>>(
  version: string,
  binaries: readonly T[],
): (T & Near) | undefined {
  const wanted = numbersOf(version);
  const ranked = binaries.map((binary) => ({
    binary,
    distance: distanceBetween(wanted, numbersOf(binary.version)),
  }));
  ranked.sort(
    (a, b) =>
      compare(a.distance, b.distance) || compare(numbersOf(b.binary.version), numbersOf(a.binary.version)),
  );
  const [nearest] = ranked;
  if (!nearest) return undefined;
  const [major = 0, minor = 0, patch = 0] = nearest.distance;
  const nearness = major > 0 ? 'other' : minor > 0 ? 'major' : patch > 0 ? 'line' : 'same';
  return { ...nearest.binary, nearness };
}

/** A patch that is not known is none to be far from. */
function distanceBetween(wanted: readonly number[], found: readonly number[]): readonly number[] {
  return [0, 1, 2].map((index) => {
    const part = wanted[index];
    return part === undefined ? 0 : Math.abs(part - (found[index] ?? 0));
  });
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((part, at) => part !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
