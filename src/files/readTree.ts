import { lstatSync, readdirSync, type Dirent } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../errors.ts';
import { readIfRegular } from './regularFile.ts';
import type { FileContent } from './repositoryFiles.ts';

/** More files than a tree that was rendered has. */
const maxFiles = 1_000_000;

/**
 * Reads every file below a folder, by its path with forward slashes. Symbolic links are not followed, and only regular files are
 * opened: all others are unreadable.
 *
 * @throws {@link UserError} where the folder or one in it cannot be read.
 */
export function readTree(root: string): ReadonlyMap<string, FileContent> {
  const files = new Map<string, FileContent>();
  const open: string[] = [''];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    for (const entry of entriesOf(join(root, folder))) {
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) open.push(path);
      else files.set(path, readFile(join(root, path)));
    }
    if (files.size > maxFiles) throw new UserError(`${root} has more than ${maxFiles} files`);
  }
  return files;
}

function entriesOf(folder: string): readonly Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot read the folder ${folder}: ${reason}`, undefined, { cause: error });
  }
}

function readFile(path: string): FileContent {
  try {
    const stat = lstatSync(path);
    return stat.isSymbolicLink() ? { unreadable: 'a symbolic link' } : readIfRegular(path, stat);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { unreadable: 'not readable for this user' };
  }
}
