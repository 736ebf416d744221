import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { importNodes, type ImportedNodes } from '../../src/import/importNodes.ts';
import { readKindConfig } from '../../src/import/kindConfig.ts';
import type { Mounted } from '../../src/import/mountedFiles.ts';

const directory: Mounted = {
  kind: 'directory',
  files: nodeFilesInMemory({ '/docker.io/hosts.toml': '[host."http://10.0.0.1:5000"]\n' }),
};
const file: Mounted = { kind: 'file', content: { text: 'server = "http://quay.lan:5000"\n[host]\n' } };

const mounted: Readonly<Record<string, Mounted>> = { './certs.d': directory, './quay.toml': file };

function read(source: string, runtime = 'containerd://1.7.24'): ImportedNodes {
  const result = readKindConfig('kind.yaml', source, (path) => mounted[path], runtime);
  assert.ok(result.ok);
  return importNodes(result.nodes);
}

const head = 'kind: Cluster\napiVersion: kind.x-k8s.io/v1alpha4\n';
const patch = `containerdConfigPatches:
- |-
  [plugins."io.containerd.grpc.v1.cri".registry]
    config_path = "/etc/containerd/certs.d"
`;

suite('readKindConfig', () => {
  test('names the nodes as kind does', () => {
    const roles = ['control-plane', 'worker', 'control-plane', 'worker', 'worker'];
    const nodes = roles.map((role) => `- role: ${role}\n`).join('');
    assert.deepEqual(read(`${head}name: dev\nnodes:\n${nodes}`).nodes, [
      'dev-control-plane',
      'dev-worker',
      'dev-control-plane2',
      'dev-worker2',
      'dev-worker3',
    ]);
    assert.deepEqual(read(head).nodes, ['kind-control-plane']);
  });

  test('reads what is mounted where the patched config.toml looks', () => {
    const { body, leftovers } = read(`${head}nodes:
- role: control-plane
  extraMounts:
  - {hostPath: ./certs.d, containerPath: /etc/containerd/certs.d}
  - {hostPath: ./quay.toml, containerPath: /etc/containerd/certs.d/quay.lan:5000/hosts.toml}
  - {hostPath: /data, containerPath: /var/data}
${patch}`);
    assert.match(body, /docker\.io:\n {4}endpoint:\n {6}- "http:\/\/10\.0\.0\.1:5000"/);
    assert.match(body, /"quay\.lan:5000":\n {4}endpoint:\n {6}- "http:\/\/quay\.lan:5000"/);
    assert.deepEqual(leftovers, []);
  });

  test('says that without the patch nobody reads it, and where the patch would stand', () => {
    const { leftovers } = read(
      `${head}nodes:\n- extraMounts:\n  - {hostPath: ./certs.d, containerPath: /etc/containerd/certs.d}\n`,
    );
    assert.deepEqual(
      leftovers.map(({ kind, message }) => [kind, message]),
      [
        [
          'ignored',
          'containerd 1.7.24 does not read this file: `config_path` is not set to `/etc/containerd/certs.d`',
        ],
      ],
    );
  });

  test('merges patches, the last one wins, and skips those of another version', () => {
    const { body, leftovers } = read(`${head}containerdConfigPatches:
- |
  version = 2
  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["http://a.lan", "http://b.lan"]
- |
  [plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["http://c.lan"]
- |
  version = 3
  [plugins."io.containerd.cri.v1.images".registry.mirrors."docker.io"]
  endpoint = ["http://d.lan"]
`);
    assert.match(body, /docker\.io:\n {4}endpoint:\n {6}- "http:\/\/c\.lan"\nnodes:/);
    assert.deepEqual(
      leftovers.map(({ kind, location }) => [kind, location?.start.line]),
      [['ignored', 11]],
    );
  });

  test('says what kind stops at, what is not read, and where a setting of the patches stands', () => {
    const { leftovers } = read(`${head}nodes:
- extraMounts:
  - {hostPath: /etc/secret, containerPath: /etc/containerd/certs.d}
containerdConfigPatches:
- "= broken"
- |
  [plugins."io.containerd.grpc.v1.cri".registry.headers]
  X-Team = ["a"]
containerdConfigPatchesJSON6902: []
`);
    assert.deepEqual(
      leftovers.map(({ kind, location }) => [kind, location?.file, location?.start.line]),
      [
        ['setting', 'kind.yaml', 7],
        ['setting', 'kind.yaml', 11],
        ['setting', 'kind.yaml', 5],
        ['header', 'kind.yaml', 7],
      ],
    );
  });

  for (const [what, source] of [
    ['another object', 'kind: Pod\n'],
    ['no YAML', '{'],
    ['nothing', ''],
  ] as const) {
    test(`refuses ${what}`, () => {
      assert.equal(readKindConfig('kind.yaml', source, () => undefined, undefined).ok, false);
    });
  }

  test('is not led astray by names that objects have', () => {
    const { body } = read(
      `${head}containerdConfigPatches:\n- |\n  [__proto__]\n  a = 1\n  [constructor.prototype]\n  b = 1\n`,
    );
    assert.doesNotMatch(body, /constructor/);
    assert.equal(Object.hasOwn(Object.prototype, 'a'), false);
  });
});
