import { CommandError, run, type Completed } from '../process/process.ts';

/** Git failed, or is not there. The message is one sentence without a full stop. */
export class GitError extends Error {
  override readonly name = 'GitError';
}

/** How git is started. */
export interface GitOptions {
  /** Variables besides those of this process. */
  readonly environment?: Readonly<Record<string, string>>;
  /** In milliseconds. */
  readonly time?: number;
  /** Bytes that git may print. */
  readonly output?: number;
}

/** In milliseconds. */
const defaultTime = 60_000;

/** Bytes. */
const defaultOutput = 1_000_000;

/**
 * Settings under which nothing of a repository is run: a folder in it that looks like a repository of its own is none, and
 * neither hooks nor a file monitor are started. Git LFS fetches nothing: its pointers are no files of interest.
 */
const settings = [
  'safe.bareRepository=explicit',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'filter.lfs.smudge=',
  'filter.lfs.process=',
  'filter.lfs.required=false',
].flatMap((setting) => ['-c', setting]);

/**
 * Runs git in a folder, whatever its exit status.
 *
 * @throws GitError where git is not there or takes too long.
 */
export async function tryGit(
  directory: string,
  args: readonly string[],
  { environment = {}, time = defaultTime, output = defaultOutput }: GitOptions = {},
): Promise<Completed> {
  try {
    const command = { file: 'git', args: [...settings, ...args], directory };
    return await run({ ...command, environment: { ...inherited(), ...environment } }, { time, output });
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new GitError(error.message, { cause: error });
  }
}

/**
 * Runs git in a folder and returns what it prints.
 *
 * @throws GitError with git's own words where it fails.
 */
export async function git(
  directory: string,
  args: readonly string[],
  options: GitOptions = {},
): Promise<string> {
  const completed = await tryGit(directory, args, options);
  if (completed.status === 0) return completed.stdout;
  throw new GitError(`git ${args[0]} failed: ${describeFailure(completed)}`);
}

/** The first line of what git says of its failure. */
export function describeFailure({ stderr, status }: Completed): string {
  const line = stderr.split('\n').find((text) => text.trim() !== '') ?? `it ended with status ${status}`;
  return line.replace(/^(?:fatal|error): /, '').slice(0, 500);
}

/** This process's environment without what leads git elsewhere than to the folder, as it is set within hooks. */
function inherited(): Record<string, string> {
  const own = Object.entries(process.env).flatMap(([name, value]): [string, string][] =>
    value === undefined || leading.has(name) ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(own), LC_ALL: 'C', GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };
}

const leading: ReadonlySet<string> = new Set([
  'GIT_DIR',
  'GIT_WORK_TREE',
  'GIT_INDEX_FILE',
  'GIT_PREFIX',
  'GIT_OBJECT_DIRECTORY',
  'GIT_ALTERNATE_OBJECT_DIRECTORIES',
  'GIT_COMMON_DIR',
  'GIT_NAMESPACE',
  'GIT_LITERAL_PATHSPECS',
]);
