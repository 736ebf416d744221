import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

const registries = `mirrors: {docker.io: {endpoint: ["https://harbor.example.net"]}}
configs: {harbor.example.net: {auth: {username: "\${NOT_A_SECRET}", password: "\${HARBOR_PASSWORD}"}, tls: {ca_file: "\${HARBOR_PASSWORD}"}}}
nodes: [{name: a, runtime: "containerd://2.1.9"}, {name: b, runtime: "containerd://1.7.11-k3s2"}]
`;

suite('render --with-secrets', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mirrorproof-secrets-'));
    writeFileSync(join(folder, 'registries.yaml'), registries);
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function render(
    environment: Record<string, string>,
    ...args: readonly string[]
  ): { status: number | null; out: string } {
    const { GITHUB_ACTIONS: _, ...own } = process.env;
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, 'render', folder, ...args], {
      cwd: folder,
      env: { ...own, ...environment },
      encoding: 'utf8',
    });
    return { status, out: stdout + stderr };
  }

  const out = ['--out', 'out', '--with-secrets'];

  test('writes logins only, escaped, into files for their owner only', () => {
    const secret = 'a"\\\n${HARBOR_PASSWORD}\u007f\u00e9';
    const environment = { HARBOR_PASSWORD: secret, NOT_A_SECRET: 'robot' };
    // A file of an earlier run, which everybody can read.
    render({}, '--out', 'out');
    const { status, out: printed } = render(environment, ...out);
    assert.equal(status, 0, printed);
    assert.ok(!printed.includes('a"'));
    const dropIn = join(folder, 'out/nodes/a/etc/containerd/conf.d/zz-mirrorproof.toml');
    const yaml = join(folder, 'out/nodes/b/etc/rancher/k3s/registries.yaml');
    for (const path of [dropIn, yaml]) assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.deepEqual(JSON.parse(JSON.stringify(parseToml(readFileSync(dropIn, 'utf8')))), {
      version: 2,
      plugins: {
        'io.containerd.grpc.v1.cri': {
          registry: {
            config_path: '/etc/containerd/certs.d',
            configs: { 'harbor.example.net': { auth: { username: 'robot', password: secret } } },
          },
        },
      },
    });
    assert.deepEqual(parseYaml(readFileSync(yaml, 'utf8')).configs['harbor.example.net'], {
      auth: { username: 'robot', password: secret },
      tls: { ca_file: '${HARBOR_PASSWORD}' },
    });
  });

  test('names every variable that is missing, and writes nothing', () => {
    const { status, out: printed } = render({ NOT_A_SECRET: '' }, ...out);
    assert.equal(status, 2);
    assert.match(printed, /--with-secrets finds nothing in HARBOR_PASSWORD, NOT_A_SECRET/);
    assert.deepEqual(readdirSync(folder), ['registries.yaml']);
  });

  test('is refused without --out and in GitHub Actions', () => {
    const environment = { HARBOR_PASSWORD: 'secret', NOT_A_SECRET: 'robot' };
    assert.match(render(environment, '--with-secrets').out, /needs --out/);
    assert.match(
      render({ ...environment, GITHUB_ACTIONS: 'true' }, ...out).out,
      /is refused in GitHub Actions/,
    );
    assert.deepEqual(readdirSync(folder), ['registries.yaml']);
  });
});
