import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { readFolder } from '../../src/files/folder.ts';
import { filesInMemory, type RepositoryFiles } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { safeSegment } from '../../src/render/safePath.ts';

const root = join(import.meta.dirname, '..', '..');
const golden = join(root, 'test', 'golden', 'rendered');

function render(files: RepositoryFiles): ReadonlyMap<string, string> {
  const { rendered } = analyse(files, { substitutions: new Map() }).report;
  return new Map([...rendered].filter(([path]) => !path.startsWith('cluster/')));
}

function renderTexts(files: Readonly<Record<string, string>>): ReadonlyMap<string, string> {
  return render(filesInMemory(files));
}

/** The files one below the other. Of apply.sh only what is the node's own: all else is the same everywhere. */
function printTree(rendered: ReadonlyMap<string, string>): string {
  return [...rendered]
    .map(([path, text]) => `==> ${path} <==\n${path.endsWith('/apply.sh') ? ownPart(text) : text}`)
    .join('\n');
}

function ownPart(script: string): string {
  const [own = ''] = /^secrets=.*?^}\n/ms.exec(script) ?? [];
  return own;
}

const snapshot = { serializers: [String] };

/** Nodes of every kind, and what is rendered for them beside what the examples have. */
const everyKind = {
  'registries.yaml': `mirrors:
  docker.io:
    endpoint: ["https://harbor.example.net", "http://[fd00::1]:5000/v2/x"]
    rewrite: {"^(.*)$": "proxy-docker/$1"}
  "*": {endpoint: ["http://10.10.1.106:5000"]}
configs:
  harbor.example.net:
    auth: {username: robot, password: "\${HARBOR_PASSWORD}"}
    tls: {ca_file: /etc/ssl/harbor-ca.crt}
images: ["10.10.1.106:5000/pause:3.9"]
nodes:
  - {name: containerd-1, runtime: "containerd://1.7.24"}
  - {name: containerd-1-again, runtime: "containerd://1.7.25"}
  - {name: containerd-1-inline, runtime: "containerd://1.6.20", configPath: ""}
  - {name: containerd-1-own, runtime: "containerd://1.7.24", containerdConfig: nodes/own-1.toml}
  - {name: containerd-2, runtime: "containerd://2.1.9"}
  - {name: containerd-2-own, runtime: "containerd://2.1.9", containerdConfig: nodes/own-2.toml}
  - {name: k3s, runtime: "containerd://1.7.11-k3s2"}
  - {name: rke2, runtime: "rke2://1.31.4"}
  - {name: docker, runtime: "docker://24.0.7"}
  - {name: cri-o, runtime: "cri-o://1.31.0"}
  - {name: unknown}
`,
  'nodes/own-1.toml': `version = 2

# What kubeadm wants.
[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
  SystemdCgroup = true

[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]
  endpoint = ["http://old.example.net"]
`,
  'nodes/own-2.toml': `version = 3

[plugins]
  [plugins.'io.containerd.cri.v1.images']
    max_concurrent_downloads = 5 # slow disks
    [plugins.'io.containerd.cri.v1.images'.pinned_images]
      sandbox = 'registry.k8s.io/pause:3.10'
    [plugins.'io.containerd.cri.v1.images'.registry]
      config_path = '/etc/containerd/certs.d:/etc/docker/certs.d'
`,
} as const;

suite('rendered trees', () => {
  for (const example of readdirSync(join(root, 'examples'))) {
    test(`${example}: it is the reviewed one`, (context) => {
      const files = readFolder(join(root, 'examples', example, 'fixed'), { manifests: [] });
      context.assert.fileSnapshot(printTree(render(files)), join(golden, `${example}.txt`), snapshot);
    });
  }

  test('nodes of every kind: it is the reviewed one', (context) => {
    context.assert.fileSnapshot(printTree(renderTexts(everyKind)), join(golden, 'every-kind.txt'), snapshot);
  });

  for (const node of ['containerd-1', 'containerd-2', 'k3s', 'docker']) {
    test(`apply.sh of ${node}: it is the reviewed one`, (context) => {
      const script = renderTexts(everyKind).get(`nodes/${node}/apply.sh`) ?? '';
      context.assert.fileSnapshot(script, join(golden, `apply-${node}.sh`), snapshot);
    });
  }

  test('another day, place, language and folder give the same bytes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mirrorproof-render-'));
    try {
      cpSync(join(root, 'examples/air-gapped-upstreams/fixed'), join(folder, 'copy'), { recursive: true });
      const [first, second] = [
        {
          cwd: root,
          folder: 'examples/air-gapped-upstreams/fixed',
          TZ: 'UTC',
          LC_ALL: 'C',
          date: '2026-01-31',
        },
        { cwd: folder, folder: 'copy', TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', date: '2031-12-31' },
      ].map(({ cwd, folder: rendered, TZ, LC_ALL, date }) => {
        const clock = `Date.now = () => ${Date.parse(date)}`;
        const args = [
          '--import',
          `data:text/javascript,${clock}`,
          join(root, 'src/cli/main.ts'),
          'render',
          rendered,
        ];
        const { stdout, stderr } = spawnSync(process.execPath, args, {
          cwd,
          env: { ...process.env, TZ, LC_ALL, LANG: LC_ALL },
          encoding: 'utf8',
        });
        return stdout + stderr;
      });
      assert.match(first ?? '', /override_path/);
      assert.equal(first, second);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

/** The folders and the nodes of each, as the index has them. */
function index(rendered: ReadonlyMap<string, string>): Record<string, unknown> {
  return JSON.parse(rendered.get('index.json') ?? '{}');
}

suite('the folders of nodes', () => {
  const mirrors = 'mirrors: {docker.io: {endpoint: ["http://10.10.1.106:5000"]}}\n';

  test('are shared by nodes with the same files, whatever is written for them', () => {
    const rendered = renderTexts({
      'registries.yaml': `${mirrors}nodes:
  - {name: b, runtime: "containerd://1.7.24"}
  - {name: a, runtime: "containerd://1.6.20"}
  - {name: c, runtime: "containerd://1.7.24", mirrors: {docker.io: {endpoint: ["http://10.10.1.106:5000/v2"]}}}
  - {name: d, runtime: "containerd://1.7.24", mirrors: {docker.io: {endpoint: ["http://10.10.1.107:5000"]}}}
`,
    });
    assert.deepEqual(index(rendered)['folders'], [
      { folder: 'nodes/b', nodes: ['b', 'a', 'c'] },
      { folder: 'nodes/d', nodes: ['d'] },
    ]);
  });

  test('have names of their own, also where case does not count', () => {
    const names = ['Worker', 'worker', 'a/b', 'a%2Fb', 'n'.repeat(300), `${'n'.repeat(300)}x`];
    const nodes = names.map(
      (name, at) => `  - {name: ${JSON.stringify(name)}, mirrors: {a.b: {endpoint: ["http://m${at}"]}}}\n`,
    );
    const rendered = renderTexts({ 'registries.yaml': `nodes:\n${nodes.join('')}` });
    const folders = new Set(
      [...rendered.keys()].map((path) => path.split('/')[1]?.toLowerCase()).filter(Boolean),
    );
    assert.equal(folders.size, names.length, [...folders].join('\n'));
  });

  test('are not made for nodes for which there is nothing to do, or nothing can be done', () => {
    const rendered = renderTexts({
      'registries.yaml': `nodes:
  - {name: silent, runtime: "containerd://1.7.24"}
  - {name: docker, runtime: "docker://24.0.7"}
  - {name: other, runtime: "cri-o://1.31.0", mirrors: {a.b: {endpoint: ["http://m"]}}}
  - {name: missing, runtime: "containerd://1.7.24", containerdConfig: no.toml, mirrors: {a.b: {endpoint: ["http://m"]}}}
  - {name: good, runtime: "containerd://1.7.24", mirrors: {a.b: {endpoint: ["http://m"]}}}
`,
    });
    const { folders, unchanged, refused } = index(rendered);
    assert.deepEqual(folders, [{ folder: 'nodes/good', nodes: ['good'] }]);
    assert.deepEqual(unchanged, ['silent', 'docker']);
    assert.deepEqual(
      (refused as { nodes: unknown }[]).map(({ nodes }) => nodes),
      [['other'], ['missing']],
    );
  });

  test('hold no file that takes the place of apply.sh, or of another one', () => {
    const node = (path: string): string =>
      `${mirrors}nodes: [{name: a, runtime: "containerd://1.7.24", configPath: ${JSON.stringify(path)}}]\n`;
    for (const path of ['/', '/APPLY.sh', '/etc', '/x/../../..']) {
      const paths = [...renderTexts({ 'registries.yaml': node(path) }).keys()];
      assert.ok(paths.includes('nodes/a/apply.sh'), path);
      assert.ok(
        paths.every((one) => paths.every((other) => !other.startsWith(`${one}/`))),
        paths.join('\n'),
      );
      assert.equal(new Set(paths.map((one) => one.toLowerCase())).size, paths.length);
    }
    for (const path of ['/etc/crictl.yaml', '/etc/containerd/registry-section.toml', '/a\0b'])
      assert.deepEqual(renderTexts({ 'registries.yaml': node(path) }), new Map());
  });
});

suite('the sandbox image', () => {
  function images(list: readonly string[], node: string, files = {}): string {
    const text = `mirrors: {a.b: {endpoint: ["http://m"]}}\nimages: ${JSON.stringify(list)}\nnodes: [{name: a, ${node}}]\n`;
    const rendered = renderTexts({ 'registries.yaml': text, ...files });
    const texts = [...rendered].filter(([path]) => !path.endsWith('apply.sh')).map(([, one]) => one);
    return texts
      .join('\n')
      .split('\n')
      .filter((line) => /pause/.test(line))
      .map((line) => line.trim())
      .join('\n');
  }

  for (const [what, list, node, expected] of [
    [
      'of containerd 1.x',
      ['m:5000/pause:3.9'],
      'runtime: "containerd://1.7.24"',
      'sandbox_image = "m:5000/pause:3.9"',
    ],
    [
      'of containerd 2.x, in a drop-in file of version 2',
      ['m:5000/a/pause:1'],
      'runtime: "containerd://2.1.9"',
      'sandbox_image = "m:5000/a/pause:1"',
    ],
    [
      'is not set where it is the default',
      ['registry.k8s.io/pause:3.8'],
      'runtime: "containerd://1.7.24"',
      '',
    ],
    [
      'is not set where one of several is the default',
      ['registry.k8s.io/pause:3.6', 'registry.k8s.io/pause:3.8'],
      'runtime: "containerd://1.7.24"',
      '',
    ],
    [
      'is not set where nothing says which one is meant',
      ['a.b/pause:1', 'a.b/pause:2'],
      'runtime: "containerd://1.7.24"',
      '',
    ],
    ['is no other image', ['a.b/pausebox:1', 'a.b/pause/c:1'], 'runtime: "containerd://1.7.24"', ''],
    [
      'of k3s is the one that it brings along',
      ['a.b/pause:1', 'a.b/mirrored-pause:3.6'],
      'runtime: "containerd://1.7.11-k3s2"',
      'pause-image: "a.b/mirrored-pause:3.6"',
    ],
    ['of dockerd is not set here', ['a.b/pause:1'], 'runtime: "docker://24.0.7"', ''],
  ] as const) {
    test(what, () => assert.equal(images(list, node), expected));
  }

  test("is set in the node's own file, of which nothing else changes", () => {
    const files = {
      'own.toml':
        'version = 3\n[plugins."io.containerd.cri.v1.images".pinned_images]\nsandbox = "a.b/pause:1" # ours\n',
    };
    assert.equal(
      images(['m:5000/pause:3.9'], 'runtime: "containerd://2.1.9", containerdConfig: own.toml', files),
      'sandbox = "m:5000/pause:3.9" # ours',
    );
    assert.equal(
      images(['a.b/pause:1'], 'runtime: "containerd://2.1.9", containerdConfig: own.toml', files),
      'sandbox = "a.b/pause:1" # ours',
    );
  });
});

suite('safeSegment', () => {
  const cases: readonly [string, string][] = [
    ['worker-3.example', 'worker-3.example'],
    ['..', '%2E.'],
    ['../../etc', '%2E.%2F..%2Fetc'],
    ['a\nb', 'a%0Ab'],
    ['-rf', '-rf'],
    ['', '%'],
    ['wörker', 'w%C3%B6rker'],
  ];
  for (const [name, segment] of cases) {
    test(`${JSON.stringify(name)} is ${segment}`, () => assert.equal(safeSegment(name), segment));
  }

  test('no segment is longer than a file name may be', () => {
    assert.ok(safeSegment('ö'.repeat(5000)).length <= 255);
  });
});
