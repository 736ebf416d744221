import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, suite, test } from 'node:test';
import { explain } from '../../src/cli/commands/explain.ts';
import { UserError } from '../../src/errors.ts';

const goldens = join(import.meta.dirname, '..', 'golden', 'explain');

const cri = 'plugins."io.containerd.grpc.v1.cri"';
const nodeFiles: Readonly<Record<string, string>> = {
  'etc/hostname': 'worker-9\n',
  'etc/containerd/config.toml':
    `version = 2\nsandbox_image = "reg.test/pause:3.9"\n[${cri}.registry]\n` +
    'config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"\n' +
    `[${cri}.registry.configs."reg.test:5000".tls]\ninsecure_skip_verify = true\n`,
  'etc/containerd/certs.d/docker.io/hosts.toml':
    'server = "https://registry-1.docker.io"\n[host."http://10.0.0.1:5000"]\ncapabilities = ["pull", "resolve"]\nplain_http = true\n',
  'etc/containerd/certs.d/reg.test_5000_/hosts.toml': '[host."https://m.test"]\nca = "ca.crt"\n',
  'etc/containerd/certs.d/own.test/hosts.toml':
    '[host."https://m.test"]\nclient = [["own.crt", "own.key"]]\n',
  'etc/containerd/certs.d/own.test/own.crt': '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
  'etc/containerd/certs.d/own.test/own.key': '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n',
  'etc/containerd/conf.d/team.toml': 'version = 2\n',
  'etc/docker/daemon.json':
    '{"registry-mirrors": ["https://hub.test"], "insecure-registries": ["http://reg.test:5000"]}\n',
  'etc/rancher/k3s/registries.yaml':
    'mirrors:\n  docker.io:\n    endpoint: ["https://hub.test/v2/proxy"]\ninsecure: true\n',
};

const root = mkdtempSync(join(tmpdir(), 'node-root-'));
after(() => rmSync(root, { recursive: true }));
for (const [path, text] of Object.entries(nodeFiles)) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

async function run(...args: readonly string[]): Promise<string> {
  let written = '';
  const terminal = { write: (text: string): void => void (written += text), hasColors: false };
  assert.equal(await explain.run(args, terminal), 0);
  return written;
}

suite('explain --node-root', () => {
  const cases = [
    ['containerd-1.7', 'nginx', 'containerd://1.7.24'],
    ['containerd-2.0', 'nginx', 'containerd://2.0.11'],
    ['containerd-2.0-ca', 'reg.test:5000/app:1', 'containerd://2.0.11'],
    ['k3s', 'nginx', 'k3s://1.7.23'],
    ['docker', 'reg.test:5000/app:1', 'docker://28.1.1'],
  ] as const;
  for (const [name, image, runtime] of cases) {
    test(`${image} on ${runtime}, as text`, async (context) => {
      const text = await run(image, '--node-root', root, '--runtime', runtime);
      context.assert.fileSnapshot(text, join(goldens, `${name}.txt`), { serializers: [String] });
    });
  }

  test('a client certificate is named', async () => {
    const text = await run('own.test/app:1', '--node-root', root, '--runtime', 'containerd://2.0.11');
    assert.match(text, /client certificate \/etc\/containerd\/certs\.d\/own\.test\/own\.crt$/m);
  });

  test('a refused file and what is ignored, as JSON', async () => {
    const json: unknown = JSON.parse(
      await run('nginx', '--node-root', root, '--runtime', 'containerd://1.7.24', '--format', 'json'),
    );
    const { nodes, ...rest } = json as {
      nodes: readonly { readonly error: string; readonly attempts: unknown }[];
    };
    assert.deepEqual(rest, {
      image: 'nginx',
      reference: { domain: 'docker.io', path: 'library/nginx', tag: 'latest', digest: null },
      startupError: 'invalid plugin config: `configs.tls` cannot be set when `config_path` is provided',
      startupErrorAt: { file: 'etc/containerd/config.toml', line: 5, column: 55 },
      ignored: [
        {
          file: 'etc/containerd/config.toml',
          line: 2,
          column: 1,
          reason: '`sandbox_image` is no key of config.toml itself: containerd ignores it',
        },
        {
          file: 'etc/containerd/conf.d/team.toml',
          line: 1,
          column: 1,
          reason: 'containerd does not read this file: `etc/containerd/config.toml` does not import it',
        },
      ],
    });
    assert.equal(nodes.length, 1);
    assert.deepEqual(nodes[0]?.attempts, []);
  });

  test('without a refusal there is no startupError', async () => {
    const json: unknown = JSON.parse(
      await run('nginx', '--node-root', root, '--runtime', 'containerd://2.0.11', '--format', 'json'),
    );
    assert.deepEqual(Object.keys(json as object), ['image', 'reference', 'nodes', 'ignored']);
  });

  test('without --runtime it is the newest containerd, and that is said', async () => {
    assert.match(
      await run('nginx', '--node-root', root),
      /^worker-9 \(containerd:\/\/2\.3, as its version is not known\)$/m,
    );
  });

  test('what does not go together is refused', async () => {
    const wrong: readonly (readonly string[])[] = [
      ['nginx', 'folder', '--node-root', root],
      ['nginx', '--runtime', 'containerd://1.7.24'],
      ['nginx', '--node-root', root, '--runtime', 'cri-o://1.30'],
      ['nginx', '--node-root', join(root, 'none')],
    ];
    for (const args of wrong) await assert.rejects(run(...args), UserError, args.join(' '));
  });
});
