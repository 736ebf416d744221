import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { pod, withSandbox } from './sandbox.ts';

function lines(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');
}

function aliasBomb(): string {
  return lines(30, (level) =>
    level === 0 ? 'a0: &a0 [x]' : `a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}x]`,
  );
}

/** What is in registries.yaml, and what a person reads about it. */
const reported: readonly (readonly [what: string, content: string, message: RegExp])[] = [
  ['an alias bomb', aliasBomb(), /:\d+:\d+ error .* unfolds to more than 1000000 values/],
  [
    '10,000 lists within each other',
    `mirrors: ${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    /:1:\d+ error .* nested deeper/,
  ],
  ['a key that stands twice', 'mirrors: {}\nmirrors: {}\n', /:2:1 error `mirrors` stands on line 1 already/],
  ['a tab', 'mirrors:\n\tdocker.io: {}\n', /:2:1 error .* a tab in the indentation/],
  ['the key __proto__', '__proto__: {mirrors: {}}\n', /:1:1 error `__proto__` is no key of registries\.yaml/],
  ['the key constructor', 'constructor: 1\n', /:1:1 error `constructor` is no key of registries\.yaml/],
  [
    'a mirror named __proto__',
    'mirrors: {__proto__: {endpoint: []}}\n',
    /:1:11 error .* mirror key `__proto__`: it is no host/,
  ],
  [
    'a mirror with a key of 1 MB',
    `mirrors:\n  ? ${'a'.repeat(1_000_000)}\n  : {}\n`,
    /:2:5 error .* longer than 259 characters/,
  ],
  [
    'an endpoint of 1 MB',
    `mirrors: {a.b: {endpoint: ["http://${'a'.repeat(1_000_000)}"]}}`,
    /:1:28 error .* longer than 1024/,
  ],
  [
    'a rewrite of 1 MB',
    `mirrors: {a.b: {rewrite: {"${'(a*)*'.repeat(200_000)}": x}}}`,
    /:1:27 error this rewrite is larger than/,
  ],
  [
    'a replacement of 1 MB',
    `mirrors: {a.b: {rewrite: {a: "${'$0'.repeat(500_000)}"}}}`,
    /:1:27 error this rewrite is larger than/,
  ],
  [
    'a huge repetition',
    'mirrors: {a.b: {rewrite: {"(a{1000}){1000}": x}}}',
    /:1:27 error this rewrite is larger than/,
  ],
  [
    'a look-ahead',
    'mirrors: {a.b: {rewrite: {"(?=a)": x}}}',
    /:1:27 error `\(\?=a\)` is no Go regular expression/,
  ],
  [
    '100,000 unknown keys',
    lines(100_000, (index) => `key${index}: 1`),
    /:100000:1 error `key99999` is no key/,
  ],
  [
    '100,000 wrong values',
    `images:\n${lines(100_000, (index) => `- [${index}]`)}`,
    /:100001:3 error `images` must be text/,
  ],
  [
    '100,000 wrong mirrors',
    `mirrors:\n${lines(100_000, (index) => `  h ${index}: {}`)}`,
    /:100001:3 error .* has a space in it/,
  ],
  [
    'a mirror named ../../etc',
    'mirrors: {../../etc: {endpoint: ["http://a"]}}',
    /:1:11 error .* it has a path/,
  ],
  [
    'a mirror named as a command',
    'mirrors: {"$(touch x)": {}, "`id`": {}}',
    /:1:11 error .* it has a space in it/,
  ],
  [
    'a mirror with a line break',
    'mirrors: {"a.b\\n[host]": {}}',
    /:1:11 error .* mirror key `a\.b\\n\[host\]`/,
  ],
  [
    'a mirror with look-alike letters',
    'mirrors: {"d\u043ecker.io": {}}',
    /:1:11 error .* it is no host or host:port/,
  ],
  [
    'an endpoint with TOML in it',
    `mirrors: {a.b: {endpoint: ["http://a\\"]\\n[host.'http://evil']"]}}`,
    /:1:28 error .* has a space in it/,
  ],
  [
    'a node inventory out of the repository',
    'nodes: [{from: ../outside/manifest.yaml}]',
    /:1:16 error .* outside of the repository/,
  ],
  [
    'a node inventory by its absolute path',
    'nodes: [{from: /etc/passwd}]',
    /:1:16 error .*`\/?etc\/passwd` (?:is not in|cannot be read)/,
  ],
  [
    'a config.toml out of the repository',
    'nodes: [{name: a, containerdConfig: ../../etc/passwd}]',
    /:1:37 error .* outside of the repository/,
  ],
  [
    'a config.toml by its absolute path',
    'nodes: [{name: a, containerdConfig: /etc/passwd}]',
    /:1:37 error .*`\/?etc\/passwd` (?:is not in|cannot be read)/,
  ],
  ['a ClusterIP of another kind', 'nodes: [{name: a, resolves: {a.b: [1]}}]', /:1:\d+ error/],
];

suite('a hostile registries.yaml', () => {
  for (const [what, content, message] of reported) {
    test(`${what} is reported at its place`, () => {
      return withSandbox(({ write, run }) => {
        write('registries.yaml', content);
        const { out, error, exitCode } = run('check');
        assert.match(out, new RegExp(`^registries\\.yaml${message.source}`, 'm'));
        assert.equal(error, '');
        assert.equal(exitCode, 1);
      });
    });
  }

  for (const [what, content, reason] of [
    ['binary', Buffer.from([0, 1, 2]), 'a binary file'],
    ['UTF-16', Buffer.from('\uFEFFmirrors: {}', 'utf16le'), 'written in UTF-16'],
    ['not UTF-8', Buffer.from('mirrors: {a\u00e9: {}}', 'latin1'), 'not valid UTF-8'],
    ['50 MB', Buffer.alloc(50 * 1024 * 1024, ' '), 'larger than 8 MiB'],
  ] as const) {
    test(`that is ${what} ends the run with a reason`, () => {
      return withSandbox(({ write, run }) => {
        write('registries.yaml', content);
        const { out, error, exitCode } = run('check');
        assert.equal(out, '');
        assert.ok(error.startsWith(`mirrorproof: registries.yaml cannot be read: it is ${reason}`), error);
        assert.equal(exitCode, 2);
      });
    });
  }

  for (const [what, target] of [
    ['out of the repository', '../outside/registries.yaml'],
    ['to nowhere', 'missing'],
    ['to itself', 'registries.yaml'],
    ['to a device', '/dev/zero'],
  ] as const) {
    test(`that is a symbolic link ${what} ends the run with a reason`, () => {
      return withSandbox(({ link, run }) => {
        link(target, 'registries.yaml');
        for (const args of [['check'], ['check', '--registries', 'registries.yaml'], ['render']]) {
          const { out, error, exitCode } = run(...args);
          assert.equal(out, '');
          assert.match(error, /^mirrorproof: registries\.yaml cannot be read: it is .+\n$/);
          assert.equal(exitCode, 2);
        }
      });
    });
  }

  test('that is a named pipe ends the run with a reason', () => {
    return withSandbox(({ repository, run }) => {
      execFileSync('mkfifo', [join(repository, 'registries.yaml')]);
      assert.match(
        run('check').error,
        /^mirrorproof: registries\.yaml cannot be read: it is no regular file\n$/,
      );
    });
  });

  test('that is a folder ends the run where it is asked for', () => {
    return withSandbox(({ repository, run }) => {
      mkdirSync(join(repository, 'registries.yaml'));
      const { error, exitCode } = run('check', '--registries', 'registries.yaml');
      assert.match(error, /^mirrorproof: registries\.yaml cannot be read: it is no regular file\n$/);
      assert.equal(exitCode, 2);
    });
  });

  test('that lies out of the repository is not read', () => {
    return withSandbox(({ run }) => {
      for (const path of ['../outside/registries.yaml', '/etc/passwd']) {
        const { error, exitCode } = run('check', '--registries', path);
        assert.match(error, /cannot be read: it is outside of the repository\n$/);
        assert.equal(exitCode, 2);
      }
    });
  });

  test('with 20,000 mirrors is checked and rendered', () => {
    return withSandbox(({ write, run }) => {
      write(
        'registries.yaml',
        `mirrors:\n${lines(20_000, (index) => `  h${index}.a: {endpoint: ["http://m"]}`)}`,
      );
      write('pod.yaml', pod('h7.a/app:1'));
      assert.equal(run('check').exitCode, 0);
      assert.match(run('explain', 'h7.a/app:1').out, /http:\/\/m\/v2\/app\/manifests\/1/);
    });
  });

  test('with 100,000 mirrors, which is more than is read, is reported', () => {
    return withSandbox(({ write, run }) => {
      write(
        'registries.yaml',
        `mirrors:\n${lines(100_000, (index) => `  h${index}.a: {endpoint: ["http://m"], rewrite: {a: b}}`)}`,
      );
      assert.match(run('check').out, /^registries\.yaml:\d+:\d+ error .* too large a document/m);
    });
  });

  test('with expressions that backtrack without end is evaluated in linear time', () => {
    return withSandbox(({ write, run }) => {
      write(
        'registries.yaml',
        'nodes: [{name: a, runtime: "k3s://v1.31.0"}]\n' +
          'mirrors: {a.b: {endpoint: ["http://m"], rewrite: {"^(a+)+$": x, "^(a|a)*c": b, "^(([a-z])+.)+[A-Z]": z}}}\n',
      );
      const image = `a.b/${'a'.repeat(200)}b:1`;
      write('pod.yaml', pod(image));
      assert.equal(run('check').exitCode, 0);
      assert.match(run('explain', image).out, new RegExp(`/v2/${'a'.repeat(200)}b/manifests/1`));
    });
  });
});

suite('hostile nodes', () => {
  function inventory(count: number, name: (index: number) => string): string {
    return `apiVersion: v1\nkind: List\nitems:\n${lines(
      count,
      (index) =>
        `- {kind: Node, metadata: {name: ${JSON.stringify(name(index))}, labels: {zone: "${index % 7}"}}, ` +
        `status: {nodeInfo: {architecture: amd64, containerRuntimeVersion: "containerd://1.7.${index % 10}"}}}`,
    )}`;
  }

  test('5,000 nodes are checked and rendered', () => {
    return withSandbox(({ write, run }) => {
      write(
        'nodes.yaml',
        inventory(5000, (index) => `node-${index}`),
      );
      write('registries.yaml', 'nodes: [{from: nodes.yaml}]\nmirrors: {a.b: {endpoint: ["http://m"]}}\n');
      write('pod.yaml', pod('a.b/app:1'));
      assert.match(run('check').out, /on 5000 nodes/);
      const { out } = run('render', '--out', 'rendered');
      // All of them share one folder.
      assert.deepEqual(out.match(/rendered\/nodes\/[^/]+(?=\/apply\.sh)/g), ['rendered/nodes/node-0']);
    });
  });

  test('more pulls than can be worked out are refused', () => {
    return withSandbox(({ write, run }) => {
      const nodes = lines(
        2000,
        (index) => `- {name: n${index}, mirrors: {h${index}.io: {endpoint: ["http://m"]}}}`,
      );
      write('registries.yaml', `nodes:\n${nodes}images:\n${lines(1000, (index) => `- a.b/app:${index}`)}`);
      const { error, exitCode } = run('check');
      assert.match(
        error,
        /^mirrorproof: 1000 images on 2000 different node configurations are more pulls than/,
      );
      assert.equal(exitCode, 2);
    });
  });

  test('an inventory of garbage is reported', () => {
    return withSandbox(({ write, run }) => {
      write('registries.yaml', 'nodes: [{from: nodes.yaml}]\n');
      for (const [garbage, message] of [
        ['', /names no node/],
        ['[1, {a: b}, null]', /names no node/],
        ['kind: List\nitems: {a: b}', /names no node/],
        ['kind: List\nitems: [{kind: Node, metadata: []}, 5]', /names no node/],
        ['a: [', /nodes\.yaml:1:\d+ error/],
        [aliasBomb(), /nodes\.yaml:\d+:\d+ error unfolds to more than/],
      ] as const) {
        write('nodes.yaml', garbage);
        const { out, exitCode } = run('check');
        assert.match(out, message);
        assert.equal(exitCode, 1);
      }
    });
  });

  for (const kind of ['containerdConfig', 'from'] as const) {
    test(`a ${kind} that is a link out of the repository is reported and not read`, () => {
      return withSandbox(({ write, link, run }) => {
        link('/etc/passwd', 'link');
        write('registries.yaml', `nodes: [{name: a, ${kind}: link}]\n`);
        const { out, exitCode } = run('check');
        assert.match(
          out,
          /^registries\.yaml:1:\d+ error .*it is a symbolic link that leads out of the repository/m,
        );
        assert.doesNotMatch(out, /root:/);
        assert.equal(exitCode, 1);
      });
    });
  }

  for (const [what, content] of [
    ['brackets', '['.repeat(100_000)],
    ['keys', lines(100_000, (index) => `k${index} = 1`)],
    ['a dotted key', `${'a.'.repeat(100_000)}b = 1`],
    ['an unfinished text', `a = "${'x'.repeat(1_000_000)}`],
    ['tables named as members of objects', '[__proto__]\na = 1\n[constructor]\na = 1\n'],
    ['brackets in a text', `version = 2\na = """\n${'['.repeat(5000)}${']'.repeat(5000)}x\n"""\n`],
  ] as const) {
    test(`a config.toml and a hosts.toml of ${what} are survived`, () => {
      return withSandbox(({ write, run }) => {
        write('config.toml', content);
        write('certs.d/docker.io/hosts.toml', content);
        write(
          'registries.yaml',
          'nodes: [{name: a, runtime: "containerd://1.7.22", containerdConfig: config.toml}]\n',
        );
        assert.equal(run('check', '--fail-on', 'never').error, '');
      });
    });
  }
});
