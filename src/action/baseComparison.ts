import type { Difference } from '../diff/difference.ts';
import { withCheckOut } from '../git/checkOut.ts';
import { GitError } from '../git/git.ts';
import {
  fetchCommit,
  findCommit,
  findGitFolder,
  findMergeBase,
  isObjectId,
  parentsOf,
  type GitFolder,
} from '../git/repository.ts';
import type { Environment } from '../github/environment.ts';
import { readPullRequest } from '../github/pullRequest.ts';
import { onlyNewFindings } from '../pipeline/changedFindings.ts';
import { compareBase } from '../pipeline/compareBase.ts';
import type { Analysis } from '../pipeline/run.ts';
import type { Report } from '../report/report.ts';
import { UserError } from '../errors.ts';
import type { Inputs } from './inputs.ts';
import { maskSecrets } from './secrets.ts';

/** How a pull request differs from its base; why that is not known, in one sentence; or nothing where there is none. */
export type BaseComparison =
  | {
      readonly kind: 'compared';
      readonly base: string;
      readonly difference: Difference;
      /** The report with what the pull request causes only. */
      readonly changed: Report;
    }
  | { readonly kind: 'unknown'; readonly reason: string }
  | { readonly kind: 'none' };

/** In milliseconds: one commit without its history. */
const fetchTime = 60_000;

const howToFetch =
  'give `actions/checkout` the input `fetch-depth: 0`, or fetch the commit in a step before this one';

/** Compares what was analysed with the base of the pull request, where the run is for one. Never throws. */
export async function compareWithBase(
  head: Analysis,
  inputs: Inputs,
  environment: Environment,
): Promise<BaseComparison> {
  const pullRequest = await readPullRequest(environment);
  const { base: target = '', head: own = '' } = pullRequest ?? {};
  if (!isObjectId(target)) return { kind: 'none' };
  try {
    const where = await findGitFolder(inputs.root);
    if (!where) return unknown('the workspace is no git repository: check it out with `actions/checkout`');
    const base = await findBase(where, target, own);
    if (!(await isAvailable(where, base)))
      return unknown(`this clone does not have its base ${base.slice(0, 12)}: ${howToFetch}`);
    return await withCheckOut(where, base, async (folder) => {
      const compared = await compareBase(head, folder, inputs);
      maskSecrets(compared.base.registries, environment);
      const name = base.slice(0, 12);
      // It reads files of the base, which is gone afterwards.
      const changed = onlyNewFindings(head, compared.base, name);
      return { kind: 'compared', base: name, difference: compared.difference, changed };
    });
  } catch (error) {
    return unknown(describeError(error));
  }
}

function unknown(reason: string): BaseComparison {
  return { kind: 'unknown', reason };
}

function describeError(error: unknown): string {
  if (error instanceof UserError) return [error.message, error.hint].filter(Boolean).join(': ');
  if (error instanceof GitError) return error.message;
  return `this is a bug of mirrorproof: ${error instanceof Error ? error.message : String(error)}`;
}

/**
 * The state without the pull request. GitHub checks out a merge of the two branches, whose first parent is the base as it was
 * merged; where something else is checked out, it is where the branches parted, or else the branch that it is for.
 */
async function findBase(where: GitFolder, target: string, own: string): Promise<string> {
  const [first, second] = await parentsOf(where, 'HEAD');
  if (first !== undefined && second === own) return first;
  return (await findMergeBase(where, target, 'HEAD')) ?? target;
}

/** True where the clone has the commit, fetched or not. */
async function isAvailable(where: GitFolder, commit: string): Promise<boolean> {
  if ((await findCommit(where, commit)) !== undefined) return true;
  try {
    await fetchCommit(where, commit, fetchTime);
  } catch (error) {
    if (!(error instanceof GitError)) throw error;
    return false;
  }
  return (await findCommit(where, commit)) !== undefined;
}
