import type { ChangedLines, LineRange } from '../report/annotations.ts';
import { addedLines } from './patch.ts';
import type { PullRequest } from './pullRequest.ts';

/** The files that GitHub lists, or why it lists none. */
export type ChangedLinesResult =
  { readonly ok: true; readonly changes: ChangedLines } | { readonly ok: false; readonly reason: string };

/** Milliseconds for all pages together: the answer only ranks annotations and is not worth a longer wait. */
const timeout = 20_000;

/** Stands for a file that GitHub shows no patch of, because it is binary or the change is too large. */
const everyLine: LineRange = { first: 1, last: Number.MAX_SAFE_INTEGER };

/** Asks GitHub which lines a pull request adds or changes. Never throws: without an answer, nothing counts as changed. */
export async function listChangedLines(
  { owner, repo, number }: PullRequest,
  token: string,
): Promise<ChangedLinesResult> {
  try {
    const { getOctokit } = await import('@actions/github');
    const octokit = getOctokit(token);
    const files = await octokit.paginate(octokit.rest.pulls.listFiles, {
      owner,
      repo,
      pull_number: number,
      per_page: 100,
      request: { signal: AbortSignal.timeout(timeout) },
    });
    const changes = files.map(({ filename, patch }): [string, LineRange[]] => [
      filename,
      patch === undefined ? [everyLine] : addedLines(patch),
    ]);
    return { ok: true, changes: new Map(changes) };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.message : String(error) };
  }
}
