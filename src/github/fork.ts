import type { Environment } from './environment.ts';
import { readEvent, valueAt } from './event.ts';

/**
 * True where the workflow runs for what somebody may have written who has no write access to the repository: a pull request
 * from a fork, whichever event tells of it. Where that cannot be made out it is taken to be so.
 */
export async function isForFork(environment: Environment): Promise<boolean> {
  const event = environment['GITHUB_EVENT_NAME'] ?? '';
  const isForPullRequest = event.startsWith('pull_request');
  if (!isForPullRequest && event !== 'workflow_run' && event !== 'issue_comment') return false;
  const payload = await readEvent(environment);
  // What a comment makes a workflow check out is its own business.
  if (event === 'issue_comment')
    return valueAt(payload, 'issue', 'pull_request') !== undefined || payload === undefined;
  const path = isForPullRequest
    ? ['pull_request', 'head', 'repo', 'full_name']
    : ['workflow_run', 'head_repository', 'full_name'];
  const repository = environment['GITHUB_REPOSITORY'] ?? '';
  // A fork that was deleted since has no name.
  const head = valueAt(payload, ...path);
  return typeof head !== 'string' || repository === '' || head.toLowerCase() !== repository.toLowerCase();
}
