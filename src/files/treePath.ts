import { lstatSync, realpathSync, statSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What version control keeps for itself; its configuration can hold credentials. Never read. */
export const versionControlFolders: ReadonlySet<string> = new Set(['.git', '.hg', '.svn']);

/** Why a link is not followed. */
export const leadsOut = 'a symbolic link that leads out of the repository';

/** Where a path leads when its links are followed: a regular file of the tree, or why it is none. Undefined: nowhere. */
export function locate(
  root: string,
  path: string,
): { path: string; reason?: undefined } | { reason: string } | undefined {
  try {
    const target = relative(root, realpathSync(join(root, path))).split(sep);
    if (target[0] === '..') return { reason: leadsOut };
    if (target.some((name) => versionControlFolders.has(name)))
      return { reason: 'a file of the version control' };
    if (!statSync(join(root, ...target)).isFile()) return { reason: 'no regular file' };
    return { path: target.join('/') };
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR')
      return { reason: describeFailure([path], error) };
    return exists(join(root, path)) ? { reason: 'a symbolic link that leads nowhere' } : undefined;
  }
}

/** True for a path that is there, also as a link that leads nowhere. */
export function exists(path: string): boolean {
  try {
    lstatSync(path);
    return true;
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return false;
  }
}

/** True for a link to a folder. */
export function leadsToFolder(link: string): boolean {
  try {
    return statSync(link).isDirectory();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    return false;
  }
}

/** True for an error of node:fs. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error && 'syscall' in error;
}

/** Why a path could not be read; fits behind "it is". */
export function describeFailure(path: readonly string[], error: NodeJS.ErrnoException): string {
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'not readable for this user';
  if (error.code === 'ELOOP') return 'a symbolic link that leads to itself';
  if (error.code === 'ENAMETOOLONG') return 'a path that is too long';
  if (path.at(-1)?.includes('\ufffd')) return 'a name that is not valid UTF-8';
  return `not readable (${error.code})`;
}
