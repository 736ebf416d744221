import { chmod, mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandError, run } from '../../process/process.ts';
import { DownloadError, downloadFile, type DownloadLimits } from '../downloadFile.ts';
import { chooseNearest } from '../nearestVersion.ts';
import type { ProofPlan } from '../plan.ts';
import { binarySources, findBinaries, versionOf, type ContainerdBinary } from './binaries.ts';
import { officialReleases, type ReleaseArchitecture } from './officialReleases.ts';
import { cachedProgram, folderOf, markerOf, type ProgramCache } from './programCache.ts';

/** Where releases come from, and how far the download of one may go. */
export interface ReleaseSource extends DownloadLimits {
  /** Below it is `v1.7.24/containerd-1.7.24-linux-amd64.tar.gz`. */
  readonly url: string;
  readonly architecture: ReleaseArchitecture;
  /** The SHA-256 of each archive, by version. What is not here is not downloaded. */
  readonly checksums: Readonly<Record<string, string>>;
  /** How many releases one run may download: a repository names the versions. */
  readonly maxReleases: number;
}

/** The releases of the containerd project; undefined where it has none for this machine. */
export function officialSource(): ReleaseSource | undefined {
  const architecture = process.platform === 'linux' ? architectures.get(process.arch) : undefined;
  return (
    architecture && {
      url: 'https://github.com/containerd/containerd/releases/download',
      architecture,
      checksums: officialReleases[architecture],
      maxBytes: 200_000_000,
      time: 180_000,
      tries: 3,
      pause: 1000,
      maxReleases: 8,
    }
  );
}

const architectures: ReadonlyMap<string, ReleaseArchitecture> = new Map([
  ['x64', 'amd64'],
  ['arm64', 'arm64'],
]);

/** What came of a download. */
export interface DownloadReport {
  readonly installed: readonly ContainerdBinary[];
  /** One sentence for each release that is not there. */
  readonly problems: readonly string[];
}

/** The versions of containerd that the nodes of a plan have, those on which nothing is to be tried apart. */
export function wantedVersions({ nodes }: ProofPlan): readonly string[] {
  return [...new Set(nodes.flatMap(({ setting, version }) => (setting.ok ? [version] : [])))];
}

/**
 * Downloads what the nodes of a plan lack, to where {@link findBinaries} then finds it.
 *
 * @param named - containerd programs that the user named.
 * @returns what is not there, one sentence each.
 */
export async function downloadMissing(
  plan: ProofPlan,
  named: readonly ContainerdBinary[],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<readonly string[]> {
  const source = officialSource();
  if (!source) {
    const machine = `${process.platform} ${process.arch}`;
    return [`containerd was not downloaded: no releases are known for this machine (${machine})`];
  }
  const sources = binarySources(named, environment);
  const [cache] = sources.caches;
  const { problems } = await downloadReleases(
    wantedVersions(plan),
    await findBinaries(sources),
    cache,
    source,
  );
  return problems;
}

/**
 * Downloads, for each wanted version, the nearest official release that is nearer than what is at hand, checks it and puts it into
 * the cache. Never rejects because of the network or the cache: whoever looks for a containerd then takes the nearest that is there.
 *
 * @param wanted - As `1.6.20` or `2.3`.
 * @param atHand - What need not be downloaded.
 */
export async function downloadReleases(
  wanted: readonly string[],
  atHand: readonly Pick<ContainerdBinary, 'version'>[],
  cache: ProgramCache,
  source: ReleaseSource,
): Promise<DownloadReport> {
  const releases = chooseReleases(wanted, atHand, source);
  const tooMany = releases.slice(source.maxReleases);
  await removeRemains(cache.folder);
  const results = await Promise.all(
    releases.slice(0, source.maxReleases).map((version) => tryInstall(version, cache, source)),
  );
  return {
    installed: results.flatMap((result) => (typeof result === 'string' ? [] : [result])),
    problems: [
      ...results.filter((result) => typeof result === 'string'),
      ...tooMany.map((version) =>
        problem(version, `one run downloads ${source.maxReleases} releases at most`),
      ),
    ],
  };
}

function chooseReleases(
  wanted: readonly string[],
  atHand: readonly Pick<ContainerdBinary, 'version'>[],
  { checksums }: ReleaseSource,
): readonly string[] {
  const here = atHand.map(({ version }) => ({ version, isRelease: false }));
  const releases = Object.keys(checksums).map((version) => ({ version, isRelease: true }));
  const chosen = wanted.flatMap((version) => {
    if (chooseNearest(version, here)?.nearness === 'same') return [];
    const nearest = chooseNearest(version, [...here, ...releases]);
    // Another major version reads other files, so that it would prove next to nothing.
    return nearest?.isRelease === true && nearest.nearness !== 'other' ? [nearest.version] : [];
  });
  return [...new Set(chosen)];
}

function problem(version: string, reason: string): string {
  return `containerd ${version} was not downloaded: ${reason}`;
}

/** The program, or why there is none, in one sentence. */
async function tryInstall(
  version: string,
  cache: ProgramCache,
  source: ReleaseSource,
): Promise<ContainerdBinary | string> {
  try {
    return { version, path: cachedProgram(cache, version) ?? (await install(version, cache, source)) };
  } catch (error) {
    if (error instanceof DownloadError || error instanceof CommandError)
      return problem(version, error.message);
    if (error instanceof Error && 'syscall' in error) return problem(version, error.message);
    throw error;
  }
}

const unfinished = '.download-';
/** In milliseconds; no download takes as long. */
const remainsAge = 3_600_000;

/** What a run that was killed has left. */
async function removeRemains(folder: string): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(unfinished))) {
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
    if (Date.now() - mtimeMs > remainsAge)
      await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

async function install(version: string, cache: ProgramCache, source: ReleaseSource): Promise<string> {
  await mkdir(cache.folder, { recursive: true });
  const folder = await mkdtemp(join(cache.folder, unfinished));
  try {
    const archive = join(folder, 'archive.tar.gz');
    await fetchArchive(version, archive, source);
    const programs = join(folder, 'programs');
    await unpack(archive, programs);
    await checkProgram(join(programs, 'containerd'), version);
    return await place(programs, version, cache);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** All at once: nobody ever sees a half of it, and of two runs the first one wins. */
async function place(programs: string, version: string, cache: ProgramCache): Promise<string> {
  const folder = folderOf(cache, version);
  await mkdir(join(folder, '..'), { recursive: true });
  const file = join(folder, 'containerd');
  await rename(programs, folder).catch(async (error: unknown) => {
    const isThere = await stat(file).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isThere) throw error;
  });
  const marker = markerOf(cache, version);
  if (marker !== undefined) await writeFile(marker, '');
  return file;
}

/** A pull needs containerd alone: neither runc nor a shim, as nothing is run. */
async function unpack(archive: string, folder: string): Promise<void> {
  await mkdir(folder);
  const args = ['-xzf', archive, '-C', folder, '--strip-components=1', '--no-same-owner', 'bin/containerd'];
  const { status, stderr } = await run({ file: 'tar', args });
  if (status !== 0) throw new DownloadError(`tar cannot unpack it: ${firstLine(stderr)}`, true);
  await chmod(join(folder, 'containerd'), 0o755);
}

async function checkProgram(file: string, version: string): Promise<void> {
  const found = await versionOf(file);
  if (found === version) return;
  const reason = found === undefined ? 'the program in it does not run on this machine' : `it is ${found}`;
  throw new DownloadError(reason, true);
}

function firstLine(text: string): string {
  return text.split('\n').find((line) => line.trim() !== '') ?? 'it says no reason';
}

async function fetchArchive(version: string, file: string, source: ReleaseSource): Promise<void> {
  const url = `${source.url}/v${version}/containerd-${version}-linux-${source.architecture}.tar.gz`;
  await downloadFile(url, file, source.checksums[version] ?? '', source);
}
