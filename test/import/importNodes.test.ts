import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { nodeFilesInMemory } from '../../src/files/nodeFiles.ts';
import { formatImport, formatImportJson } from '../../src/import/formatImport.ts';
import { importNodes, type ImportedNodes, type NodeSource } from '../../src/import/importNodes.ts';
import type { LostKind } from '../../src/import/lostSetting.ts';

type Files = Readonly<Record<string, string>>;

function node(name: string, files: Files, runtime?: string): NodeSource {
  return { name, files: nodeFilesInMemory(files), runtime };
}

/** A node with hosts directories and nothing else. */
function directories(texts: Files, version = '1.7.27'): NodeSource {
  const files = Object.entries(texts).map(([name, text]) => [
    `/etc/containerd/certs.d/${name}/hosts.toml`,
    text,
  ]);
  const config = section('config_path = "/etc/containerd/certs.d"\n');
  return node(
    'n',
    { '/etc/containerd/config.toml': config, ...Object.fromEntries(files) },
    `containerd://${version}`,
  );
}

function section(text: string): string {
  return `version = 2\n[plugins."io.containerd.grpc.v1.cri".registry]\n${text}`;
}

function inline(text: string, version = '1.7.27'): NodeSource {
  return node('n', { '/etc/containerd/config.toml': section(text) }, `containerd://${version}`);
}

/** What is above the nodes of an imported file, as it stands there without its indentation. */
function topOf({ body }: ImportedNodes): string {
  return body.slice(0, body.indexOf('nodes:')).replaceAll(/\n */g, ' ').trim();
}

function kindsOf({ leftovers }: ImportedNodes): readonly LostKind[] {
  return [...new Set(leftovers.map(({ kind }) => kind))].sort();
}

const plainHttp = 'server = "http://10.10.1.106:5000"\n[host]\n';
const harbor = `server = "https://registry-1.docker.io"
[host."https://harbor.lan/v2/hub"]
  capabilities = ["pull", "resolve"]
  override_path = true
  ca = "/etc/ssl/harbor.crt"
`;

suite('importNodes', () => {
  for (const [what, source, expected] of [
    [
      'a registry over plain HTTP, under either name of its directory',
      directories({ '10.10.1.106_5000_': plainHttp }),
      'mirrors: "10.10.1.106:5000": endpoint: - "http://10.10.1.106:5000"',
    ],
    [
      'a directory with a colon in its name',
      directories({ '10.10.1.106:5000': plainHttp }),
      'mirrors: "10.10.1.106:5000": endpoint: - "http://10.10.1.106:5000"',
    ],
    [
      'a mirror with a path, and trust in it',
      directories({ 'docker.io': harbor }),
      'mirrors: docker.io: endpoint: - "https://harbor.lan/v2/hub" configs: harbor.lan: tls: ca_file: "/etc/ssl/harbor.crt"',
    ],
    [
      'mirrors of all registries, and one that is not asked by them',
      directories({
        _default: '[host."http://10.0.0.1:5000"]\n',
        'quay.io': 'server = "https://quay.io"\n[host]\n',
      }),
      'mirrors: "*": endpoint: - "http://10.0.0.1:5000" quay.io: endpoint: - "https://quay.io"',
    ],
    [
      'a certificate of the client, with its key in a file of its own or in the same',
      directories({
        'a.lan': 'server = "https://a.lan"\nclient = [["/c.crt", "/c.key"]]\n[host]\n',
        'b.lan': 'server = "https://b.lan"\nclient = "/c.pem"\nskip_verify = true\n[host]\n',
      }),
      'configs: a.lan: tls: cert_file: "/c.crt" key_file: "/c.key" b.lan: tls: cert_file: "/c.pem" key_file: "/c.pem" insecure_skip_verify: true',
    ],
    [
      'certificates without a hosts.toml, relative to their directory',
      node(
        'n',
        {
          '/etc/containerd/config.toml': section('config_path = "/etc/containerd/certs.d"\n'),
          '/etc/containerd/certs.d/reg.lan/ca.crt':
            '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n',
        },
        'containerd://2.0.5',
      ),
      'configs: reg.lan: tls: ca_file: "/etc/containerd/certs.d/reg.lan/ca.crt"',
    ],
    [
      'mirrors and trust in config.toml',
      inline(`[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
endpoint = ["https://mirror.lan:5000", "http://10.0.0.1"]
[plugins."io.containerd.grpc.v1.cri".registry.configs."mirror.lan:5000".tls]
insecure_skip_verify = true
`),
      'mirrors: docker.io: endpoint: - "https://mirror.lan:5000" - "http://10.0.0.1" configs: "mirror.lan:5000": tls: insecure_skip_verify: true',
    ],
    [
      'config.toml of version 3',
      node(
        'n',
        {
          '/etc/containerd/config.toml':
            'version = 3\n[plugins."io.containerd.cri.v1.images".registry]\nconfig_path = "/etc/containerd/certs.d"\n',
          '/etc/containerd/certs.d/10.10.1.106_5000_/hosts.toml': plainHttp,
        },
        'containerd://2.1.4',
      ),
      'mirrors: "10.10.1.106:5000": endpoint: - "http://10.10.1.106:5000"',
    ],
    [
      'mirrors of dockerd',
      node(
        'n',
        {
          '/etc/docker/daemon.json':
            '{"registry-mirrors": ["https://mirror.lan/"], "insecure-registries": ["10.10.1.106:5000"]}',
        },
        'docker://28.1.0',
      ),
      'mirrors: docker.io: endpoint: - "https://mirror.lan" configs: "10.10.1.106:5000": tls: insecure_skip_verify: true',
    ],
    [
      'registries.yaml of k3s, with its rewrites',
      node(
        'n',
        {
          '/etc/rancher/k3s/registries.yaml':
            'mirrors:\n  docker.io:\n    endpoint: [https://mirror.lan]\n    rewrite: {"^library/(.*)": "hub/$1"}\n',
        },
        'k3s://1.7.23',
      ),
      'mirrors: docker.io: endpoint: - "https://mirror.lan" rewrite: "^library/(.*)": "hub/$1"',
    ],
    ['nothing, where a node has nothing', node('n', {}, 'containerd://1.7.27'), ''],
  ] as const) {
    test(`carries over ${what}`, () => {
      const imported = importNodes([source]);
      assert.equal(topOf(imported), expected);
      // Trust is by host in registries.yaml: images that the mirror has itself get it too.
      const others = imported.leftovers.filter(({ message }) => !message.includes('holds for these too'));
      assert.deepEqual(others, []);
    });
  }

  for (const [kind, source] of [
    [
      'header',
      directories({ 'a.lan': 'server = "https://a.lan"\n[host."https://b.lan".header]\nX-Team = "a"\n' }),
    ],
    ['dial-timeout', directories({ 'a.lan': '[host."https://b.lan"]\ndial_timeout = "1s"\n' }, '2.1.4')],
    ['capabilities', directories({ 'a.lan': '[host."https://b.lan"]\ncapabilities = ["pull"]\n' })],
    ['capabilities', directories({ 'a.lan': '[host."https://b.lan"]\ncapabilities = ["push"]\n' })],
    ['fallback', directories({ 'a.lan': 'server = "https://b.lan"\n[host]\n' })],
    ['fallback', directories({ _default: 'server = "https://b.lan"\n[host]\n' })],
    ['https-first', directories({ 'a.lan': '[host."http://b.lan:5000"]\nskip_verify = true\n' })],
    ['tls', directories({ 'a.lan': 'server = "https://a.lan"\nca = ["/a.crt", "/b.crt"]\n[host]\n' })],
    [
      'tls',
      directories({
        'a.lan': '[host."https://m.lan"]\nskip_verify = true\n',
        'b.lan': '[host."https://m.lan"]\nca = "/b.crt"\n',
      }),
    ],
    ['endpoint', directories({ 'a.lan': '[host."https://b.lan"]\noverride_path = true\n' })],
    ['order', directories({ 'a.lan': '[host."https://b.lan"]\n[host."https://b.lan/v2"]\n' })],
    ['header', inline('[plugins."io.containerd.grpc.v1.cri".registry.headers]\nX-Team = ["a"]\n')],
    [
      'endpoint',
      inline(
        '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."a.lan"]\nendpoint = ["https://b.lan/"]\n',
      ),
    ],
    [
      'login',
      inline(
        '[plugins."io.containerd.grpc.v1.cri".registry.configs."docker.io".auth]\nusername = "a"\npassword = "secret"\n',
      ),
    ],
    [
      'refused',
      inline('[plugins."io.containerd.grpc.v1.cri".registry.mirrors."a.lan"]\nendpoint = ["a b"]\n'),
    ],
    ['startup', node('n', { '/etc/containerd/config.toml': 'version = 9\n' }, 'containerd://1.7.27')],
    [
      'pull-path',
      node(
        'n',
        {
          '/etc/containerd/config.toml':
            'version = 3\n[plugins."io.containerd.cri.v1.images"]\nuse_local_image_pull = true\n',
        },
        'containerd://2.1.4',
      ),
    ],
    [
      'setting',
      node(
        'n',
        {
          '/etc/containerd/config.toml':
            'version = 2\n[plugins."io.containerd.grpc.v1.cri"]\nsandbox_image = "a.lan/pause:3"\n',
        },
        'containerd://1.7.27',
      ),
    ],
    ['ignored', directories({ reg_5000: plainHttp })],
    ['ignored', node('n', { '/etc/containerd/certs.d/a.lan/hosts.toml': plainHttp }, 'containerd://1.7.27')],
    [
      'tls',
      node('n', { '/etc/docker/daemon.json': '{"insecure-registries": ["10.0.0.0/8"]}' }, 'docker://28.1.0'),
    ],
    [
      'ignored',
      node(
        'n',
        { '/etc/rancher/k3s/registries.yaml': 'mirrors: {a.lan: {endpoint: ["b.lan: 5000"]}}\n' },
        'k3s://1.7.23',
      ),
    ],
  ] as const) {
    test(`says what is lost: ${kind}: ${JSON.stringify(source.files.list('/etc')[0])} ${source.runtime}`, () => {
      const imported = importNodes([source]);
      assert.ok(kindsOf(imported).includes(kind), JSON.stringify(imported.leftovers));
      for (const { nodes, message } of imported.leftovers) {
        assert.deepEqual(nodes, ['n']);
        assert.ok(!message.includes('registry.invalid'), message);
      }
    });
  }

  test('says where it stands', () => {
    const source = directories({
      'a.lan':
        'server = "https://a.lan"\n\n[host."https://b.lan"]\nskip_verify = true\n[host."https://b.lan".header]\nX-Team = "a"\n',
    });
    const [header] = importNodes([source]).leftovers.filter(({ kind }) => kind === 'header');
    assert.equal(header?.location?.file, 'etc/containerd/certs.d/a.lan/hosts.toml');
    assert.equal(header.location.start.line, 3);
    assert.equal(header.message, 'images from `a.lan`: `https://b.lan/v2` gets the headers X-Team');
  });

  test('carries a certificate over that is not in the copy of the files', () => {
    const { body } = importNodes([
      directories({ 'a.lan': 'server = "https://a.lan"\nca = "/gone/ca.crt"\n[host]\n' }),
    ]);
    assert.match(body, /ca_file: "\/gone\/ca\.crt"/);
  });

  test('names the addresses that mirrors need', () => {
    const source = node(
      'n',
      {
        '/etc/hosts': '127.0.0.1 localhost\n10.50.1.104 harbor.lan other.lan\n',
        '/etc/containerd/config.toml': section('config_path = "/etc/containerd/certs.d"\n'),
        '/etc/containerd/certs.d/docker.io/hosts.toml': harbor,
      },
      'containerd://1.7.27',
    );
    assert.match(importNodes([source]).body, /^ {4}resolves:\n {6}harbor\.lan: "10\.50\.1\.104"\n(?! {6})/m);
  });
});

suite('several nodes', () => {
  const config = section('config_path = "/etc/containerd/certs.d"\n');
  const files = (more: Files): Files => ({
    '/etc/containerd/config.toml': config,
    '/etc/containerd/certs.d/docker.io/hosts.toml': harbor,
    ...more,
  });
  const edge = { '/etc/containerd/certs.d/10.10.1.106_5000_/hosts.toml': plainHttp };
  const login = (password: string): Files => ({
    '/etc/containerd/config.toml': `${config}[plugins."io.containerd.grpc.v1.cri".registry.configs."harbor.lan".auth]\nusername = "robot$ci"\npassword = "${password}"\n`,
  });
  const sources = [
    node('k8s1', files(login('first-secret'))),
    node('k8s2', files({ ...login('first-secret'), ...edge })),
    node('k8s3', files({ ...login('second-secret'), ...edge })),
  ];
  const inventory = {
    path: 'cluster/nodes.yaml',
    text: ['k8s1', 'k8s2', 'k8s3', 'k8s4']
      .map(
        (name) =>
          `kind: Node\nmetadata: {name: ${name}}\nstatus: {nodeInfo: {containerRuntimeVersion: "containerd://1.7.27"}}\n`,
      )
      .join('---\n'),
  };

  test('share what they have in common, and no secret is printed', (t) => {
    const imported = importNodes(sources, inventory);
    const text = formatImport(imported);
    t.assert.fileSnapshot(text, join(import.meta.dirname, '../golden/import/group.yaml'), {
      serializers: [String],
    });
    assert.doesNotMatch(text + formatImportJson(imported), /-secret/);
    assert.deepEqual(
      imported.secrets.map(({ name, nodes }) => [name, ...nodes]),
      [
        ['HARBOR_LAN_PASSWORD', 'k8s1', 'k8s2'],
        ['HARBOR_LAN_PASSWORD_2', 'k8s3'],
      ],
    );
  });

  test('never mix up two secrets of hosts that are spelled alike, or of another name in a file', () => {
    const k3s = (name: string, text: string): NodeSource =>
      node(name, { '/etc/rancher/k3s/registries.yaml': text }, 'k3s://1.7.23');
    const { secrets } = importNodes([
      k3s('a', 'configs: {a-b.lan: {auth: {password: one}}, a.b.lan: {auth: {password: two}}}\n'),
      k3s('b', 'configs: {c.lan: {auth: {password: "${A_B_LAN_PASSWORD_2}"}}}\n'),
    ]);
    assert.deepEqual(
      secrets.map(({ name, value }) => [name, value]),
      [
        ['A_B_LAN_PASSWORD', 'one'],
        ['A_B_LAN_PASSWORD_3', 'two'],
      ],
    );
  });

  test('need no entry of their own where the inventory says all of a node', () => {
    const k3s = node('k8s1', {
      '/etc/rancher/k3s/registries.yaml': 'mirrors: {a.lan: {endpoint: ["http://b.lan"]}}\n',
    });
    const text =
      'kind: Node\nmetadata: {name: k8s1}\nstatus: {nodeInfo: {containerRuntimeVersion: "containerd://1.7.24-k3s1"}}\n';
    const { body } = importNodes([k3s], { path: 'nodes.yaml', text });
    assert.match(body, /\nnodes:\n {2}- from: "nodes\.yaml"\n$/);
  });
});

test('no text of a node leaves its place in the file', () => {
  const hostile = 'x\n# y\n::error::z\u001b[31m\u202e"\'}: &a *b !!js ${X}';
  const text = formatImport(
    importNodes([
      node(hostile, {
        '/etc/rancher/k3s/registries.yaml': JSON.stringify({
          mirrors: {
            [hostile]: { endpoint: [hostile] },
            'a.lan': { endpoint: ['http://b.lan'], rewrite: { [hostile]: hostile } },
            '1.5': { endpoint: ['http://b.lan'] },
            '12:30': { endpoint: ['http://b.lan'] },
          },
          configs: { 'b.lan': { auth: { username: hostile, password: hostile }, tls: { ca_file: hostile } } },
        }),
      }),
    ]),
  );
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(text, /\u001b|\u202e|^::|^# y/m);
  assert.match(text, /"12:30":/);
});
