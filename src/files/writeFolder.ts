import { chmodSync, existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { UserError } from '../errors.ts';

/**
 * Writes files below a folder, which is made if it is not there. Paths are relative and hold no `..`. Follows no symbolic link,
 * neither in the place of the folder nor below it: one that a repository brings along leads where it likes. Only its owner can
 * read a file that `isSecret`.
 */
export function writeFolder(
  folder: string,
  files: ReadonlyMap<string, string>,
  isSecret: (path: string) => boolean = () => false,
): void {
  try {
    makeParents(folder);
    const made = new Set<string>();
    enter(folder, made);
    for (const [path, text] of files) {
      const segments = path.split('/');
      for (const [index] of segments.slice(1).entries())
        enter(join(folder, ...segments.slice(0, index + 1)), made);
      writeRegularFile(join(folder, path), text, isSecret(path));
    }
  } catch (error) {
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new UserError(`cannot write into ${folder}: ${reason}`, undefined, { cause: error });
  }
}

/** Not by `recursive`: that never returns where the file system makes no folders, as in `/proc`. */
function makeParents(folder: string): void {
  const parent = dirname(folder);
  if (parent === folder || existsSync(parent)) return;
  makeParents(parent);
  mkdirSync(parent);
}

function enter(folder: string, made: Set<string>): void {
  if (made.has(folder)) return;
  made.add(folder);
  const known = lstatSync(folder, { throwIfNoEntry: false });
  if (!known) mkdirSync(folder);
  else if (!known.isDirectory()) throw inTheWay(folder, 'no folder');
}

function writeRegularFile(path: string, text: string, isSecret: boolean): void {
  const known = lstatSync(path, { throwIfNoEntry: false });
  if (known && !known.isFile()) throw inTheWay(path, 'no regular file');
  // Before there is anything in it.
  if (known && isSecret) chmodSync(path, ownerOnly);
  writeFileSync(path, text, isSecret ? { mode: ownerOnly } : {});
}

const ownerOnly = 0o600;

function inTheWay(path: string, what: string): UserError {
  return new UserError(
    `cannot write ${path}: what is there is ${what}`,
    'remove it, or write into another folder',
  );
}
