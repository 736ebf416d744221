import { readFile } from 'node:fs/promises';
import type { Environment } from './environment.ts';

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
  const eventFile = environment['GITHUB_EVENT_PATH'];
  if (!owner || !repo || !eventFile || !environment['GITHUB_EVENT_NAME']?.startsWith('pull_request'))
    return undefined;
  const event = property(await readJson(eventFile), 'pull_request');
  const number = property(event, 'number');
  if (typeof number !== 'number') return undefined;
  const [base, head] = ['base', 'head'].map((side) => property(property(event, side), 'sha'));
  return {
    owner,
    repo,
    number,
    ...(typeof base === 'string' && { base }),
    ...(typeof head === 'string' && { head }),
  };
}

/** What a JSON file says; undefined for a file that is missing or broken, which only some runner other than GitHub's leaves. */
async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
