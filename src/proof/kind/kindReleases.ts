import { chmod, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { DownloadError, downloadFile, type DownloadLimits } from '../downloadFile.ts';

/** A program for each architecture, by Node's name of it: the SHA-256 of what kind publishes. */
interface KindRelease {
  readonly x64: string;
  readonly arm64: string;
}

// github.com/kubernetes-sigs/kind/releases, the files kind-linux-ARCH.sha256sum
const kindReleases: Readonly<Record<string, KindRelease>> = {
  '0.29.0': {
    x64: 'c72eda46430f065fb45c5f70e7c957cc9209402ef309294821978677c8fb3284',
    arm64: '03d45095dbd9cc1689f179a3e5e5da24b77c2d1b257d7645abf1b4174bebcf2a',
  },
  '0.30.0': {
    x64: '517ab7fc89ddeed5fa65abf71530d90648d9638ef0c4cde22c2c11f8097b8889',
    arm64: '7ea2de9d2d190022ed4a8a4e3ac0636c8a455e460b9a13ccf19f15d07f4f00eb',
  },
  '0.31.0': {
    x64: 'eb244cbafcc157dff60cf68693c14c9a75c4e6e6fedaf9cd71c58117cb93e3fa',
    arm64: '8e1014e87c34901cc422a1445866835d1e666f2a61301c27e722bdeab5a1f7e4',
  },
  '0.32.0': {
    x64: '50030de23cf40a18505f20426f6a8506bedf13c6e509244bd1fa9463721b0f54',
    arm64: 'b92cd615e97585de8ddade28ed5cd7feb4248d717c233eea5b03c37298900f5d',
  },
  '0.33.0': {
    x64: 'aee6151561422756b764a4ae28e7f44cda5af5a9eead3cc9985112b1de8d8e0d',
    arm64: '20022bee6cfcd5086cb7234d218e3454e6090022f2a8f55d1fa7fcf42c3867a2',
  },
};

/** The versions of kind that can be asked for. */
export const kindVersions: readonly string[] = Object.keys(kindReleases);

/** Where a release of kind comes from. */
export interface KindSource extends DownloadLimits {
  /** Below it is `v0.33.0/kind-linux-amd64`. */
  readonly url: string;
  /** The SHA-256 of the program. */
  readonly checksum: string;
  readonly architecture: 'amd64' | 'arm64';
}

/**
 * The official program of a version.
 *
 * @throws {@link DownloadError} where there is none whose SHA-256 is known.
 */
export function kindSource(version: string): KindSource {
  const release = Object.hasOwn(kindReleases, version) ? kindReleases[version] : undefined;
  const { arch, platform } = process;
  if (!release)
    throw new DownloadError(
      `kind ${version} is none of ${kindVersions.join(', ')}, whose checksums are known`,
      true,
    );
  if (platform !== 'linux' || (arch !== 'x64' && arch !== 'arm64'))
    throw new DownloadError(`kind ${version} has no program for this machine (${platform} ${arch})`, true);
  return {
    url: 'https://github.com/kubernetes-sigs/kind/releases/download',
    checksum: release[arch],
    architecture: arch === 'x64' ? 'amd64' : 'arm64',
    maxBytes: 100_000_000,
    time: 120_000,
    tries: 3,
    pause: 1000,
  };
}

/**
 * Gets kind, unless it is there already. Of two runs at once the first one wins.
 *
 * @returns the folder with the program, for PATH.
 * @throws {@link DownloadError}
 */
export async function installKind(
  version: string,
  source: KindSource,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<string> {
  const cache = cacheFolder(environment);
  const folder = join(cache, `${version}-${source.architecture}`);
  if (await isFile(join(folder, 'kind'))) return folder;
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, '.download-'));
  try {
    const file = join(unfinished, 'kind');
    await downloadFile(
      `${source.url}/v${version}/kind-linux-${source.architecture}`,
      file,
      source.checksum,
      source,
    );
    await chmod(file, 0o755);
    await chmod(unfinished, 0o755);
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true });
    if (!(await isFile(join(folder, 'kind')))) throw error;
  }
  return folder;
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}

function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const { MIRRORPROOF_CACHE: chosen = '', RUNNER_TOOL_CACHE: tools = '' } = environment;
  if (isAbsolute(tools)) return join(tools, 'mirrorproof-kind');
  return join(chosen === '' ? join(homedir(), '.cache', 'mirrorproof') : chosen, 'kind-releases');
}
