import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, suite, test } from 'node:test';
import { isForFork } from '../../src/github/fork.ts';

const folder = mkdtempSync(join(tmpdir(), 'fork-'));
after(() => rmSync(folder, { recursive: true }));
const file = join(folder, 'event.json');

function isFork(event: string, payload: unknown, repository = 'acme/cluster'): Promise<boolean> {
  writeFileSync(file, typeof payload === 'string' ? payload : JSON.stringify(payload));
  return isForFork({ GITHUB_EVENT_NAME: event, GITHUB_EVENT_PATH: file, GITHUB_REPOSITORY: repository });
}

const pullRequest = (name: string): unknown => ({ pull_request: { head: { repo: { full_name: name } } } });
const workflowRun = (name: string): unknown => ({ workflow_run: { head_repository: { full_name: name } } });

suite('a run is for a fork', () => {
  const cases: readonly (readonly [name: string, event: string, payload: unknown, isFork: boolean])[] = [
    ['a pull request from one', 'pull_request', pullRequest('mallory/cluster'), true],
    ['one with the rights of the repository', 'pull_request_target', pullRequest('mallory/cluster'), true],
    ['a review of one', 'pull_request_review', pullRequest('mallory/cluster'), true],
    ['a workflow after that of one', 'workflow_run', workflowRun('mallory/cluster'), true],
    [
      'a pull request from one that is gone',
      'pull_request',
      { pull_request: { head: { repo: null } } },
      true,
    ],
    ['a comment on a pull request', 'issue_comment', { issue: { pull_request: {} } }, true],
    ['an event that cannot be read', 'pull_request', '{', true],
    ['a comment that cannot be read', 'issue_comment', '', true],
    ['a pull request of the repository itself', 'pull_request', pullRequest('Acme/Cluster'), false],
    ['a workflow after one of the repository itself', 'workflow_run', workflowRun('acme/cluster'), false],
    ['a comment on an issue', 'issue_comment', { issue: {} }, false],
    ['a push', 'push', '{', false],
  ];
  for (const [name, event, payload, expected] of cases) {
    test(`${name}: ${expected}`, async () => assert.equal(await isFork(event, payload), expected));
  }

  test('where nothing says which repository it is', async () => {
    assert.equal(await isFork('pull_request', pullRequest(''), ''), true);
  });

  test('not outside of GitHub', async () => assert.equal(await isForFork({}), false));
});
