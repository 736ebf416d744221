import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, suite, test } from 'node:test';
import * as fc from 'fast-check';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { shellWord } from '../../src/render/apply/shellWord.ts';

/** The only folder that is rendered from a registries.yaml and other files. */
function renderedFolder(registries: string, files = {}): ReadonlyMap<string, string> {
  const repository = filesInMemory({ 'registries.yaml': registries, ...files });
  const { rendered } = analyse(repository, { substitutions: new Map() }).report;
  const paths = [...rendered].filter(([path]) => path.startsWith('nodes/'));
  assert.equal(new Set(paths.map(([path]) => path.split('/')[1])).size, 1);
  return new Map(paths.map(([path, text]) => [path.split('/').slice(2).join('/'), text]));
}

suite('apply.sh below ROOT', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'mirrorproof-apply-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const onNode = (path: string): string => join(folder, 'root', path);
  const read = (path: string): string => readFileSync(onNode(path), 'utf8');

  function write(path: string, text: string): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  function apply(
    registries: string,
    { environment = {}, files = {} }: { environment?: Record<string, string>; files?: object } = {},
  ): { status: number | null; out: string } {
    rmSync(join(folder, 'copied'), { recursive: true, force: true });
    for (const [path, text] of renderedFolder(registries, files)) write(join(folder, 'copied', path), text);
    mkdirSync(onNode(''), { recursive: true });
    const { status, stdout, stderr } = spawnSync('sh', [join(folder, 'copied/apply.sh')], {
      cwd: folder,
      env: { PATH: process.env['PATH'] ?? '', ROOT: onNode(''), ...environment },
      encoding: 'utf8',
    });
    return { status, out: stdout + stderr };
  }

  /** Every file below ROOT but for those that the script keeps. */
  function filesOnNode(): readonly string[] {
    const entries = readdirSync(onNode(''), { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    return paths
      .map((path) => path.slice(onNode('').length))
      .filter((path) => !path.startsWith('/var/backups/'))
      .sort();
  }

  const mirrors = 'mirrors: {docker.io: {endpoint: ["http://10.10.1.106:5000"]}}\n';
  const node = (runtime: string, more = ''): string =>
    `${mirrors}nodes: [{name: a, runtime: "${runtime}"${more}}]\n`;

  test('k3s', () => {
    const registries = node('containerd://1.7.11-k3s2');
    assert.deepEqual(apply(registries).status, 0);
    assert.deepEqual(filesOnNode(), ['/etc/crictl.yaml', '/etc/rancher/k3s/registries.yaml']);
    assert.equal(apply(registries).out, 'mirrorproof: every file is right already\n');
  });

  test('a crictl.yaml of the node stays', () => {
    write(onNode('/etc/crictl.yaml'), 'debug: true\n');
    apply(node('containerd://1.7.24'));
    assert.equal(read('/etc/crictl.yaml'), 'debug: true\n');
  });

  test("settings of dockerd are merged into the node's own", (context) => {
    if (['jq', 'python3'].every((name) => spawnSync(name, ['--version']).error))
      return context.skip('neither jq nor python3');
    const registries = node('docker://24.0.7');
    write(
      onNode('/etc/docker/daemon.json'),
      '{"log-driver": "journald", "registry-mirrors": ["http://old"]}',
    );
    const { status, out } = apply(registries);
    assert.equal(status, 0, out);
    assert.deepEqual(JSON.parse(read('/etc/docker/daemon.json')), {
      'log-driver': 'journald',
      'registry-mirrors': ['http://10.10.1.106:5000'],
      'insecure-registries': [],
    });
    assert.equal(apply(registries).out, 'mirrorproof: every file is right already\n');
  });

  for (const [what, before, expected] of [
    ['no file', undefined, /^version = 3\nimports = \["\/etc\/containerd\/conf\.d\/\*\.toml"\]\n$/],
    [
      'no imports',
      'version = 2\n[a]\nimports = 1\n',
      /^imports = \["\/etc\/containerd\/conf\.d\/\*\.toml"\]\nversion = 2\n\[a\]\nimports = 1\n$/,
    ],
    ['empty imports', 'imports = []\n', /^imports = \["\/etc\/containerd\/conf\.d\/\*\.toml"\]\n$/],
    [
      'other imports',
      "  imports = ['/a.toml', ]\n",
      /^ {2}imports = \['\/a\.toml', "\/etc\/containerd\/conf\.d\/\*\.toml"\]\n$/,
    ],
    [
      'these imports',
      "imports = ['/etc/containerd/conf.d/*.toml'] # ours\n",
      /^imports = \['\/etc\/containerd\/conf\.d\/\*\.toml'\] # ours\n$/,
    ],
    ['these imports, relative', 'imports = ["conf.d/*.toml"]\n', /^imports = \["conf\.d\/\*\.toml"\]\n$/],
  ] as const) {
    test(`a config.toml with ${what} imports the drop-in file`, () => {
      if (before !== undefined) write(onNode('/etc/containerd/config.toml'), before);
      const { status, out } = apply(node('containerd://2.1.9'));
      assert.equal(status, 0, out);
      assert.match(read('/etc/containerd/config.toml'), expected);
    });
  }

  test('imports in several lines are left to people, and nothing is changed', () => {
    write(onNode('/etc/containerd/config.toml'), 'imports = [\n  "/a.toml",\n]\n');
    const { status, out } = apply(node('containerd://2.1.9'));
    assert.equal(status, 1);
    assert.match(out, /to the imports of \/etc\/containerd\/config\.toml by hand/);
    assert.deepEqual(filesOnNode(), ['/etc/containerd/config.toml']);
  });

  test('the section is merged into the config.toml of containerd 1.x', () => {
    const before = `version = 2
# ours
[plugins]
  [plugins.'io.containerd.grpc.v1.cri'.registry] # registries
    # one folder
    config_path = "" # none
    [plugins."io.containerd.grpc.v1.cri".registry.headers]
      X-A = ["b"]
[metrics]
  address = "a"
`;
    write(onNode('/etc/containerd/config.toml'), before);
    const registries = `${node('containerd://1.7.24')}configs: {"10.10.1.106:5000": {auth: {password: "\${A}"}}}\n`;
    const environment = { A: 'a"b\\c' };
    const { status, out } = apply(registries, { environment });
    assert.equal(status, 0, out);
    const expected = `${before.replace('config_path = "" # none', 'config_path = "/etc/containerd/certs.d"')}
[plugins."io.containerd.grpc.v1.cri".registry.configs."10.10.1.106:5000".auth]
password = "a\\"b\\\\c"
`;
    assert.equal(read('/etc/containerd/config.toml'), expected);
    assert.equal(statSync(onNode('/etc/containerd/config.toml')).mode & 0o777, 0o600);
    assert.equal(apply(registries, { environment }).out, 'mirrorproof: every file is right already\n');
  });

  for (const [what, text, reason] of [
    ['of version 1', '[plugins.cri]\n', /is not of version 2/],
    [
      'with mirrors of its own',
      'version = 2\n[plugins."io.containerd.grpc.v1.cri".registry.mirrors."a"]\n',
      /has mirrors or TLS settings of its own/,
    ],
  ] as const) {
    test(`a config.toml ${what} of containerd 1.x is left alone`, () => {
      write(onNode('/etc/containerd/config.toml'), text);
      const { status, out } = apply(node('containerd://1.7.24'));
      assert.equal(status, 1);
      assert.match(out, reason);
      assert.deepEqual(filesOnNode(), ['/etc/containerd/config.toml']);
    });
  }

  test('all variables that are not set are named at once', () => {
    const registries = `${mirrors}configs: {a.b: {auth: {username: u, password: "\${A}"}}, c.d: {auth: {password: literal}}}
nodes: [{name: a, runtime: "containerd://1.7.11-k3s2"}]\n`;
    const { status, out } = apply(registries, { environment: { C_D_PASSWORD: '' } });
    assert.equal(status, 1);
    assert.match(out, /have to be set and exported: A C_D_PASSWORD$/m);
    assert.deepEqual(filesOnNode(), []);
  });

  test('whatever files are called, they come to lie in their places and nowhere else', () => {
    const part = fc.oneof(
      fc.constantFrom(
        "'",
        '"',
        '$(touch hacked)',
        '`touch hacked`',
        '\n',
        '..',
        '-rf',
        '%41',
        '\\',
        '* ?',
        '\u202e',
        'é',
        ';',
        '~',
        '&&',
        '{a,b}',
        '!',
        'CON',
      ),
      fc.stringMatching(/^[a-z./ -]{1,9}$/),
    );
    const path = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => `/p${parts.join('')}`);
    fc.assert(
      fc.property(path, (configPath) => {
        rmSync(onNode(''), { recursive: true, force: true });
        const registries = node('containerd://1.7.24', `, configPath: ${JSON.stringify(configPath)}`);
        const { status, out } = apply(registries);
        assert.equal(status, 0, out);
        const places = filesOnNode().filter(
          (file) => !/^\/etc\/(?:crictl\.yaml|containerd\/config\.toml)$/.test(file),
        );
        // The first of several folders gets the files.
        const [first = ''] = configPath.split(':');
        assert.deepEqual(places, [join('/', first, 'docker.io/hosts.toml')]);
        assert.ok(!existsSync(join(folder, 'hacked')));
        assert.equal(apply(registries).out, 'mirrorproof: every file is right already\n');
      }),
      { numRuns: 30, seed: 20_261_121 },
    );
  });
});

suite('shellWord', () => {
  test('is one word, the same text', () => {
    const texts = fc.sample(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: fc.constantFrom("'", '"', '\\', '$', '`', '\n', ' ') }),
      ),
      { numRuns: 300, seed: 20_261_121 },
    );
    const words = texts.map((text) => text.replaceAll(/\0|\p{Surrogate}/gu, '')).concat('x'.repeat(10_000));
    const script = `printf '%s\\0' ${words.map(shellWord).join(' ')}`;
    const { stdout } = spawnSync('sh', ['-s'], { input: script, encoding: 'utf8' });
    assert.deepEqual(stdout.split('\0').slice(0, -1), words);
  });
});
