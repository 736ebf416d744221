import { UserError } from '../errors.ts';
import { readFolder } from '../files/folder.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';

/**
 * The files of the folder that somebody wants to have checked.
 *
 * @param manifests - Globs of the manifests to read; empty for all files that are not ignored.
 * @throws {@link UserError} for a folder that cannot be read, and for a glob that stands for too much.
 */
export function openFolder(root: string, manifests: readonly string[]): RepositoryFiles {
  try {
    return readFolder(root, { manifests });
  } catch (error) {
    if (error instanceof RangeError) throw new UserError(error.message, undefined, { cause: error });
    const reason = describe(error);
    if (reason === undefined) throw error;
    throw new UserError(`cannot read the folder ${root}: ${reason}`, undefined, { cause: error });
  }
}

function describe(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  if (error.code === 'ENOENT') return 'it is not there';
  return error.code === 'ENOTDIR' ? 'it is a file' : error.message;
}
