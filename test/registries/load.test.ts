import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { loadRegistries } from '../../src/registries/load.ts';
import type { RegistriesProblem } from '../../src/registries/registries.ts';

function describe({ kind, message, location: { start }, fix }: RegistriesProblem): string {
  return `${start.line}:${start.column} ${kind}: ${message}${fix ? ` -> ${fix.message}` : ''}`;
}

function problemsOf(text: string): string[] {
  return loadRegistries('registries.yaml', text).problems.map(describe);
}

suite('loadRegistries', () => {
  test('reads the whole format', () => {
    const registries = loadRegistries(
      'registries.yaml',
      `mirrors:
  docker.io:
    endpoint: [https://mirror.example.net, http://10.0.0.1]
    rewrite: {"^library/(.*)": "hub/$1"}
configs:
  mirror.example.net:
    auth: {username: robot, password: "\${PASSWORD}", identity_token: "\${TOKEN}"}
    tls: {ca_file: /ca.crt, insecure_skip_verify: yes}
nodes:
  - from: nodes.yaml
  - match: {zone: edge}
    mirrors: {docker.io: {endpoint: [http://10.0.0.2]}}
  - name: w3
    runtime: containerd://1.6.20
    configPath: ""
    resolves: {harbor.example.net: 10.0.0.3}
    labels: {zone: core}
    taints: ["dedicated=ci:NoSchedule"]
images: [nginx:1]
checks:
  mutable-tag: off
  leaves-mirrors: {severity: error, ignore: [{image: "ghcr.io/*", reason: only in CI}]}
`,
    );
    assert.deepEqual(registries.problems, []);
    const mirror = registries.mirrors.get('docker.io');
    assert.deepEqual(
      mirror?.endpoints.map(({ value, location }) => [value, location.start.line, location.start.column]),
      [
        ['https://mirror.example.net', 3, 16],
        ['http://10.0.0.1', 3, 44],
      ],
    );
    assert.equal(mirror?.rewrites[0]?.pattern.value, '^library/(.*)');
    const config = registries.configs.get('mirror.example.net');
    assert.equal(config?.auth?.identityToken?.value, '${TOKEN}');
    assert.equal(config?.tls?.insecureSkipVerify?.value, true);
    assert.deepEqual(
      registries.nodes.map(({ selection }) => selection.kind),
      ['from', 'match', 'name'],
    );
    assert.equal(registries.nodes[2]?.configPath?.value, '');
    assert.equal(registries.checks.get('mutable-tag')?.severity, 'off');
    assert.deepEqual(registries.checks.get('leaves-mirrors')?.ignore[0]?.reason, 'only in CI');
  });

  test('the fields that are images are read, with the core group where none is written', () => {
    const { imagePaths, problems } = loadRegistries(
      'registries.yaml',
      'imagePaths:\n  - {group: example.com, kind: Pipeline, path: "spec.steps[].runner"}\n  - {kind: ConfigMap, path: data.x}\n',
    );
    assert.deepEqual(problems, []);
    assert.deepEqual(imagePaths, [
      { group: 'example.com', kind: 'Pipeline', path: 'spec.steps[].runner' },
      { group: '', kind: 'ConfigMap', path: 'data.x' },
    ]);
  });

  test('an empty file, one with comments only, and keys without a value are fine', () => {
    for (const text of [
      '',
      '# nothing\n',
      'mirrors:\nconfigs:\nnodes:\n',
      'mirrors:\n  docker.io:\n  "*":\n',
    ]) {
      assert.deepEqual(problemsOf(text), [], text);
    }
  });

  const wrong: readonly [string, string, readonly string[]][] = [
    [
      'a misspelt key',
      'mirrors:\n  docker.io:\n    endpoints: [http://a]\n',
      [
        '3:5 unknown-key: `endpoints` is no key of the mirror `docker.io`, and k3s ignores it without a word -> did you mean `endpoint`?',
      ],
    ],
    [
      'a section one level too deep',
      'mirrors:\n  docker.io: {endpoint: [http://a]}\n  configs:\n    a: {tls: {}}\n',
      [
        '3:3 unknown-key: `configs` stands under `mirrors` and is read as a registry host of that name, so nothing below it counts -> `configs` belongs at the top level of the file: give it the same indentation as `mirrors`',
      ],
    ],
    [
      'a key in the wrong section',
      'mirrors:\n  docker.io:\n    tls: {ca_file: /ca}\n',
      [
        '3:5 unknown-key: `tls` is no key of the mirror `docker.io`, and k3s ignores it without a word -> `tls` belongs under `configs.<host of the endpoint>`',
      ],
    ],
    [
      'a field that is an image, but not of which objects',
      'imagePaths:\n  - {paths: x, path: spec.image}\n',
      [
        '2:5 wrong-value: `kind` is missing here: say which field of which objects is an image',
        '2:6 unknown-key: `paths` is no key of an entry of `imagePaths`, and k3s ignores it without a word -> did you mean `path`?',
      ],
    ],
    [
      'a text for a list',
      'mirrors:\n  docker.io:\n    endpoint: http://a\n',
      ['3:15 wrong-value: `endpoint` must be a list (lines that begin with `- `, or [ ])'],
    ],
    [
      'a text for a boolean',
      'configs:\n  a.b:\n    tls: {insecure_skip_verify: "true"}\n',
      ['3:33 wrong-value: `insecure_skip_verify` must be true or false'],
    ],
    [
      'an unknown severity',
      'checks: {mutable-tag: fatal}\n',
      ['1:23 wrong-value: `mutable-tag` must be one of error, warning, notice and off'],
    ],
    [
      'an ignore without a reason',
      'checks: {mutable-tag: {ignore: [{file: a}]}}\n',
      ['1:33 wrong-value: `reason` is missing here: say why the finding is left alone'],
    ],
    [
      'an entry of nodes that names none',
      'nodes:\n  - runtime: containerd://1.6.20\n',
      ['2:5 wrong-value: this entry is for no node: say which ones with `from`, `match` or `name`'],
    ],
    ['a node without a name', 'nodes: [{name: ""}]\n', ['1:16 wrong-value: `name` must not be empty']],
    [
      'a key twice',
      'mirrors:\n  a.b: {endpoint: [http://a]}\nmirrors:\n  c.d: {endpoint: [http://c]}\n',
      [
        '3:1 duplicate-key: `mirrors` stands on line 1 already: some readers merge the two, others keep only the last -> put both under the `mirrors` of line 1',
      ],
    ],
    [
      'a second document',
      'mirrors:\n---\nmirrors:\n',
      ['3:1 wrong-value: only the first YAML document of registries.yaml is read'],
    ],
  ];
  for (const [name, text, problems] of wrong) {
    test(`${name} is said at its place`, () => assert.deepEqual(problemsOf(text), problems));
  }

  test('sections that stand twice are merged, as k3s does', () => {
    const { mirrors } = loadRegistries(
      'r.yaml',
      'mirrors:\n  a.b: {endpoint: [x]}\nmirrors:\n  c.d: {endpoint: [y]}\n',
    );
    assert.deepEqual([...mirrors.keys()], ['a.b', 'c.d']);
  });

  test('a template is called a template', () => {
    assert.match(problemsOf('{% if x %}\nmirrors:\n{% endif %}\n')[0] ?? '', /this is a template/);
  });
});
