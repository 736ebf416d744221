import { readFile } from 'node:fs/promises';
import type { Environment } from './environment.ts';

/**
 * True where the workflow runs for what somebody may have written who has no write access to the repository: a pull request
 * from a fork, whichever event tells of it. Where that cannot be made out it is taken to be so.
 */
export async function isForFork(environment: Environment): Promise<boolean> {
  const event = environment['GITHUB_EVENT_NAME'] ?? '';
  const isForPullRequest = event.startsWith('pull_request');
  if (!isForPullRequest && event !== 'workflow_run' && event !== 'issue_comment') return false;
  const payload = await readEvent(environment['GITHUB_EVENT_PATH'] ?? '');
  // What a comment makes a workflow check out is its own business.
  if (event === 'issue_comment')
    return at(payload, ['issue', 'pull_request']) !== undefined || payload === undefined;
  const path = isForPullRequest
    ? ['pull_request', 'head', 'repo', 'full_name']
    : ['workflow_run', 'head_repository', 'full_name'];
  const repository = environment['GITHUB_REPOSITORY'] ?? '';
  // A fork that was deleted since has no name.
  const head = at(payload, path);
  return typeof head !== 'string' || repository === '' || head.toLowerCase() !== repository.toLowerCase();
}

async function readEvent(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) => (typeof inner === 'object' && inner !== null ? Reflect.get(inner, name) : undefined),
    value,
  );
}
