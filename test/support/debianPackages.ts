import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run, type Completed } from '../../src/process/process.ts';

/** The release lines of containerd that Debian has, and the suites that have them. */
const suites = { '1.6': 'bookworm', '1.7': 'trixie', '2.1': 'forky' } as const;

export type ContainerdLine = keyof typeof suites;

export const containerdLines: readonly ContainerdLine[] = ['1.6', '1.7', '2.1'];

/** A containerd that can be started. */
export interface InstalledContainerd {
  /** As `1.6.20`. */
  readonly version: string;
  /** Of the `containerd` program. */
  readonly path: string;
}

/** Why containerd cannot be had here, in one sentence. */
export class PackagesError extends Error {
  override readonly name = 'PackagesError';
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** What is missing on this machine for Debian's packages to be fetched; undefined where nothing is. */
export function missingForPackages(): string | undefined {
  if (process.platform !== 'linux') return 'containerd runs on Linux only';
  if (!existsSync('/usr/bin/apt-get')) return 'apt-get is not here, so that no containerd can be fetched';
  if (!existsSync(keyring)) return `${keyring} is not here, so that Debian's packages cannot be trusted`;
  return undefined;
}

/**
 * The containerd of Debian's suites, from the cache or from the machine's own mirror of Debian. The machine's apt is only
 * asked for the address of that mirror: lists, cache and packages are kept in a folder of their own.
 *
 * @throws PackagesError
 */
export async function debianContainerd(
  lines: readonly ContainerdLine[],
): Promise<ReadonlyMap<ContainerdLine, InstalledContainerd>> {
  const cache = join(cacheFolder(), 'containerd');
  const missing = lines.filter((line) => !existsSync(join(cache, suites[line], 'version')));
  if (missing.length > 0) await fetchContainerd(missing, cache);
  const installed = lines.map(async (line): Promise<[ContainerdLine, InstalledContainerd]> => {
    const folder = join(cache, suites[line]);
    const version = await readFile(join(folder, 'version'), 'utf8');
    return [line, { version, path: join(folder, 'usr/bin/containerd') }];
  });
  return new Map(await Promise.all(installed));
}

function cacheFolder(): string {
  const { MIRRORPROOF_CACHE: chosen = '' } = process.env;
  return chosen === '' ? join(homedir(), '.cache', 'mirrorproof') : chosen;
}

async function fetchContainerd(lines: readonly ContainerdLine[], cache: string): Promise<void> {
  const problem = missingForPackages();
  if (problem !== undefined) throw new PackagesError(problem);
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'download-'));
  try {
    const apt = await prepareApt(
      folder,
      lines.map((line) => suites[line]),
    );
    await apt('update');
    for (const line of lines) await install(suites[line], apt, folder, cache);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Apt = (...args: readonly string[]) => Promise<Completed>;

/** apt with a root of its own below `folder`. */
async function prepareApt(folder: string, names: readonly string[]): Promise<Apt> {
  const site = await mirrorAddress();
  await mkdir(join(folder, 'state/lists/partial'), { recursive: true });
  await mkdir(join(folder, 'cache/archives/partial'), { recursive: true });
  await writeFile(join(folder, 'state/status'), '');
  const sources = names.map((suite) => `deb [signed-by=${keyring}] ${site} ${suite} main\n`);
  await writeFile(join(folder, 'sources.list'), sources.join(''));
  const settings = {
    'Dir::State': join(folder, 'state'),
    'Dir::State::status': join(folder, 'state/status'),
    'Dir::Cache': join(folder, 'cache'),
    'Dir::Etc::SourceList': join(folder, 'sources.list'),
    'Dir::Etc::SourceParts': '/dev/null',
    'Dir::Etc::Parts': '/dev/null',
    'APT::Sandbox::User': 'root',
    'Acquire::Languages': 'none',
    // The index of a suite in the making is served after its date at times.
    'Acquire::Check-Valid-Until': 'false',
  };
  const configuration = join(folder, 'apt.conf');
  const lines = Object.entries(settings).map(([key, value]) => `${key} "${value}";\n`);
  await writeFile(configuration, lines.join(''));
  return (...args) => runApt(args, folder, { ...definedEnvironment(), APT_CONFIG: configuration });
}

/** The address of the mirror of Debian that this machine uses. */
async function mirrorAddress(): Promise<string> {
  const format = ['--format', '$(SITE) $(RELEASE)', 'Created-By: Packages'];
  const { stdout } = await runApt(['indextargets', ...format], '/', definedEnvironment());
  const targets = stdout.split('\n').map((line) => line.split(' '));
  const [site] = targets.find(([, release = '-']) => !release.includes('-')) ?? [];
  if (site === undefined || site === '')
    throw new PackagesError('apt knows no mirror of Debian on this machine');
  return site;
}

async function install(suite: string, apt: Apt, folder: string, cache: string): Promise<void> {
  const { stdout } = await apt('download', '--print-uris', `containerd/${suite}`);
  const [, file = ''] = /^'[^']*' (\S+)/.exec(stdout) ?? [];
  await apt('download', `containerd/${suite}`);
  const unpacked = join(folder, suite);
  await succeed(
    await run({ file: 'dpkg-deb', args: ['-x', file, unpacked], directory: folder }),
    'dpkg-deb -x',
  );
  const { stdout: banner } = await run({ file: join(unpacked, 'usr/bin/containerd'), args: ['--version'] });
  const [version] = /\b\d+\.\d+\.\d+/.exec(banner) ?? [];
  if (version === undefined)
    throw new PackagesError(`containerd of ${suite} does not run here: ${banner.trim()}`);
  await writeFile(join(unpacked, 'version'), version);
  // Another run may have been faster: then its folder stays.
  await rename(unpacked, join(cache, suite)).catch((error: unknown) => {
    if (!existsSync(join(cache, suite, 'version'))) throw error;
  });
}

async function runApt(
  args: readonly string[],
  directory: string,
  environment: Readonly<Record<string, string>>,
): Promise<Completed> {
  const completed = await run(
    { file: 'apt-get', args: ['--quiet', ...args], directory, environment },
    { time: 300_000 },
  );
  return succeed(completed, `apt-get ${args.join(' ')}`);
}

async function succeed(completed: Completed, what: string): Promise<Completed> {
  if (completed.status === 0) return completed;
  const [reason = 'no reason given'] = completed.stderr
    .split('\n')
    .filter((line) => line !== '')
    .slice(-1);
  throw new PackagesError(`${what} failed: ${reason}`);
}

function definedEnvironment(): Readonly<Record<string, string>> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined,
  );
  return { ...Object.fromEntries(entries), LC_ALL: 'C' };
}
