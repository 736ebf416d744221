import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { parseHostsToml } from '../../src/hosts/hostsToml.ts';
import type { HostsFile } from '../../src/hosts/hostsFile.ts';
import { containerd, k3s, versions } from '../support/profiles.ts';

function read(text: string, profile = containerd('2.1.9')): HostsFile {
  const result = parseHostsToml('hosts.toml', text, profile);
  if (!('hostsFile' in result)) assert.fail(JSON.stringify(result));
  return result.hostsFile;
}

function urls(text: string, version: string): readonly string[] {
  return read(text, containerd(version)).hosts.map(({ url }) => url);
}

function dropped(text: string, version: string): string {
  const result = parseHostsToml('hosts.toml', text, containerd(version));
  return 'dropped' in result ? result.dropped.message : 'not dropped';
}

function ignored(text: string, profile = containerd('2.1.9')): readonly string[] {
  const result = parseHostsToml('hosts.toml', text, profile);
  if (!('hostsFile' in result)) assert.fail(JSON.stringify(result));
  return result.ignored.map(({ message, location }) => `${location.start.line}: ${message}`);
}

describe('parseHostsToml', () => {
  test('reads every field with its place', () => {
    const text = [
      'server = "https://registry-1.docker.io"',
      'skip_verify = false',
      '[host."http://10.9.28.38:5000"]',
      '  capabilities = ["PULL", "resolve"]',
      '  ca = "ca.crt"',
      '  client = [["a.crt", "a.key"], "b.pem"]',
      '  override_path = true',
      '  dial_timeout = "200ms"',
      '[host."http://10.9.28.38:5000".header]',
      '  x-a = "1"',
      '  x-b = ["2", "3"]',
    ].join('\n');
    const { server, root, hosts } = read(text);
    assert.equal(server?.value, 'https://registry-1.docker.io');
    assert.deepEqual(server.location?.start, { line: 1, column: 10 });
    assert.equal(root.skipVerify?.value, false);
    const [host] = hosts;
    assert.ok(host);
    assert.deepEqual(host.location?.start, { line: 3, column: 7 });
    assert.deepEqual(host.capabilities?.value, ['pull', 'resolve']);
    assert.deepEqual(host.ca?.value, ['ca.crt']);
    assert.deepEqual(host.client?.value, [{ cert: 'a.crt', key: 'a.key' }, { cert: 'b.pem' }]);
    assert.equal(host.overridePath?.value, true);
    assert.equal(host.dialTimeout?.value, '200ms');
    assert.deepEqual(host.header?.value, [
      { name: 'x-a', values: ['1'] },
      { name: 'x-b', values: ['2', '3'] },
    ]);
    assert.deepEqual(host.skipVerify, undefined);
  });

  test('orders hosts as each library does', () => {
    const interleaved = '[host."b"]\n[host."a"]\n[host."b".header]\nx = "1"\n';
    assert.deepEqual(urls(interleaved, '1.7.34'), ['b', 'a']);
    assert.deepEqual(urls(interleaved, '2.0.11'), ['b', 'a', 'b']);
    assert.deepEqual(urls('[host."a".header]\nx = "1"\n[host."b"]\n[host."a"]\n', '1.7.34'), ['a', 'b']);
    assert.deepEqual(urls('[host."5000"]\n[host."b"]\n[host."1"]\n', '2.1.9'), ['5000', 'b', '1']);
  });

  test('takes inline and dotted hosts on 1.x alone', () => {
    const forms = [
      'host = { "https://a" = { capabilities = ["pull"] } }\n',
      'host."https://a".capabilities = ["pull"]\n',
      '[host]\n"https://a" = {}\n',
    ];
    for (const text of forms) {
      assert.deepEqual(urls(text, '1.6.39'), ['https://a']);
      assert.deepEqual(urls(text, '2.0.11'), []);
      assert.match(ignored(text)[0] ?? '', /only from \[host\."URL"\] tables, so it ignores https:\/\/a$/);
    }
  });

  test('drops a file without a host table before 1.7.32', () => {
    for (const text of ['server = "https://a"\n', '# nothing\n', '[hosts."https://a"]\n', 'host = 5\n']) {
      assert.equal(dropped(text, '1.6.39'), 'invalid `host` tree');
      assert.equal(dropped(text, '1.7.31'), 'invalid `host` tree');
    }
    assert.equal(dropped('server = "https://a"\n', '1.7.32'), 'not dropped');
    assert.equal(dropped('server = "https://a"\n[host]\n', '1.6.39'), 'not dropped');
  });

  test('cannot have an IPv6 address in a table header on 1.x', () => {
    const text = '[host."http://[fd00::1]:5000"]\n';
    assert.equal(
      dropped(text, '1.7.34'),
      "failed to parse TOML: (1, 2): unexpected token table key cannot contain ']', was expecting a table key",
    );
    assert.deepEqual(urls(text, '2.1.9'), ['http://[fd00::1]:5000']);
  });

  test('leaves escapes in a table header as they are on 1.x', () => {
    const text = String.raw`[host."https://a/\u0062"]`;
    assert.equal(dropped(text, '1.7.34'), 'not dropped');
    assert.deepEqual(urls(text, '1.7.34'), [String.raw`https://a/\u0062`]);
    assert.deepEqual(urls(text, '2.1.9'), ['https://a/b']);
  });

  const root = String.raw`struct { config.hostFileConfig; Server string "toml:\"server\""; HostConfigs map[string]config.hostFileConfig "toml:\"host\"" }`;
  const wrong: readonly (readonly [text: string, version1: string, version2: string])[] = [
    [
      '[host]\n[host."a"]\n  skip_verify = "true"\n',
      "(3, 3): Can't convert true(string) to bool",
      'toml: cannot decode TOML string into struct field config.hostFileConfig.SkipVerify of type *bool',
    ],
    [
      'server = 5\n[host]\n',
      "(1, 1): Can't convert 5(int64) to string",
      `toml: cannot decode TOML integer into struct field ${root}.Server of type string`,
    ],
    [
      'server = true\n[host]\n',
      "(1, 1): Can't convert true(bool) to string",
      'toml: cannot assign boolean to a true',
    ],
    [
      '[host."a"]\noverride_path = 1.5\n',
      "(2, 1): Can't convert 1.5(float64) to bool",
      'toml: float cannot be assigned to bool',
    ],
    [
      '[host."a"]\ncapabilities = "pull"\n',
      "(2, 1): Can't convert pull(string) to []string(slice)",
      'toml: cannot decode TOML string into struct field config.hostFileConfig.Capabilities of type []string',
    ],
    [
      '[host."a"]\ncapabilities = ["pull", 1]\n',
      "(2, 1): Can't convert 1(int64) to string",
      'toml: cannot decode TOML integer into struct field config.hostFileConfig.Capabilities of type []string',
    ],
    [
      '[host."a"]\nheader = ["x"]\n',
      "(2, 1): Can't convert [x]([]interface {}) to a slice",
      'toml: cannot decode TOML array into struct field config.hostFileConfig.Header of type map[string]interface {}',
    ],
    [
      '[host]\n"https://a" = 5\n',
      "(2, 1): Can't convert 5(int64) to config.hostFileConfig",
      `toml: cannot decode TOML integer into struct field ${root}.HostConfigs of type map[string]config.hostFileConfig`,
    ],
    ['[host."a"]\nheader = { x = 1 }\n', 'invalid type 1 for header "x"', 'invalid type 1 for header "x"'],
    ['[host."a"]\nca = 5\n', 'invalid type 5 for "ca"', 'invalid type 5 for "ca"'],
    ['[host."a"]\nca = [5]\n', 'unable to cast 5 to string', 'unable to cast 5 to string'],
    [
      '[host."a"]\nca = [{ b = 1 }]\n',
      'invalid type [map[b:1]] for "ca"',
      'unable to cast map[b:1] to string',
    ],
    [
      '[host."a"]\nclient = [["c.crt"]]\n',
      'invalid pair [c.crt] for "client"',
      'invalid pair [c.crt] for "client"',
    ],
    ['[host."a"]\nclient = [1]\n', 'invalid type int64 for "client"', 'invalid type int64 for "client"'],
    ['[host."a"]\ncapabilities = ["pull "]\n', 'unknown capability pull ', 'unknown capability pull '],
    [
      '[host."a"]\ncapabilities = ["referrers"]\n',
      'unknown capability referrers',
      'unknown capability referrers',
    ],
    [
      '[host."https://a b"]\n',
      'unable to parse server https://a b: parse "https://a b": invalid character " " in host name',
      'unable to parse server https://a b: parse "https://a b": invalid character " " in host name',
    ],
    [
      '[host."a"]\n[host."a"]\n',
      'failed to parse TOML: (2, 2): duplicated tables',
      'toml: table a already exists',
    ],
    [
      'server = "a"\nserver = "b"\n',
      'failed to parse TOML: (2, 1): The following key was defined twice: server',
      'toml: key server is already defined',
    ],
    [
      '[host."a"]\nca = "a"\nca = "b"\n',
      'failed to parse TOML: (3, 1): The following key was defined twice: host.a.ca',
      'toml: key ca is already defined',
    ],
  ];
  for (const [text, version1, version2] of wrong) {
    test(`drops ${JSON.stringify(text)} in containerd's words`, () => {
      assert.equal(dropped(text, '1.7.34'), version1);
      assert.equal(dropped(text, '2.1.9'), version2);
    });
  }

  test('names the first wrong value: by field on 1.x, by place on 2.x', () => {
    const text = '[host."a"]\noverride_path = "x"\ncapabilities = "pull"\n';
    assert.match(dropped(text, '1.7.34'), /\[\]string/);
    assert.match(dropped(text, '2.1.9'), /OverridePath/);
  });

  test('knows each field since the version that has it', () => {
    const text =
      '[host."https://a/v2/p"]\noverride_path = true\ndial_timeout = "5"\n[host."https://a/v2/p".rewrite]\n"^(.*)$" = "p/$1"\n';
    assert.equal(dropped(text, '2.1.9'), 'time: missing unit in duration "5"');
    assert.equal(dropped(text, '2.0.6'), 'not dropped');
    assert.deepEqual(ignored(text, containerd('1.5.18')), [
      '2: this containerd does not know the key "override_path" yet and ignores it',
      '3: this containerd does not know the key "dial_timeout" yet and ignores it',
      '4: this containerd does not know the key "rewrite" yet and ignores it',
    ]);
    const [host] = read(text, k3s('1.7.11')).hosts;
    assert.deepEqual(
      host?.rewrites?.map(({ pattern, replacement }) => [pattern, replacement]),
      [['^(.*)$', 'p/$1']],
    );
    assert.equal(dropped('[host."a"]\ncapabilities = ["referrers"]\n', '2.2.0'), 'not dropped');
    assert.equal(dropped('server = "https://a:1:2"\n', '2.2.7'), 'not dropped');
    assert.match(dropped('server = "https://a:1:2"\n', '2.3.0'), /invalid port ":1:2" after host/);
  });

  test('lists what has no effect', () => {
    const text =
      'server = "https://a"\nplain_http = true\n[host."https://b"]\nserver = "https://c"\n[plugins.cri]\nx = 1\n';
    assert.deepEqual(ignored(text), [
      '2: containerd does not know the key "plain_http" here and ignores it',
      '5: containerd does not know the key "plugins" here and ignores it',
      '4: containerd does not know the key "server" here and ignores it',
    ]);
    assert.equal(read('Server = "https://a"\n').server?.value, 'https://a');
    assert.equal(read('Server = "https://a"\n[host]\n', containerd('1.7.34')).server, undefined);
    assert.deepEqual(ignored('Server = "https://a"\n[host]\n', containerd('1.7.34')), [
      '1: containerd does not read the key "Server" in this spelling',
    ]);
  });

  test('takes a byte order mark on 1.x alone', () => {
    assert.equal(dropped('\uFEFFserver = "https://a"\n', '1.7.34'), 'not dropped');
    assert.equal(
      dropped('\uFEFFserver = "https://a"\n', '2.1.9'),
      'toml: invalid character at start of key: \u00EF',
    );
  });

  test('takes any text', () => {
    fc.assert(
      fc.property(hostileText, fc.constantFrom(...versions), (text, version) => {
        const result = parseHostsToml('hosts.toml', text, containerd(version));
        if ('crash' in result)
          assert.match(result.crash.message, /^(?:interface conversion|reflect\.Set|unhandled token): /);
        else if ('dropped' in result) assert.notEqual(result.dropped.message, '');
        else assert.ok(Array.isArray(result.ignored));
      }),
      { numRuns: 2000 },
    );
  });
});

const hostileValue = fc.constantFrom(
  '"x"',
  "'y'",
  '5',
  '1.5',
  'true',
  '[]',
  '["a"]',
  '[["a", "b"]]',
  '{ a = 1 }',
  '[{}]',
  '1979-05-27',
  '"\\u0000"',
  '{',
  '"',
);
const hostileKey = fc.constantFrom(
  'server',
  'capabilities',
  'ca',
  'client',
  'skip_verify',
  'header',
  'override_path',
  'dial_timeout',
  'host',
  'host."a"',
  'SERVER',
  '"__proto__"',
  'constructor',
  'rewrite',
);
const hostileHeader = fc.constantFrom(
  '[host]',
  '[host."a"]',
  "[host.'a']",
  '[host."http://[::1]"]',
  '[host."a".header]',
  '[[host]]',
  '[header]',
  '[host."\\""]',
  '[[host."a"]]',
  '[',
  '[ca]',
  '[__proto__]',
);
const hostileText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc
    .array(
      fc.oneof(
        fc.tuple(hostileKey, hostileValue).map(([key, value]) => `${key} = ${value}`),
        hostileHeader,
      ),
      { maxLength: 8 },
    )
    .map((lines) => lines.join('\n')),
);
