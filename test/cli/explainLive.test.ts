import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { suite, test, type TestContext } from 'node:test';
import { explain } from '../../src/cli/commands/explain.ts';
import { syntheticImage } from '../../src/proof/standIn/image.ts';
import { startRegistry, type SeenRequest } from '../support/registry.ts';
import type { Rule } from '../support/registryRules.ts';

const image = syntheticImage('live');

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  assert.ok(address && typeof address === 'object');
  return address.port;
}

interface Running {
  readonly port: number;
  readonly seen: readonly SeenRequest[];
}

async function registry(context: TestContext, rules: readonly Rule[]): Promise<Running> {
  const port = await freePort();
  const seen: SeenRequest[] = [];
  const running = await startRegistry(
    { address: '127.0.0.1', port, rules },
    { image, certificate: undefined, clientAuthority: '', onRequest: (request) => void seen.push(request) },
  );
  context.after(() => running.close());
  return { port, seen };
}

function folder(context: TestContext, files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'explain-live-'));
  context.after(() => rmSync(root, { recursive: true }));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

async function run(...args: readonly string[]): Promise<string> {
  let written = '';
  const terminal = { write: (text: string): void => void (written += text), hasColors: false };
  assert.equal(await explain.run([...args, '--live'], terminal), 0);
  return written;
}

const askForLogin: Rule = {
  authorization: '',
  answer: { kind: 'reply', status: 401, headers: { 'WWW-Authenticate': 'Basic realm="registry"' } },
};

const cri = 'plugins."io.containerd.grpc.v1.cri".registry';

suite('explain --live', () => {
  test("asks as the node of a folder does, with that node's names and login, and shows no login", async (context) => {
    const { port, seen } = await registry(context, [askForLogin]);
    const root = folder(context, {
      'etc/hosts': '127.0.0.1 mirror.test\n',
      'etc/containerd/config.toml':
        `version = 2\n[${cri}]\nconfig_path = "/etc/containerd/certs.d"\n` +
        `[${cri}.configs."mirror.test:${port}".auth]\nusername = "user"\npassword = "password"\n`,
      'etc/containerd/certs.d/reg.test/hosts.toml': `[host."http://mirror.test:${port}"]\n`,
    });
    const text = await run('reg.test/app:1', '--node-root', root, '--runtime', 'containerd://1.7.24');
    const url = `http://mirror.test:${port}/v2/app/manifests/1?ns=reg.test`;
    assert.match(text, /\n {2}now\n/);
    assert.ok(text.includes(`HEAD ${url} -> 401 Unauthorized\n     HEAD ${url} -> 200 OK\n`), text);
    assert.ok(text.includes(`it is there: ${image.manifest.digest}`), text);
    assert.doesNotMatch(text, /password|dXNlcjpwYXNzd29yZA/);
    assert.deepEqual(
      seen.map(({ method, answer }) => `${method} ${answer}`),
      ['HEAD 401', 'HEAD 200'],
    );
    assert.ok(seen.at(-1)?.headers.some(([, value]) => value === 'Basic dXNlcjpwYXNzd29yZA=='));
  });

  test('asks once for nodes of one configuration, and says what came of it as JSON', async (context) => {
    const { port, seen } = await registry(context, [{ answer: { kind: 'reply', status: 404 } }]);
    const host = `127.0.0.1:${port}`;
    const root = folder(context, {
      'registries.yaml':
        `mirrors:\n  ${host}:\n    endpoint: ["http://${host}"]\n` +
        'nodes:\n  - name: one\n    runtime: containerd://2.1.9\n  - name: two\n    runtime: containerd://2.1.9\n',
    });
    const json: unknown = JSON.parse(await run(`${host}/app:1`, root, '--format', 'json'));
    const live = {
      requests: [{ method: 'HEAD', url: `http://${host}/v2/app/manifests/1`, answer: '404 Not Found' }],
      digest: null,
      error: `failed to pull and unpack image "${host}/app:1": failed to resolve image: ${host}/app:1: not found`,
    };
    const { nodes } = json as {
      readonly nodes: readonly { readonly node: string; readonly live: unknown }[];
    };
    assert.deepEqual(
      nodes.map(({ node, live: answers }) => [node, answers]),
      [
        ['one', live],
        ['two', live],
      ],
    );
    assert.equal(seen.length, 1);
  });

  test('takes a login from the environment, and says which variable is not set', async (context) => {
    const { port } = await registry(context, [askForLogin]);
    const host = `127.0.0.1:${port}`;
    const root = folder(context, {
      'registries.yaml':
        `mirrors:\n  ${host}:\n    endpoint: ["http://${host}"]\nconfigs:\n  ${host}:\n    auth:\n` +
        '      username: user\n      password: ${MIRRORPROOF_TEST_PASSWORD}\n' +
        'nodes:\n  - name: one\n    runtime: containerd://1.7.24\n',
    });
    await assert.rejects(run(`${host}/app:1`, root), /MIRRORPROOF_TEST_PASSWORD/);
    process.env['MIRRORPROOF_TEST_PASSWORD'] = 'password';
    context.after(() => delete process.env['MIRRORPROOF_TEST_PASSWORD']);
    assert.match(await run(`${host}/app:1`, root), /it is there: sha256:/);
  });

  test('says that nobody answers', async (context) => {
    const host = `127.0.0.1:${await freePort()}`;
    const root = folder(context, {
      'registries.yaml': `mirrors:\n  ${host}:\n    endpoint: ["http://${host}"]\nnodes:\n  - name: one\n    runtime: containerd://1.7.24\n`,
    });
    const text = await run(`${host}/app:1`, root);
    assert.match(text, /-> dial tcp 127\.0\.0\.1:\d+: connect: connection refused\n/);
    assert.match(text, /it cannot be pulled: failed to pull and unpack image /);
  });
});
