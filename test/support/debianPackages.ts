import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { run, type Completed } from '../../src/process/process.ts';

/** The release lines of containerd that Debian has, and the suites that have them. */
const suites = { '1.6': 'bookworm', '1.7': 'trixie', '2.1': 'forky' } as const;

export type ContainerdLine = keyof typeof suites;

export const containerdLines: readonly ContainerdLine[] = ['1.6', '1.7', '2.1'];

/** The suites of Debian that have kind, the oldest first. */
const kindSuites = ['trixie', 'forky'] as const;

/** A program that can be started. */
export interface InstalledProgram {
  /** As `1.6.20`. */
  readonly version: string;
  readonly path: string;
}

/** A program of Debian: its package has the same name where none is given. */
interface Program {
  readonly name: 'containerd' | 'docker-registry' | 'dockerd' | 'kind' | 'shellcheck';
  readonly package?: string;
  readonly folder?: 'usr/bin' | 'usr/sbin';
  /** The argument that makes it say its version. */
  readonly versionArgument: string;
}

const containerd: Program = { name: 'containerd', versionArgument: '--version' };
const kind: Program = { name: 'kind', versionArgument: 'version' };
const shellcheck: Program = { name: 'shellcheck', versionArgument: '--version' };
const registry: Program = { name: 'docker-registry', versionArgument: '--version' };
const dockerd: Program = {
  name: 'dockerd',
  package: 'docker.io',
  folder: 'usr/sbin',
  versionArgument: '--version',
};

/** Why a program cannot be had here, in one sentence. */
export class PackagesError extends Error {
  override readonly name = 'PackagesError';
}

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** What is missing on this machine for Debian's packages to be fetched; undefined where nothing is. */
export function missingForPackages(): string | undefined {
  if (process.platform !== 'linux') return 'these programs run on Linux only';
  if (!existsSync('/usr/bin/apt-get')) return 'apt-get is not here, so that nothing can be fetched';
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
): Promise<ReadonlyMap<ContainerdLine, InstalledProgram>> {
  const installed = await debianProgram(
    containerd,
    lines.map((line) => suites[line]),
  );
  return new Map(
    lines.flatMap((line, index) => {
      const program = installed[index];
      return program ? [[line, program]] : [];
    }),
  );
}

/**
 * Every kind that Debian has, the oldest first. Got as {@link debianContainerd} is.
 *
 * @throws PackagesError
 */
export async function debianKinds(): Promise<readonly InstalledProgram[]> {
  return debianProgram(kind, kindSuites);
}

/** @throws PackagesError */
export async function debianShellcheck(): Promise<InstalledProgram | undefined> {
  const [program] = await debianProgram(shellcheck, ['trixie']);
  return program;
}

/** @throws PackagesError */
export async function debianDockerd(): Promise<InstalledProgram | undefined> {
  const [program] = await debianProgram(dockerd, ['trixie']);
  return program;
}

/**
 * The registry of the distribution project.
 *
 * @throws PackagesError
 */
export async function debianRegistry(): Promise<InstalledProgram | undefined> {
  const [program] = await debianProgram(registry, ['trixie']);
  return program;
}

async function debianProgram(program: Program, names: readonly string[]): Promise<InstalledProgram[]> {
  const cache = join(cacheFolder(), program.name);
  const missing = names.filter((suite) => !existsSync(join(cache, suite, 'version')));
  if (missing.length > 0) await fetchProgram(program, missing, cache);
  return Promise.all(
    names.map(async (suite) => {
      const folder = join(cache, suite);
      const version = await readFile(join(folder, 'version'), 'utf8');
      return { version, path: join(folder, program.folder ?? 'usr/bin', program.name) };
    }),
  );
}

function cacheFolder(): string {
  const { MIRRORPROOF_CACHE: chosen = '' } = process.env;
  return chosen === '' ? join(homedir(), '.cache', 'mirrorproof') : chosen;
}

async function fetchProgram(program: Program, names: readonly string[], cache: string): Promise<void> {
  const problem = missingForPackages();
  if (problem !== undefined) throw new PackagesError(problem);
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'download-'));
  try {
    const apt = await prepareApt(folder, names);
    await apt('update');
    for (const suite of names) await install(program, suite, apt, folder, cache);
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

async function install(
  { name, package: packageName = name, folder: binaries = 'usr/bin', versionArgument }: Program,
  suite: string,
  apt: Apt,
  folder: string,
  cache: string,
): Promise<void> {
  const { stdout } = await apt('download', '--print-uris', `${packageName}/${suite}`);
  const [, file = ''] = /^'[^']*' (\S+)/.exec(stdout) ?? [];
  await apt('download', `${packageName}/${suite}`);
  const unpacked = join(folder, suite);
  await succeed(
    await run({ file: 'dpkg-deb', args: ['-x', file, unpacked], directory: folder }),
    'dpkg-deb -x',
  );
  const { stdout: banner } = await run({ file: join(unpacked, binaries, name), args: [versionArgument] });
  const [version] = /\b\d+\.\d+\.\d+/.exec(banner.replace(/\bv(?=\d)/, '')) ?? [];
  if (version === undefined)
    throw new PackagesError(`${name} of ${suite} does not run here: ${banner.trim()}`);
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
