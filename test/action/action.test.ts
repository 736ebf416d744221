import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { startGithub } from '../support/github.ts';
import { startResults } from '../support/results.ts';
import { runAction, type StepResult } from '../support/runAction.ts';

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
        - name: cart
          image: 10.10.1.106:5000/shop/cart@sha256:${'a'.repeat(64)}
`;

/** A registry over plain HTTP on a node that is told so. */
const sound = {
  'registries.yaml': `mirrors:
  10.10.1.106:5000:
    endpoint: ["http://10.10.1.106:5000"]
nodes:
  - name: k2s
    runtime: containerd://1.7.27
    configPath: /etc/containerd/certs.d
`,
  'deploy/cart.yaml': deployment,
};

/** The same, with one key that does not exist. */
const broken = { ...sound, 'registries.yaml': `${sound['registries.yaml']}mirrorz: {}\n` };

/** As many errors of one kind as asked for, in one file. */
function manyErrors(number: number): string {
  return `${sound['registries.yaml']}${Array.from({ length: number }, (_, index) => `unknown-${index}: 1\n`).join('')}`;
}

const pullRequest = { name: 'pull_request', payload: { pull_request: { number: 7 } } };

function annotations({
  commands,
}: StepResult): { severity: string; line: string | undefined; message: string }[] {
  return commands
    .filter(({ command }) => ['error', 'warning', 'notice'].includes(command))
    .map(({ command, properties, message }) => ({ severity: command, line: properties['line'], message }));
}

describe('the Action', () => {
  test('passes a sound repository and sets its outputs', async () => {
    await runAction({ repository: sound }, (result) => {
      assert.equal(result.exitCode, 0, result.log);
      assert.deepEqual(
        annotations(result).filter(({ severity }) => severity === 'error'),
        [],
      );
      assert.equal(result.outputs['errors'], '0');
      assert.ok(Number(result.outputs['images']) >= 1);
      const report: { schemaVersion: number } = JSON.parse(
        readFileSync(result.outputs['report'] ?? '', 'utf8'),
      );
      assert.equal(report.schemaVersion, 1);
      const rendered = readdirSync(
        join(result.outputs['rendered'] ?? '', 'nodes/k2s/etc/containerd/certs.d'),
      );
      assert.deepEqual(rendered, ['10.10.1.106_5000_']);
      assert.match(result.summary, /^## mirrorproof\n/);
      assert.match(result.summary, /http&#58;\/\/10\.10\.1\.106:5000/);
    });
  });

  test('fails a broken repository, with an annotation at the place and the same finding in the summary', async () => {
    await runAction({ repository: broken }, (result) => {
      assert.equal(result.exitCode, 1, result.log);
      const [error] = annotations(result);
      assert.equal(error?.severity, 'error');
      assert.equal(error.line, '8');
      assert.match(error.message, /mirrorz/);
      const { file } = result.commands.find(({ command }) => command === 'error')?.properties ?? {};
      assert.equal(file, 'registries.yaml');
      assert.equal(result.outputs['errors'], '1');
      assert.match(
        result.summary,
        /href="https:\/\/github\.com\/acme\/shop\/blob\/0123456789abcdef0123456789abcdef01234567\/registries\.yaml#L8"/,
      );
    });
  });

  test('checks the working directory, and names its files by their paths in the repository', async () => {
    const repository = Object.fromEntries(
      Object.entries(broken).map(([path, text]) => [`cluster a/${path}`, text]),
    );
    await runAction({ repository, inputs: { 'working-directory': 'cluster a' } }, (result) => {
      assert.equal(result.exitCode, 1, result.log);
      const { file } = result.commands.find(({ command }) => command === 'error')?.properties ?? {};
      assert.equal(file, 'cluster a/registries.yaml');
      assert.match(result.summary, /cluster%20a\/registries\.yaml#L8"/);
    });
  });

  test('does not fail on errors where fail-on is never', async () => {
    await runAction({ repository: broken, inputs: { 'fail-on': 'never' } }, ({ exitCode, outputs }) => {
      assert.equal(exitCode, 0);
      assert.equal(outputs['errors'], '1');
    });
  });

  test('refuses a wrong input in one sentence', async () => {
    await runAction({ repository: sound, inputs: { 'fail-on': 'warn' } }, (result) => {
      assert.equal(result.exitCode, 2);
      assert.deepEqual(annotations(result), [
        {
          severity: 'error',
          line: undefined,
          message: 'input fail-on: "warn" is none of error, warning, notice, never.',
        },
      ]);
      assert.doesNotMatch(result.log, /\n\s+at /);
    });
  });

  test('refuses a working directory outside of the workspace', async () => {
    await runAction({ repository: sound, inputs: { 'working-directory': '../..' } }, (result) => {
      assert.equal(result.exitCode, 2);
      assert.match(result.log, /working-directory: "\.\.\/\.\." lies outside of the workspace/);
    });
  });

  test('says that a named registries.yaml is missing', async () => {
    await runAction({ repository: sound, inputs: { registries: 'no/such.yaml' } }, (result) => {
      assert.equal(result.exitCode, 2);
      assert.match(result.log, /^::error title=mirrorproof::.*no\/such\.yaml/m);
    });
  });

  test('writes only into the temporary folder of the runner', async () => {
    await runAction({ repository: sound }, ({ temporary, outputs }) => {
      const [folder = '', ...others] = readdirSync(temporary);
      assert.deepEqual(others, []);
      assert.match(folder, /^mirrorproof-/);
      assert.equal(outputs['report'], join(temporary, folder, 'report.json'));
      assert.deepEqual(readdirSync(join(temporary, folder)).sort(), ['rendered', 'report.json']);
      assert.ok(!readdirSync(join(temporary, '../workspace')).includes('rendered'));
    });
  });

  test('reports a bug with its stack, in a group, and where to report it', async () => {
    const environment = { RUNNER_TEMP: '/dev/null/x' };
    await runAction({ repository: sound, environment }, (result) => {
      assert.equal(result.exitCode, 70);
      assert.match(
        result.log,
        /^::error title=mirrorproof::mirrorproof has a bug: .*https:\/\/github\.com\/\S+\/issues\/new\?/m,
      );
      assert.match(result.log, /^::group::Stack of the error\n[^]*\n\s+at [^]*::endgroup::/m);
    });
  });
});

describe('the Action and hostile repositories', () => {
  test('no text of the repository becomes a command', async () => {
    const hostile = '::stop-commands::x\n::add-mask::secret\n##[add-mask]secret\r::error::forged';
    const repository = {
      ...sound,
      'registries.yaml': `${sound['registries.yaml']}${JSON.stringify(hostile)}: 1\n`,
      'a\n::error::forged\nb/bad %0A::x.yaml': deployment.replace(
        '10.10.1.106:5000/shop',
        'UPPER::/x##[error]y',
      ),
    };
    await runAction({ repository, inputs: { 'artifact-name': '' } }, (result) => {
      assert.equal(result.exitCode, 1, result.log);
      const names = new Set(result.commands.map(({ command }) => command));
      assert.deepEqual(
        [...names].filter((name) => !['error', 'warning', 'notice', 'group', 'endgroup'].includes(name)),
        [],
      );
      assert.match(result.log, /UPPER::\/x##\\\[error\]y/);
      assert.match(result.log, /^::error file=a\\n%3A%3Aerror%3A%3Aforged\\nb\/bad %250A%3A%3Ax\.yaml,/m);
      const forged = result.commands.filter(({ message }) => message.startsWith('forged'));
      assert.deepEqual(forged, []);
      for (const { properties } of result.commands.filter(({ command }) => command === 'error')) {
        assert.match(properties['title'] ?? '', /^mirrorproof: [a-z-]+$/);
      }
    });
  });

  test('masks the credentials of registries.yaml before it prints anything else', async () => {
    const login =
      'configs:\n  10.10.1.106:5000:\n    auth: {username: robot, password: "${REGISTRY_PASSWORD}"}\n' +
      '  b.example:\n    auth: {username: robot, password: correct-horse}\n';
    const repository = { ...broken, 'registries.yaml': broken['registries.yaml'] + login };
    await runAction({ repository, environment: { REGISTRY_PASSWORD: 'hunter2-hunter2' } }, (result) => {
      assert.match(result.log, /^::add-mask::hunter2-hunter2\n::add-mask::correct-horse\n/);
      assert.equal(result.log.split('hunter2-hunter2').length, 2);
      assert.doesNotMatch(result.summary, /hunter2|correct-horse/);
      assert.doesNotMatch(readFileSync(result.outputs['report'] ?? '', 'utf8'), /hunter2|correct-horse/);
      assert.ok(annotations(result).every(({ message }) => !message.includes('correct-horse')));
    });
  });
});

describe('the Action and annotations', () => {
  test('keeps within the limits of a step and counts what shares an annotation', async () => {
    const repository = { ...sound, 'registries.yaml': manyErrors(25) };
    await runAction({ repository }, (result) => {
      const errors = annotations(result).filter(({ severity }) => severity === 'error');
      assert.ok(errors.length <= 10);
      assert.match(errors[0]?.message ?? '', /reported another 24 times in this file/);
      assert.equal(result.outputs['errors'], '25');
    });
  });

  test('prefers the lines that the pull request changes', async () => {
    const repository = { ...sound, 'registries.yaml': manyErrors(25) };
    const files = [
      ...Array.from({ length: 150 }, (_, index) => ({
        filename: `other-${index}.yaml`,
        patch: '@@ -1 +1 @@\n-a\n+b',
      })),
      { filename: 'registries.yaml', patch: '@@ -19,3 +19,4 @@\n a\n b\n+unknown-13: 1\n c' },
    ];
    const github = await startGithub({ files });
    try {
      await runAction(
        { repository, event: pullRequest, environment: { GITHUB_API_URL: github.url } },
        (result) => {
          assert.deepEqual(github.violations, []);
          assert.deepEqual(github.requests, [
            'GET /repos/acme/shop/pulls/7/files?per_page=100',
            'GET /repos/acme/shop/pulls/7/files?per_page=100&page=2',
          ]);
          assert.equal(annotations(result)[0]?.line, '21');
        },
      );
    } finally {
      await github.close();
    }
  });

  for (const status of [403, 404, 500]) {
    test(`goes on when GitHub answers ${status}, and says so once`, async () => {
      const repository = { ...sound, 'registries.yaml': manyErrors(25) };
      const github = await startGithub({ refuseWith: status });
      try {
        await runAction(
          { repository, event: pullRequest, environment: { GITHUB_API_URL: github.url } },
          (result) => {
            assert.equal(result.exitCode, 1, result.log);
            assert.equal(annotations(result)[0]?.line, '8');
            assert.equal(result.log.match(/GitHub does not list it/g)?.length, 1);
          },
        );
      } finally {
        await github.close();
      }
    });
  }

  test('asks GitHub nothing without a token', async () => {
    const repository = { ...sound, 'registries.yaml': manyErrors(25) };
    const github = await startGithub();
    try {
      const environment = { GITHUB_API_URL: github.url };
      await runAction(
        { repository, event: pullRequest, environment, inputs: { 'github-token': '' } },
        ({ exitCode, outputs }) => {
          assert.equal(exitCode, 1);
          assert.equal(outputs['errors'], '25');
          assert.deepEqual(github.requests, []);
        },
      );
    } finally {
      await github.close();
    }
  });
});

describe('the Action and its artifact', () => {
  test('uploads the report and the rendered files', async () => {
    const results = await startResults();
    try {
      await runAction({ repository: sound, environment: results.environment }, (result) => {
        assert.equal(result.exitCode, 0, result.log);
        assert.equal(result.outputs['artifact-id'], '4711');
        assert.equal(
          result.outputs['artifact-url'],
          'https://github.com/acme/shop/actions/runs/99/artifacts/4711',
        );
        assert.match(
          result.summary,
          /href="https:\/\/github\.com\/acme\/shop\/actions\/runs\/99\/artifacts\/4711"/,
        );
        const [artifact, ...others] = results.artifacts;
        assert.deepEqual(others, []);
        assert.equal(artifact?.name, 'mirrorproof');
        const rendered = 'rendered/nodes/k2s/etc/containerd';
        for (const [path, text] of artifact.files) {
          assert.deepEqual(text, readFileSync(join(dirname(result.outputs['report'] ?? ''), path)), path);
        }
        assert.ok(artifact.files.has('report.json'));
        assert.ok(artifact.files.has(`${rendered}/certs.d/10.10.1.106_5000_/hosts.toml`));
        assert.ok(artifact.files.has(`${rendered}/registry-section.toml`));
      });
    } finally {
      await results.close();
    }
  });

  for (const [why, environment, reason] of [
    ['there is no runtime token', {}, /this runner gives steps no access to artifacts/],
    [
      'it runs on GitHub Enterprise Server',
      { GITHUB_SERVER_URL: 'https://ghe.example' },
      /Enterprise Server/,
    ],
  ] as const) {
    test(`goes without when ${why}`, async () => {
      await runAction({ repository: sound, environment }, (result) => {
        assert.equal(result.exitCode, 0, result.log);
        assert.match(result.log, reason);
        assert.equal(result.outputs['artifact-id'], undefined);
        assert.ok(statSync(result.outputs['report'] ?? '').size > 0);
      });
    });
  }

  test('goes without when GitHub refuses it', async () => {
    const results = await startResults(403);
    try {
      await runAction({ repository: sound, environment: results.environment }, (result) => {
        assert.equal(result.exitCode, 0, result.log);
        assert.match(result.log, /No artifact "mirrorproof" was uploaded \(.*403/);
        assert.deepEqual(results.artifacts, []);
      });
    } finally {
      await results.close();
    }
  });

  test('uploads nothing where artifact-name is empty', async () => {
    const results = await startResults();
    try {
      await runAction(
        { repository: sound, environment: results.environment, inputs: { 'artifact-name': '' } },
        (result) => {
          assert.equal(result.exitCode, 0, result.log);
          assert.deepEqual(results.artifacts, []);
        },
      );
    } finally {
      await results.close();
    }
  });
});
