import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run } from '../../src/process/process.ts';

/** A program that Go can build from its sources at a version. */
export interface GoProgram {
  readonly name: string;
  /** Path of the package. */
  readonly package: string;
  /** As `v5.7.1`. */
  readonly version: string;
}

export const kustomizeProgram: GoProgram = {
  name: 'kustomize',
  package: 'sigs.k8s.io/kustomize/kustomize/v5',
  version: 'v5.7.1',
};

/** The folder with the program, built where it is not in the cache yet; undefined where there is no Go, or no way to its sources. */
export async function goProgramFolder(program: GoProgram): Promise<string | undefined> {
  const cache = join(cacheFolder(), program.name);
  const folder = join(cache, program.version);
  if (existsSync(join(folder, program.name))) return folder;
  await mkdir(cache, { recursive: true });
  const made = await mkdtemp(join(cache, 'build-'));
  try {
    const isBuilt = await install(program, made);
    // Another run may have been faster: then its folder stays.
    if (isBuilt && !existsSync(folder)) await rename(made, folder).catch(() => undefined);
    return existsSync(join(folder, program.name)) ? folder : undefined;
  } finally {
    await rm(made, { recursive: true, force: true });
  }
}

async function install(program: GoProgram, folder: string): Promise<boolean> {
  const environment = { ...definedEnvironment(), GOBIN: folder, GOFLAGS: '-mod=mod' };
  const args = ['install', `${program.package}@${program.version}`];
  try {
    const { status } = await run({ file: 'go', args, environment }, { time: 900_000 });
    return status === 0;
  } catch {
    return false;
  }
}

function cacheFolder(): string {
  const { MIRRORPROOF_CACHE: chosen = '' } = process.env;
  return chosen === '' ? join(homedir(), '.cache', 'mirrorproof') : chosen;
}

function definedEnvironment(): Readonly<Record<string, string>> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return Object.fromEntries(entries);
}
