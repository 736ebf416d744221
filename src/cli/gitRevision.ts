import { UserError } from '../errors.ts';
import { GitError } from '../git/git.ts';
import { findCommit, findGitFolder, findMergeBase, isShallow, type GitFolder } from '../git/repository.ts';

/** A commit, and the folder whose state at that commit is wanted. */
export interface FolderAtCommit {
  readonly where: GitFolder;
  readonly commit: string;
}

/**
 * Where the history of what is checked out and that of a revision parted; the revision itself where the clone does not reach back to
 * that.
 *
 * @param option - which option names the revision
 * @throws {@link UserError} where there is no such commit.
 */
export async function findRevision(root: string, option: string, revision: string): Promise<FolderAtCommit> {
  return reportingGit(async () => {
    const where = await findGitFolder(root);
    if (!where) throw new UserError(`${option} wants a git repository, and ${root} is in none`);
    const named = await findCommit(where, revision);
    if (named === undefined) {
      const hint = await fetchHint(where);
      throw new UserError(`${option} ${revision} is no commit of this repository`, hint);
    }
    return { where, commit: (await findMergeBase(where, named, 'HEAD')) ?? named };
  });
}

/** What to do about a commit that is not there. */
export async function fetchHint(where: GitFolder): Promise<string> {
  return (await reportingGit(() => isShallow(where)))
    ? 'this clone is shallow: fetch the commit first, with git fetch --depth=1 origin and its name'
    : 'fetch it first if it is on a server only';
}

/** Git's failures are for who started the command to mend. */
export async function reportingGit<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof GitError) throw new UserError(error.message, undefined, { cause: error });
    throw error;
  }
}
