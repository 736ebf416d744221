import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { configureKindNode, isSafePath, type NodeConfig } from '../../../src/proof/kind/nodeConfig.ts';
import type { PlannedNode } from '../../../src/proof/plan.ts';
import { planOf } from '../containerd/provedExample.ts';

/** As kind's node images have it. */
const kindConfig = `version = 2

[plugins."io.containerd.grpc.v1.cri".containerd]
  discard_unpacked_layers = true
  snapshotter = "overlayfs"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "registry.k8s.io/pause:3.10"
`;
const withPath = `${kindConfig}[plugins."io.containerd.grpc.v1.cri".registry]
  config_path = "/etc/containerd/certs.d"
`;

function nodeOf(registries: string, files: Readonly<Record<string, string>> = {}): PlannedNode {
  const [node] = planOf({ ...files, 'registries.yaml': registries }).nodes;
  assert.ok(node);
  return node;
}

function configure(
  node: PlannedNode,
  config = withPath,
  version = '1.7.24',
): Extract<NodeConfig, { ok: true }> {
  const result = configureKindNode(node, config, version);
  assert.ok(result.ok, JSON.stringify(result));
  return result;
}

const mirror = 'mirrors: {quay.io: {endpoint: ["http://10.1.1.1:5000"]}}\n';
const images = 'images: ["quay.io/app:1"]\n';

function registries(node: string, rest = mirror): string {
  return `${rest}nodes: [{name: a, ${node}}]\n${images}`;
}

suite('configureKindNode', () => {
  test('places hosts directories, and leaves a config.toml alone that reads them already', () => {
    const { files, configToml, assumptions } = configure(
      nodeOf(registries('runtime: "containerd://1.7.24"')),
    );
    assert.deepEqual([...files.keys()], ['/etc/containerd/certs.d/quay.io/hosts.toml']);
    assert.equal(configToml, undefined);
    assert.deepEqual(assumptions, []);
  });

  test('gives kind a config path where it has none, and keeps all else', () => {
    const { configToml = '' } = configure(nodeOf(registries('runtime: "containerd://1.7.24"')), kindConfig);
    assert.match(configToml, /config_path = "\/etc\/containerd\/certs\.d"/);
    assert.match(configToml, /snapshotter = "overlayfs"/);
    assert.match(configToml, /pause:3\.10/);
  });

  test('merges inline mirrors, and takes the config path away that they do not go with', () => {
    const node = nodeOf(registries('runtime: "containerd://1.6.20", configPath: ""'));
    const { configToml = '' } = configure(node, withPath, '1.6.20');
    assert.match(configToml, /mirrors.*"?quay\.io/s);
    assert.match(configToml, /http:\/\/10\.1\.1\.1:5000/);
    assert.doesNotMatch(configToml, /config_path = "\/etc/);
    assert.match(configToml, /discard_unpacked_layers = true/);
  });

  test('merges logins', () => {
    const login = `${mirror}configs: {"10.1.1.1:5000": {auth: {username: robot, password: "\${PASSWORD}"}}}\n`;
    const { configToml = '' } = configure(nodeOf(registries('runtime: "containerd://1.7.24"', login)));
    assert.match(configToml, /password = "value of PASSWORD"/);
  });

  test('a node with nothing to configure needs nothing', () => {
    const { files, configToml } = configure(
      nodeOf(`nodes: [{name: a, runtime: "containerd://1.7.24"}]\n${images}`),
    );
    assert.equal(files.size, 0);
    assert.equal(configToml, undefined);
  });

  test('says that the rest of a config.toml was not tried', () => {
    const config = 'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\nmax_concurrent_downloads = 1\n';
    const node = nodeOf(registries('runtime: "containerd://1.7.24", containerdConfig: a.toml'), {
      'a.toml': config,
    });
    const { configToml = '', assumptions } = configure(node);
    assert.doesNotMatch(configToml, /max_concurrent_downloads/);
    assert.match(assumptions.join('\n'), /only the registry settings were tried/);
  });

  test('says that kind pulls in another way than containerd 2.1 by itself', () => {
    const { assumptions } = configure(nodeOf(registries('runtime: "containerd://2.1.4"')), withPath, '2.1.4');
    assert.match(assumptions.join('\n'), /without the transfer service/);
  });

  test('a node whose containerd does not start is not tried', () => {
    const node = nodeOf(registries('runtime: "containerd://1.7.24", containerdConfig: a.toml'), {
      'a.toml': 'version = [',
    });
    const result = configureKindNode(node, withPath, '1.7.24');
    assert.ok(!result.ok);
    assert.match(result.reason, /containerd does not start .*--engine containerd/);
  });

  test('a node whose hosts directories cannot be placed is not tried', () => {
    const node = nodeOf(registries('runtime: "containerd://1.7.24", configPath: /home/certs.d'));
    assert.deepEqual(configureKindNode(node, withPath, '1.7.24'), {
      ok: false,
      reason:
        '/home/certs.d/quay.io/hosts.toml cannot be put on a kind node, which is for --engine containerd to try',
    });
  });

  test('puts nothing of a repository on the node that somebody could run or read for orders', () => {
    const config = `version = 2
imports = ["/etc/containerd/conf.d/*.toml"]
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
BinaryName = "/etc/containerd/certs.d/quay.io/evil.sh"
[stream_processors.x]
path = "/bin/sh"
[plugins."io.containerd.grpc.v1.cri".registry]
config_path = "/etc/systemd/system"
`;
    const node = nodeOf(
      `nodes: [{name: a, runtime: "containerd://1.7.24", containerdConfig: root/etc/containerd/config.toml}]\n${images}`,
      {
        'root/etc/containerd/config.toml': config,
        'root/etc/systemd/system/evil.service': '[Service]\nExecStart=/bin/sh\n',
        'root/etc/systemd/system/containerd.service.d/evil.conf': '[Service]\n',
        'root/etc/systemd/system/quay.io/hosts.toml': 'server = "https://quay.io"\n',
        'root/etc/hosts': '1.2.3.4 x\n',
      },
    );
    const { files, configToml = '' } = configure(node);
    for (const path of files.keys()) assert.match(path, /\/hosts\.toml$/);
    assert.doesNotMatch(configToml, /BinaryName|stream_processors|imports/);
  });
});

suite('isSafePath', () => {
  for (const path of ['/etc/ssl/ca.crt', '/var/lib/x/hosts.toml']) {
    test(`${path} may be written`, () => assert.ok(isSafePath(path)));
  }
  for (const path of [
    '/proc/sys/kernel/core_pattern',
    '/sys/x',
    '/dev/sda',
    '/etc/../proc/x',
    'etc/x',
    '/',
    '//etc/x',
    '',
    // A shell drops the zero bytes of its script.
    '/etc/.\0./.\0./proc/sys/kernel/core_pattern',
    '/etc/x\ny',
  ]) {
    test(`${JSON.stringify(path)} may not`, () => assert.ok(!isSafePath(path)));
  }
});
