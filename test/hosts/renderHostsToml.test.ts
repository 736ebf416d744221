import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { HostFields, HostsFile, Sourced } from '../../src/hosts/hostsFile.ts';
import { parseHostsToml } from '../../src/hosts/hostsToml.ts';
import { renderHostsToml } from '../../src/hosts/renderHostsToml.ts';
import { containerd, k3s } from '../support/profiles.ts';

describe('renderHostsToml', () => {
  test('writes the server first, then a table for each host', () => {
    const hostsFile: HostsFile = {
      server: { value: 'https://registry-1.docker.io' },
      root: { skipVerify: { value: true } },
      hosts: [
        { url: 'http://10.9.28.38', capabilities: { value: ['pull', 'resolve'] } },
        {
          url: 'https://harbor.example/v2/proxy',
          capabilities: { value: ['pull', 'resolve'] },
          overridePath: { value: true },
          ca: { value: ['/etc/ssl/harbor.crt'] },
          client: { value: [{ cert: 'a.crt', key: 'a.key' }, { cert: 'b.pem' }] },
          skipVerify: { value: false },
          dialTimeout: { value: '200ms' },
          header: {
            value: [
              { name: 'x-a', values: ['1'] },
              { name: 'x b', values: ['2', '3'] },
            ],
          },
          rewrites: [{ pattern: String.raw`^foo\.bar/(.*)`, replacement: '$1' }],
        },
      ],
    };
    const text = `server = "https://registry-1.docker.io"
skip_verify = true

[host."http://10.9.28.38"]
  capabilities = ["pull", "resolve"]

[host."https://harbor.example/v2/proxy"]
  capabilities = ["pull", "resolve"]
  override_path = true
  ca = ["/etc/ssl/harbor.crt"]
  client = [["a.crt", "a.key"], "b.pem"]
  skip_verify = false
  dial_timeout = "200ms"

  [host."https://harbor.example/v2/proxy".header]
    x-a = "1"
    "x b" = ["2", "3"]
`;
    assert.equal(renderHostsToml(hostsFile), text);
    const rewrite = String.raw`
  [host."https://harbor.example/v2/proxy".rewrite]
    "^foo\\.bar/(.*)" = "$1"
`;
    assert.equal(renderHostsToml(hostsFile, { rewrites: true }), text + rewrite);
  });

  test('writes an empty host table where there is no host', () => {
    assert.equal(
      renderHostsToml({ server: { value: 'http://reg:5000' }, root: {}, hosts: [] }),
      'server = "http://reg:5000"\n\n[host]\n',
    );
  });

  test('writes a URL twice only once', () => {
    const hosts = [
      { url: 'https://a' },
      { url: 'https://b' },
      { url: 'https://a', skipVerify: { value: true } },
    ];
    assert.equal(renderHostsToml({ root: {}, hosts }), '[host."https://a"]\n\n[host."https://b"]\n');
  });

  test('is read back as it was by every containerd', () => {
    for (const profile of [k3s('1.7.34'), k3s('2.1.9')]) {
      fc.assert(
        fc.property(hostsFiles, (hostsFile) => {
          const text = renderHostsToml(hostsFile, { rewrites: true });
          const result = parseHostsToml('hosts.toml', text, profile);
          if (!('hostsFile' in result)) return assert.fail(`${JSON.stringify(result)}\n${text}`);
          assert.deepEqual(plain(result.hostsFile), plain(known(hostsFile, profile.knowsDialTimeout)));
        }),
        { numRuns: 500 },
      );
    }
  });

  test('cannot be made to write more than one value', () => {
    const hostile = 'x"\n[host."https://evil"]\nserver = "https://evil';
    const hostsFile: HostsFile = {
      server: { value: 'https://a' },
      root: { ca: { value: [hostile] } },
      hosts: [],
    };
    const result = parseHostsToml('hosts.toml', renderHostsToml(hostsFile), containerd('2.1.9'));
    assert.equal('hostsFile' in result && result.hostsFile.hosts.length, 0);
    assert.deepEqual('hostsFile' in result && result.hostsFile.root.ca?.value, [hostile]);
  });
});

function sourced<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Sourced<T> | undefined> {
  return fc.option(
    value.map((value) => ({ value })),
    { nil: undefined },
  );
}

// What TOML can hold: half a surrogate pair it cannot.
const hostileString = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({
    unit: fc.constantFrom(
      '"',
      "'",
      '\\',
      '\n',
      '\r',
      '\t',
      '\0',
      '\u007F',
      '#',
      '[',
      ']',
      '=',
      '\u{1F600}',
      'a',
    ),
  }),
);
// As a key, go-toml version 1 cannot hold a double quote together with what no literal string takes.
const hostileKey = hostileString.filter((text) => !text.includes('"') || !/['\p{Cc}]/u.test(text));
const urlPath = fc.string({
  unit: fc.constantFrom('"', '\\', '#', '=', '$', '{', '}', '/', ' ', 'a', '\u00E9'),
  maxLength: 8,
});
const capability = fc.constantFrom('pull' as const, 'resolve' as const, 'push' as const);
const fields: fc.Arbitrary<HostFields> = fc.record({
  capabilities: sourced(fc.uniqueArray(capability)),
  ca: sourced(fc.array(hostileString, { maxLength: 3 })),
  client: sourced(
    fc.array(
      fc.oneof(fc.record({ cert: hostileString }), fc.record({ cert: hostileString, key: hostileString })),
      { maxLength: 3 },
    ),
  ),
  skipVerify: sourced(fc.boolean()),
  overridePath: sourced(fc.boolean()),
  dialTimeout: sourced(fc.constantFrom('200ms', '1h')),
  header: sourced(
    fc.uniqueArray(fc.record({ name: hostileKey, values: fc.array(hostileString, { maxLength: 3 }) }), {
      maxLength: 3,
      selector: ({ name }) => name,
    }),
  ),
  rewrites: fc.option(
    fc.uniqueArray(fc.record({ pattern: hostileKey, replacement: hostileString }), {
      minLength: 1,
      maxLength: 3,
      selector: ({ pattern }) => pattern,
    }),
    { nil: undefined },
  ),
});
const url = fc
  .tuple(fc.constantFrom('https://a', 'http://b:5000'), urlPath)
  .map(([host, path]) => `${host}/${path}`);
const hostsFiles: fc.Arbitrary<HostsFile> = fc.record({
  server: sourced(url),
  root: fields,
  hosts: fc.uniqueArray(
    fc.tuple(fields, url).map(([entry, url]) => ({ ...entry, url })),
    { maxLength: 4, selector: ({ url }) => url },
  ),
});

/** The data without places and without fields that are absent. */
function plain(data: unknown): unknown {
  return JSON.parse(JSON.stringify(data, (key, value: unknown) => (key === 'location' ? undefined : value)));
}

function known(hostsFile: HostsFile, knowsDialTimeout: boolean): HostsFile {
  if (knowsDialTimeout) return hostsFile;
  const without = <T extends HostFields>(entry: T): T => ({ ...entry, dialTimeout: undefined });
  return { ...hostsFile, root: without(hostsFile.root), hosts: hostsFile.hosts.map(without) };
}
