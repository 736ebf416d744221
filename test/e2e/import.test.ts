import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, suite, test } from 'node:test';

const main = join(import.meta.dirname, '../../src/cli/main.ts');

interface Result {
  readonly exitCode: number | null;
  readonly out: string;
  readonly error: string;
}

const hostsToml = 'server = "http://10.10.1.106:5000"\n[host]\n';
const config = `version = 2
[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "/etc/containerd/certs.d"
[plugins."io.containerd.grpc.v1.cri".registry.configs."10.10.1.106:5000".auth]
username = "robot"
password = "correct-horse"
`;

suite('mirrorproof import', () => {
  let folder = '';

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'import-test-'));
    for (const name of ['k8s1', 'k8s2']) {
      write(`nodes/${name}/etc/containerd/config.toml`, config);
      write(`nodes/${name}/etc/containerd/certs.d/10.10.1.106_5000_/hosts.toml`, hostsToml);
      write(`nodes/${name}/etc/hostname`, `${name}\n`);
    }
    write('nodes/notes/readme.txt', 'no node');
    write('edge/etc/rancher/k3s/registries.yaml', 'mirrors: {docker.io: {endpoint: ["http://10.0.0.1"]}}\n');
    write(
      'inventory.yaml',
      'kind: Node\nmetadata: {name: k8s1}\nstatus: {nodeInfo: {containerRuntimeVersion: "containerd://1.7.27"}}\n',
    );
    write('empty/file', '');
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function write(path: string, text: string): void {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }

  function run(args: readonly string[], directory = folder): Result {
    const { status, stdout, stderr } = spawnSync(process.execPath, [main, ...args], {
      cwd: directory,
      env: { PATH: process.env['PATH'] },
      encoding: 'utf8',
      timeout: 120_000,
    });
    return { exitCode: status, out: stdout, error: stderr };
  }

  function assertRefused({ exitCode, out, error }: Result, message: RegExp): void {
    assert.match(error, message);
    assert.match(error, /^mirrorproof: [^\n]+\n$/);
    assert.equal(out, '');
    assert.equal(exitCode, 2);
  }

  test('prints a registries.yaml of a folder of nodes', () => {
    const { exitCode, out, error } = run(['import', 'nodes', '--runtime', 'containerd://1.7.27']);
    assert.deepEqual([exitCode, error], [0, '']);
    assert.match(out, /^# Written by mirrorproof import from the files of k8s1, k8s2\.$/m);
    assert.match(
      out,
      /^#   \$\{_10_10_1_106_5000_PASSWORD\}: password for 10\.10\.1\.106:5000 on k8s1, k8s2$/m,
    );
    assert.match(out, /^ {2}"10\.10\.1\.106:5000":\n {4}endpoint:\n {6}- "http:\/\/10\.10\.1\.106:5000"$/m);
    assert.doesNotMatch(out, /correct-horse/);
  });

  test('names nodes, and takes what runs on them from where it is said', () => {
    const args = ['import', '--node', 'a=nodes/k8s1', '--node', 'b=edge', 'nodes/k8s2'];
    const { out } = run([...args, '--runtime', 'containerd://1.6.20', '--runtime', 'b=rke2://1.7.1']);
    const [, nodes = ''] = out.split('\nnodes:\n');
    assert.match(nodes, /name: "a"\n {4}runtime: "containerd:\/\/1\.6\.20"/);
    assert.match(nodes, /name: "b"\n {4}runtime: "rke2:\/\/1\.7\.1"/);
    assert.match(nodes, /name: "k8s2"/);
    assert.match(run(['import', 'edge']).out, /name: "edge"\n {4}runtime: "k3s:\/\/"/);
  });

  test('writes a file that check accepts, and none over another', () => {
    const args = ['import', 'nodes', '--inventory', 'inventory.yaml', '--out', 'registries.yaml'];
    const { exitCode, out } = run([...args, '--runtime', 'k8s2=containerd://1.7.27']);
    assert.deepEqual([exitCode, out], [0, 'registries.yaml: 2 nodes\n']);
    const text = readFileSync(join(folder, 'registries.yaml'), 'utf8');
    assert.match(text, /^ {2}- from: "inventory\.yaml"$/m);
    const checked = run([
      'check',
      '.',
      '--registries',
      'registries.yaml',
      '--format',
      'json',
      '--fail-on',
      'never',
    ]);
    const { findings, nodes } = JSON.parse(checked.out);
    const own = findings.filter(({ file }: { file: string }) => file === 'registries.yaml');
    assert.deepEqual(
      own.filter(({ severity }: { severity: string }) => severity === 'error'),
      [],
    );
    assert.deepEqual(
      nodes.map(({ name, runtime }: { name: string; runtime: string }) => [name, runtime]),
      [
        ['k8s1', 'containerd://1.7.27'],
        ['k8s2', 'containerd://1.7.27'],
      ],
    );
    assertRefused(run(args), /there is a registries\.yaml already/);
    assert.equal(readFileSync(join(folder, 'registries.yaml'), 'utf8'), text);
  });

  test('reads a kind configuration with what it mounts, and nothing that is elsewhere', () => {
    write('kind/certs.d/docker.io/hosts.toml', '[host."http://10.0.0.1"]\n');
    write('outside/quay.io/hosts.toml', '[host."http://outside.lan"]\n');
    symlinkSync(join(folder, 'outside/quay.io'), join(folder, 'kind/certs.d/quay.io'));
    write(
      'kind/kind.yaml',
      `kind: Cluster
nodes:
- extraMounts:
  - {hostPath: certs.d, containerPath: /etc/containerd/certs.d}
  - {hostPath: ../outside, containerPath: /etc/docker/certs.d}
containerdConfigPatches:
- |-
  [plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d:/etc/docker/certs.d"
`,
    );
    const { out } = run(
      ['import', '--kind', 'kind.yaml', '--runtime', 'containerd://1.7.24'],
      join(folder, 'kind'),
    );
    assert.match(out, /"http:\/\/10\.0\.0\.1"/);
    assert.match(out, /`\.\.\/outside` is not read/);
    assert.doesNotMatch(out, /outside\.lan/);
  });

  test('has all that could not be carried over as data', () => {
    write(
      'lost/etc/containerd/config.toml',
      `${config}[plugins."io.containerd.grpc.v1.cri".registry.headers]\nX-Team = ["a"]\n`,
    );
    const { out } = run(['import', 'lost', '--format', 'json', '--runtime', 'containerd://1.7.27']);
    const { registries, nodes, secrets, leftovers } = JSON.parse(out);
    assert.match(registries, /^nodes:$/m);
    assert.deepEqual(nodes, ['lost']);
    assert.deepEqual(secrets, [
      { name: '_10_10_1_106_5000_PASSWORD', host: '10.10.1.106:5000', field: 'password', nodes: ['lost'] },
    ]);
    assert.deepEqual(leftovers, [
      {
        kind: 'header',
        message: 'the headers that every registry gets: X-Team',
        host: null,
        nodes: ['lost'],
        file: 'lost/etc/containerd/config.toml',
        line: 1,
        column: 1,
      },
    ]);
  });

  for (const [what, args, message] of [
    ['nothing to import', [], /import wants the files of a node/],
    ['a folder that is not there', ['missing'], /cannot read the folder missing: /],
    ['a folder without nodes', ['empty'], /there are no files of a node in empty/],
    ['a named folder that is no node', ['--node', 'a=empty'], /there are no files of a node in empty/],
    ['a node without a folder', ['--node', 'a='], /--node wants NAME=DIR, not a=/],
    ['two nodes of one name', ['nodes', '--node', 'k8s1=edge'], /two nodes are named k8s1/],
    [
      'an unknown runtime',
      ['nodes', '--runtime', 'a=cri-o://1.2'],
      /--runtime a=cri-o:\/\/1\.2 is not known/,
    ],
    ['a missing inventory', ['nodes', '--inventory', 'missing.yaml'], /there is no missing\.yaml/],
    [
      'an inventory elsewhere',
      ['nodes', '--inventory', '/etc/hostname'],
      /is not below the folder of registries\.yaml/,
    ],
    [
      'a kind configuration that is none',
      ['--kind', 'inventory.yaml'],
      /inventory\.yaml cannot be used: it describes no kind cluster/,
    ],
    [
      'a place that cannot be written',
      ['nodes', '--out', 'no/such/folder/x.yaml'],
      /cannot write no\/such\/folder\/x\.yaml/,
    ],
  ] as const) {
    test(`refuses ${what}`, () => assertRefused(run(['import', ...args]), message));
  }
});
