import { UserError } from '../errors.ts';
import { readFolder } from '../files/folder.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { GitError } from '../git/git.ts';
import { findKeptFiles } from '../git/keptFiles.ts';

/**
 * The files of the folder that somebody wants to have checked: what is committed, and what no `.gitignore` names.
 *
 * @param manifests - Globs of the manifests to read; empty for all files that are not ignored.
 * @throws {@link UserError} for a folder that cannot be read, and for a glob that stands for too much.
 */
export async function openFolder(root: string, manifests: readonly string[]): Promise<RepositoryFiles> {
  try {
    const files = readFolder(root, { manifests });
    // Git is asked only where the answer could change something.
    const kept = files.isShort ? await keptFiles(root) : [];
    return kept.length === 0 ? files : readFolder(root, { manifests, kept });
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(error.message, undefined, { cause: error });
    const reason = describe(error);
    if (reason === undefined) throw error;
    throw new UserError(`cannot read the folder ${root}: ${reason}`, undefined, { cause: error });
  }
}

async function keptFiles(root: string): Promise<readonly string[] | 'all'> {
  try {
    return (await findKeptFiles(root)) ?? 'all';
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return [];
  }
}

function describe(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code === 'ENOENT') return 'it is not there';
  return error.code === 'ENOTDIR' ? 'it is a file' : error.message;
}
