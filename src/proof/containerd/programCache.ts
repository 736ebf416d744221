import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** A folder in which containerd is kept between runs, each version in a folder of its own. */
export interface ProgramCache {
  readonly folder: string;
  /** `tool-cache` is what GitHub's runners keep: `VERSION/ARCHITECTURE`, and `VERSION/ARCHITECTURE.complete` beside it. */
  readonly layout: 'plain' | 'tool-cache';
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The caches of this machine. What is downloaded goes to the first: the runner's own, where there is a runner. */
export function programCaches(environment: Environment): readonly [ProgramCache, ...ProgramCache[]] {
  const { MIRRORPROOF_CACHE: chosen = '', RUNNER_TOOL_CACHE: tools = '' } = environment;
  const folder = chosen === '' ? join(homedir(), '.cache', 'mirrorproof') : chosen;
  const own: ProgramCache = { folder: join(folder, 'containerd'), layout: 'plain' };
  if (!isAbsolute(tools)) return [own];
  return [{ folder: join(tools, 'mirrorproof-containerd'), layout: 'tool-cache' }, own];
}

/** The folder of a version. */
export function folderOf({ folder, layout }: ProgramCache, version: string): string {
  // actions/toolkit packages/tool-cache/src/tool-cache.ts _createToolPath
  return layout === 'plain' ? join(folder, version) : join(folder, version, process.arch);
}

/** What says that the folder of a version is complete, besides its being there. */
// actions/toolkit packages/tool-cache/src/tool-cache.ts _completeToolPath
export function markerOf(cache: ProgramCache, version: string): string | undefined {
  return cache.layout === 'plain' ? undefined : `${folderOf(cache, version)}.complete`;
}

/** The program of a version; undefined where it is not there. */
export function cachedProgram(cache: ProgramCache, version: string): string | undefined {
  const file = join(folderOf(cache, version), 'containerd');
  const marker = markerOf(cache, version);
  return existsSync(file) && (marker === undefined || existsSync(marker)) ? file : undefined;
}

/** The programs of all versions. */
export async function cachedPrograms(cache: ProgramCache): Promise<readonly string[]> {
  const names = await readdir(cache.folder).catch(() => []);
  const versions = names.filter((name) => /^\d+\.\d+\.\d+$/.test(name));
  return versions.flatMap((version) => cachedProgram(cache, version) ?? []);
}
