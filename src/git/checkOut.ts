import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { withTemporaryFolder } from '../files/temporaryFolder.ts';
import { git, tryGit } from './git.ts';
import type { GitFolder } from './repository.ts';

/** In milliseconds: as long as a checkout of a large repository takes. */
const timeLimit = 300_000;

/**
 * Hands a folder to `use` that holds what the given one held at a commit, and removes it afterwards. It is empty where the
 * commit does not have the folder. Submodules are empty folders, and files of Git LFS are their pointers. The repository and
 * its work tree are not touched.
 *
 * @throws GitError where git cannot do it.
 */
export async function withCheckOut<T>(
  where: GitFolder,
  commit: string,
  use: (folder: string) => T | Promise<T>,
): Promise<T> {
  return withTemporaryFolder(async (temporary) => {
    const files = join(temporary, 'files');
    mkdirSync(files);
    const tree = await findTree(where, commit);
    if (tree !== undefined) {
      const environment = { GIT_DIR: where.gitDirectory, GIT_INDEX_FILE: join(temporary, 'index') };
      await git(temporary, ['read-tree', tree], { environment, time: timeLimit });
      const into = { ...environment, GIT_WORK_TREE: files };
      await git(files, ['checkout-index', '--all', '--force', '--quiet'], {
        environment: into,
        time: timeLimit,
      });
    }
    return use(files);
  });
}

/** The folder at a commit; undefined where there is none, or a file in its place. */
async function findTree({ folder, prefix }: GitFolder, commit: string): Promise<string | undefined> {
  const { status, stdout } = await tryGit(folder, [
    'rev-parse',
    '--verify',
    '--quiet',
    `${commit}:${prefix}`,
  ]);
  const object = stdout.trim();
  if (status !== 0) return undefined;
  return (await git(folder, ['cat-file', '-t', object])).trim() === 'tree' ? object : undefined;
}
