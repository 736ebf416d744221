import { UserError } from '../errors.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { loadRegistries } from '../registries/load.ts';
import { noRegistries, type Registries } from '../registries/registries.ts';

/**
 * The registries.yaml of the repository: the one that was asked for, or the one nearest to the root. None is no error: then
 * every node is as containerd comes.
 */
export function findRegistries(files: RepositoryFiles, wanted: string | undefined): Registries {
  const path = wanted ?? nearest(files.paths);
  if (path === undefined) return noRegistries;
  const content = files.read(path);
  if (!content) {
    throw new UserError(
      `there is no ${path} in this folder`,
      'name the file relative to the folder that is checked',
    );
  }
  if ('unreadable' in content) throw new UserError(`${path} cannot be read: it is ${content.unreadable}`);
  return loadRegistries(path, content.text);
}

function nearest(paths: readonly string[]): string | undefined {
  const candidates = paths.filter((path) => /(^|\/)registries\.ya?ml$/.test(path));
  return candidates.sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1))[0];
}

function depth(path: string): number {
  return path.split('/').length;
}
