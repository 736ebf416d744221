import { git } from './git.ts';
import { findGitFolder } from './repository.ts';

/** Bytes. The paths of a million files. */
const maxOutput = 100_000_000;

/**
 * The files below a folder that are committed although a `.gitignore` names them, by their paths in it. Undefined where the
 * folder is part of no repository, so that no `.gitignore` has a meaning.
 *
 * @throws GitError where git is not there, or does not want to say it.
 */
export async function findKeptFiles(folder: string): Promise<readonly string[] | undefined> {
  if (!(await findGitFolder(folder))) return undefined;
  const args = ['ls-files', '--cached', '--ignored', '--exclude-per-directory=.gitignore', '-z'];
  const listed = await git(folder, args, { output: maxOutput });
  return listed.split('\0').filter((path) => path !== '');
}
