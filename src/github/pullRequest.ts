import type { Environment } from './environment.ts';
import { readEvent, valueAt } from './event.ts';

/** A pull request of a repository. */
export interface PullRequest {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
  /** Commit of the branch that it is for, as the event names it. */
  readonly base?: string;
  /** Its own last commit. */
  readonly head?: string;
}

/** The pull request for which the workflow runs; undefined when it runs for something else. */
export async function readPullRequest(environment: Environment): Promise<PullRequest | undefined> {
  const [owner, repo] = (environment['GITHUB_REPOSITORY'] ?? '').split('/');
  if (!owner || !repo || !environment['GITHUB_EVENT_NAME']?.startsWith('pull_request')) return undefined;
  const event = valueAt(await readEvent(environment), 'pull_request');
  const number = valueAt(event, 'number');
  if (typeof number !== 'number') return undefined;
  const [base, head] = ['base', 'head'].map((side) => valueAt(event, side, 'sha'));
  return {
    owner,
    repo,
    number,
    ...(typeof base === 'string' && { base }),
    ...(typeof head === 'string' && { head }),
  };
}
