import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { deployment, registries } from '../diff/states.ts';
import { makeRepository, openRepository, type TestRepository } from '../support/gitRepository.ts';
import { runAction, type ActionStep, type StepResult } from '../support/runAction.ts';

const before = {
  'a.yaml': deployment('a', 'nginx:1'),
  'registries.yaml': registries('http://old:5000', ['k8s1']),
};
const after = { ...before, 'registries.yaml': registries('http://new:5000', ['k8s1']) };

/** What `actions/checkout` leaves in the workspace, and the commits that the event names. */
interface CheckedOut {
  readonly base: string;
  readonly head: string;
}

/**
 * A workspace as `actions/checkout` makes it for a pull request: a merge of the base, which has gone on since the event, and
 * the branch; with all history, or with none.
 */
function checkOut(workspace: string, depth: 'full' | 'shallow'): CheckedOut {
  const server = makeServer(join(workspace, '../server'));
  const base = commit(server, before);
  server.git('checkout', '--quiet', '-b', 'feature');
  const head = commit(server, after);
  server.git('checkout', '--quiet', 'main');
  // Not of the pull request.
  commit(server, { 'b.yaml': deployment('b', 'redis:7') });
  server.git('checkout', '--quiet', '--detach');
  server.git('merge', '--quiet', '--no-ff', '--message', 'merge', 'feature');
  server.git('update-ref', 'refs/pull/7/merge', 'HEAD');
  clone(server, workspace, depth);
  return { base, head };
}

function makeServer(folder: string): TestRepository {
  mkdirSync(folder);
  const server = makeRepository(folder);
  server.git('config', 'uploadpack.allowReachableSHA1InWant', 'true');
  return server;
}

function commit(repository: TestRepository, files: Readonly<Record<string, string>>): string {
  repository.write(files);
  return repository.commit();
}

function clone(server: TestRepository, workspace: string, depth: 'full' | 'shallow'): void {
  const repository = makeRepository(workspace);
  repository.git('remote', 'add', 'origin', `file://${server.folder}`);
  const options = depth === 'full' ? ['+refs/heads/*:refs/remotes/origin/*'] : ['--depth=1'];
  repository.git('fetch', '--quiet', 'origin', ...options, '+refs/pull/7/merge:refs/remotes/pull/7/merge');
  repository.git('checkout', '--quiet', '--force', 'refs/remotes/pull/7/merge');
}

function pullRequest({ base, head }: CheckedOut): NonNullable<ActionStep['event']> {
  const payload = { pull_request: { number: 7, base: { sha: base }, head: { sha: head } } };
  return { name: 'pull_request', payload };
}

function step(prepare: ActionStep['prepare'], rest: Partial<ActionStep> = {}): ActionStep {
  // Without a token GitHub is not asked for anything.
  const inputs = { 'github-token': '', ...rest.inputs };
  return { repository: {}, ...(prepare && { prepare }), ...rest, inputs };
}

function assertCompared({ exitCode, log, summary, temporary }: StepResult): void {
  assert.equal(exitCode, 0, log);
  assert.match(log, /^Compared with the base [0-9a-f]{12}: .*the pull path of [12] images? changes\.$/m);
  assert.match(summary, /^### What this change does$/m);
  assert.match(summary, /<code>http&#58;\/\/old:5000<\/code>.*<code>http&#58;\/\/new:5000<\/code>/);
  assert.doesNotMatch(summary, /added: <code>docker\.io\/library\/redis:7/);
  assert.equal(readdirSync(temporary).length, 1);
}

suite('the Action on a pull request', () => {
  for (const depth of ['full', 'shallow'] as const) {
    test(`says what it changes, and nothing that is of the base, in a ${depth} clone`, async () => {
      await runAction(
        step((workspace) => pullRequest(checkOut(workspace, depth))),
        (result) => {
          assertCompared(result);
          const repository = openRepository(join(result.temporary, '../workspace'));
          assert.equal(repository.git('status', '--porcelain'), '');
          assert.equal(repository.git('rev-parse', '--is-shallow-repository'), String(depth === 'shallow'));
        },
      );
    });
  }

  test('compares with where the branches parted where the branch itself is checked out', async () => {
    const prepare = (workspace: string): NonNullable<ActionStep['event']> => {
      const { head } = checkOut(workspace, 'full');
      const repository = openRepository(workspace);
      const base = repository.git('rev-parse', 'origin/main');
      repository.git('checkout', '--quiet', head);
      return pullRequest({ base, head });
    };
    await runAction(step(prepare), assertCompared);
  });

  test('compares the folder that it checks', async () => {
    const prepare = (workspace: string): NonNullable<ActionStep['event']> => {
      const repository = makeRepository(workspace);
      const inFolder = (files: Readonly<Record<string, string>>): Record<string, string> =>
        Object.fromEntries(Object.entries(files).map(([path, text]) => [`a b/${path}`, text]));
      const base = commit(repository, inFolder(before));
      return pullRequest({ base, head: commit(repository, inFolder(after)) });
    };
    await runAction(
      step(prepare, { inputs: { 'github-token': '', 'working-directory': 'a b' } }),
      assertCompared,
    );
  });

  test('says how to get the base where it is not to be had, and does not fail', async () => {
    const prepare = (workspace: string): NonNullable<ActionStep['event']> => {
      const commits = checkOut(workspace, 'shallow');
      renameSync(join(workspace, '../server'), join(workspace, '../gone'));
      return pullRequest(commits);
    };
    await runAction(step(prepare), ({ exitCode, log, summary }) => {
      assert.equal(exitCode, 0, log);
      const sentence =
        /^What this pull request changes is not known: this clone does not have its base [0-9a-f]{12}: give `actions\/checkout` the input `fetch-depth: 0`, or fetch the commit in a step before this one\.$/m;
      assert.match(log, sentence);
      assert.match(summary, /fetch-depth: 0/);
    });
  });

  for (const [what, prepare, reason] of [
    [
      'is no git repository',
      () => pullRequest({ base: '0'.repeat(40), head: '1'.repeat(40) }),
      /the workspace is no git repository/,
    ],
    [
      'has a base that is broken',
      (workspace) => {
        const repository = makeRepository(workspace);
        const base = commit(repository, { 'registries.yaml': 'mirrors: [\n' });
        return pullRequest({ base, head: commit(repository, after) });
      },
      /the base: registries\.yaml:\d+:\d+ /,
    ],
  ] as const satisfies readonly (readonly [string, ActionStep['prepare'], RegExp])[]) {
    test(`says so where the workspace ${what}, and does not fail`, async () => {
      await runAction(step(prepare, { repository: after }), ({ exitCode, log }) => {
        assert.equal(exitCode, 0, log);
        assert.match(log, /^What this pull request changes is not known: /m);
        assert.match(log, reason);
      });
    });
  }

  for (const [what, event] of [
    ['for a push', { name: 'push', payload: { before: '0'.repeat(40) } }],
    ['where the event names an option for git', pullRequest({ base: '--output=x', head: '' })],
  ] as const) {
    test(`says nothing of changes ${what}`, async () => {
      await runAction(step(undefined, { repository: after, event }), ({ exitCode, log, summary }) => {
        assert.equal(exitCode, 0, log);
        assert.doesNotMatch(log + summary, /this pull request|What this change does/);
      });
    });
  }

  test('masks the credentials of the base too, before it prints anything else', async () => {
    const prepare = (workspace: string): NonNullable<ActionStep['event']> => {
      const repository = makeRepository(workspace);
      const login = 'configs: {"old:5000": {auth: {username: a, password: correct-horse}}}\n';
      const base = commit(repository, { ...before, 'registries.yaml': before['registries.yaml'] + login });
      return pullRequest({ base, head: commit(repository, after) });
    };
    await runAction(step(prepare), ({ log, summary }) => {
      assert.match(log, /^::add-mask::correct-horse\n/);
      assert.equal(log.split('correct-horse').length, 2);
      assert.doesNotMatch(summary, /correct-horse/);
    });
  });
});
