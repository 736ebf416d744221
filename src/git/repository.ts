import { describeFailure, git, GitError, tryGit } from './git.ts';

/** A folder in the work tree of a git repository. */
export interface GitFolder {
  /** Absolute path of the folder. */
  readonly folder: string;
  /** Absolute path of `.git`, or of what stands for it. */
  readonly gitDirectory: string;
  /** Path of the folder in the work tree, without a slash at its end; empty for the work tree itself. */
  readonly prefix: string;
}

/**
 * The repository that a folder belongs to; undefined where it belongs to none.
 *
 * @throws GitError where git does not want to say it, as for a repository of another user.
 */
export async function findGitFolder(folder: string): Promise<GitFolder | undefined> {
  const found = await tryGit(folder, ['rev-parse', '--is-inside-work-tree', '--absolute-git-dir']);
  if (found.status !== 0 && !/not a git repository/i.test(found.stderr))
    throw new GitError(describeFailure(found));
  if (found.status !== 0 || !found.stdout.startsWith('true\n')) return undefined;
  const gitDirectory = found.stdout.slice('true\n'.length, -1);
  const prefix = await git(folder, ['rev-parse', '--show-prefix']);
  return { folder, gitDirectory, prefix: prefix.replace(/\/?\n$/, '') };
}

/** The commit that a revision names; undefined where there is none, or where the clone does not have it. */
export async function findCommit({ folder }: GitFolder, revision: string): Promise<string | undefined> {
  if (!canBeRevision(revision)) return undefined;
  const args = ['rev-parse', '--verify', '--quiet', `${revision}^{commit}`];
  const { status, stdout } = await tryGit(folder, args);
  const commit = stdout.trim();
  return status === 0 && isObjectId(commit) ? commit : undefined;
}

/** True for a text that git cannot take for an option, nor for more than one revision. */
export function canBeRevision(text: string): boolean {
  return text !== '' && text.length <= 1000 && !text.startsWith('-') && !/\p{Cc}/u.test(text);
}

/** True for the full name of an object: SHA-1 or SHA-256. */
export function isObjectId(text: string): boolean {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/** True for a clone that does not have the whole history. */
export async function isShallow({ folder }: GitFolder): Promise<boolean> {
  return (await git(folder, ['rev-parse', '--is-shallow-repository'])).trim() === 'true';
}

/** The parents of a commit, as it names them itself: a shallow clone need not have them. */
export async function parentsOf({ folder }: GitFolder, commit: string): Promise<readonly string[]> {
  const text = await git(folder, ['cat-file', 'commit', commit]);
  const [header = ''] = text.split('\n\n', 1);
  return [...header.matchAll(/^parent ([0-9a-f]+)$/gm)].flatMap(([, parent]) => parent ?? []);
}

/** Where two histories parted; undefined where the clone does not reach back to it. */
export async function findMergeBase(
  { folder }: GitFolder,
  a: string,
  b: string,
): Promise<string | undefined> {
  const { status, stdout } = await tryGit(folder, ['merge-base', a, b]);
  const commit = stdout.trim();
  return status === 0 && isObjectId(commit) ? commit : undefined;
}

/**
 * Fetches one commit from `origin`, without history where the clone has none either.
 *
 * @param time - in milliseconds
 * @throws GitError where the server does not give it.
 */
export async function fetchCommit(where: GitFolder, commit: string, time: number): Promise<void> {
  const depth = (await isShallow(where)) ? ['--depth=1'] : [];
  const quietly = ['--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head'];
  await git(where.folder, ['fetch', ...quietly, ...depth, 'origin', commit], { time });
}
