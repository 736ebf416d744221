import { existsSync, realpathSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { CommandError, run } from '../../process/process.ts';

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
  /** A folder that has for each version a folder of its name with `containerd` in it. */
  readonly cache: string;
}

/** The folder in which containerd is kept between runs. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const { MIRRORPROOF_CACHE: chosen = '' } = environment;
  const folder = chosen === '' ? join(homedir(), '.cache', 'mirrorproof') : chosen;
  return join(folder, 'containerd');
}

/** Every containerd that there is: those that the user named count before all others of their version. */
export async function findBinaries({
  named,
  path,
  cache,
}: BinarySources): Promise<readonly ContainerdBinary[]> {
  const installed = path.map((folder) => join(folder, 'containerd')).find((file) => existsSync(file));
  const versions = await readdir(cache).catch(() => []);
  const cached = versions
    .filter((name) => /^\d+\.\d+\.\d+$/.test(name))
    .map((name) => join(cache, name, 'containerd'));
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

/** A containerd for a node, and how near it is to the node's own. */
export interface ChosenBinary extends ContainerdBinary {
  /** The same version, another patch of its line, another line of its major version, or another major version. */
  readonly nearness: 'same' | 'line' | 'major' | 'other';
}

/** The nearest containerd to a version, `1.6.20` or `1.6`; the newest of those that are equally near. */
export function chooseBinary(
  version: string,
  binaries: readonly ContainerdBinary[],
): ChosenBinary | undefined {
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
