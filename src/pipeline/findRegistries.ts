import { UserError } from '../errors.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import { loadRegistries } from '../registries/load.ts';
import { noRegistries, type Registries } from '../registries/registries.ts';
import { formatPlace } from '../source/location.ts';

/** The registries.yaml of a repository, and those that were passed over for it. */
export interface FoundRegistries {
  readonly registries: Registries;
  /** Files of that name that are not read because another one is nearer to the root; none where the user chose. */
  readonly others: readonly string[];
}

/**
 * The registries.yaml of the repository: the one that was asked for, or the one nearest to the root. None is no error: then
 * every node is as containerd comes.
 *
 * @param options - `mayBeMissing`: neither is one that was asked for and is not there.
 */
export function findRegistries(
  files: RepositoryFiles,
  wanted: string | undefined,
  options: { readonly mayBeMissing?: boolean | undefined } = {},
): FoundRegistries {
  const candidates = wanted === undefined ? listCandidates(files) : [wanted];
  const [path, ...others] = candidates;
  if (path === undefined) return { registries: noRegistries, others };
  const content = files.read(path);
  if (!content) {
    if (options.mayBeMissing) return { registries: noRegistries, others: [] };
    throw new UserError(
      `there is no ${path} in this folder`,
      'name the file relative to the folder that is checked',
    );
  }
  if ('unreadable' in content) throw new UserError(`${path} cannot be read: it is ${content.unreadable}`);
  return { registries: loadRegistries(path, content.text), others };
}

/**
 * Refuses to answer from a registries.yaml that is no YAML: what a node would do without it is no answer.
 *
 * @throws {@link UserError} with the place of the mistake.
 */
export function refuseUnreadable({ problems }: Registries): void {
  const syntax = problems.find(({ kind }) => kind === 'syntax');
  if (!syntax) return;
  throw new UserError(`${formatPlace(syntax.location)} ${syntax.message}`);
}

function listCandidates({ paths, skipped }: RepositoryFiles): string[] {
  return [...paths, ...skipped.map(({ path }) => path)]
    .filter((path) => /(^|\/)registries\.ya?ml$/.test(path))
    .sort((a, b) => depth(a) - depth(b) || (a < b ? -1 : 1));
}

function depth(path: string): number {
  return path.split('/').length;
}
