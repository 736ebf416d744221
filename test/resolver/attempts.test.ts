import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import type { Reference } from '../../src/reference/reference.ts';
import { attempts } from '../../src/resolver/attempts.ts';
import { configurationKey, type NodeConfiguration } from '../../src/resolver/nodeConfiguration.ts';
import { profileFor } from '../../src/resolver/profile.ts';
import { registryHosts } from '../../src/resolver/registryHosts.ts';
import { dockerNode, hostsDirectoryNode, inlineNode } from '../support/nodeConfigurations.ts';
import { containerd, k3s, versions } from '../support/profiles.ts';

const digest = `sha256:${'a'.repeat(64)}`;
const tagged: Reference = { domain: 'docker.io', path: 'library/redis', tag: '7.2' };
const digested: Reference = { domain: 'docker.io', path: 'library/redis', digest };

function urls(configuration: NodeConfiguration, reference: Reference): readonly string[] {
  const result = attempts(configuration, reference);
  return result.ok ? result.attempts.map(({ method, url }) => `${method} ${url}`) : [result.error];
}

describe('attempts', () => {
  test('asks every host for a tag, with the namespace where it is not its own', () => {
    const node = hostsDirectoryNode(containerd('1.7.24'), {
      'docker.io':
        '[host."http://10.9.28.38:5000"]\n[host."https://harbor.example/v2/proxy"]\noverride_path = true\n',
    });
    assert.deepEqual(urls(node, tagged), [
      'HEAD http://10.9.28.38:5000/v2/library/redis/manifests/7.2?ns=docker.io',
      'HEAD https://harbor.example/v2/proxy/library/redis/manifests/7.2?ns=docker.io',
      'HEAD https://registry-1.docker.io/v2/library/redis/manifests/7.2',
    ]);
  });

  test('asks every host for the manifest of a digest, then every host for a blob', () => {
    const node = hostsDirectoryNode(containerd('2.1.9'), { 'docker.io': '[host."https://m"]\n' });
    assert.deepEqual(urls(node, digested), [
      `HEAD https://m/v2/library/redis/manifests/${digest}?ns=docker.io`,
      `HEAD https://registry-1.docker.io/v2/library/redis/manifests/${digest}`,
      `HEAD https://m/v2/library/redis/blobs/${digest}?ns=docker.io`,
      `HEAD https://registry-1.docker.io/v2/library/redis/blobs/${digest}`,
    ]);
  });

  test('needs the capability to resolve for a tag alone', () => {
    const text =
      'server = "https://up"\ncapabilities = ["push"]\n[host."https://m"]\ncapabilities = ["pull"]\n';
    const node = hostsDirectoryNode(containerd('1.7.34'), { 'docker.io': text });
    assert.deepEqual(urls(node, tagged), ['no resolve hosts: not found']);
    assert.equal(urls(node, digested).length, 2);
  });

  test('sends the namespace with its port escaped, also to a server that names another port', () => {
    const reference = { domain: 'reg:5000', path: 'app', tag: 'v1' };
    const node = hostsDirectoryNode(containerd('1.7.34'), {
      'reg:5000': 'server = "http://10.0.0.1:5000/"\n',
    });
    assert.deepEqual(urls(node, reference), ['HEAD http://10.0.0.1:5000/v2/app/manifests/v1?ns=reg%3A5000']);
    const literal = hostsDirectoryNode(containerd('1.7.34'), {
      'docker.io': 'server = "https://docker.io"\n',
    });
    assert.deepEqual(urls(literal, tagged), ['HEAD https://docker.io/v2/library/redis/manifests/7.2']);
  });

  test('says how each host is asked', () => {
    const node = hostsDirectoryNode(
      containerd('1.7.24'),
      {
        reg: '[host."http://a:5000"]\nskip_verify = true\n[host."http://b"]\n[host."https://c"]\nca = "/ca.crt"\n',
      },
      { credentials: [{ host: 'b' }] },
    );
    const result = attempts(node, { domain: 'reg', path: 'app', tag: 'v1' });
    assert.ok(result.ok);
    const [a, b, c, upstream] = result.attempts;
    assert.deepEqual([a?.httpFallback, a?.tls], [true, { skipVerify: true, ca: [], client: [] }]);
    assert.deepEqual([b?.httpFallback, b?.tls, b?.credentials], [false, null, true]);
    assert.deepEqual([c?.tls?.ca, c?.credentials, c?.source?.start.line], [['/ca.crt'], false, 4]);
    assert.equal(upstream?.source, undefined);
  });

  test('rewrites the repository on k3s alone', () => {
    const text = `server = "https://registry-1.docker.io"
[host."https://m"]
[host."https://m".rewrite]
"(?!x)" = "skipped"
"^library/(.*)" = "hub/$1"
"^hub" = "never"
`;
    assert.deepEqual(urls(hostsDirectoryNode(k3s('1.7.22'), { 'docker.io': text }), tagged), [
      'HEAD https://m/v2/hub/redis/manifests/7.2?ns=docker.io',
      'HEAD https://registry-1.docker.io/v2/library/redis/manifests/7.2',
    ]);
    assert.deepEqual(
      urls(hostsDirectoryNode(containerd('1.7.22'), { 'docker.io': text }), tagged)[0],
      'HEAD https://m/v2/library/redis/manifests/7.2?ns=docker.io',
    );
  });

  test('asks as dockerd does', () => {
    const node = dockerNode(profileFor({ kind: 'docker' }), ['http://10.9.28.38'], ['reg:5000']);
    assert.deepEqual(urls(node, tagged), [
      'GET http://10.9.28.38/v2/library/redis/manifests/7.2',
      'GET https://registry-1.docker.io/v2/library/redis/manifests/7.2',
    ]);
    assert.deepEqual(urls(node, { domain: 'reg:5000', path: 'app', tag: 'v1' }), [
      'GET https://reg:5000/v2/app/manifests/v1',
      'GET http://reg:5000/v2/app/manifests/v1',
    ]);
  });

  test('never asks a host that lacks a capability, and no more often than hosts and paths allow', () => {
    fc.assert(
      fc.property(nodes, references, (node, reference) => {
        const hosts = registryHosts(node, reference.domain);
        const result = attempts(node, reference);
        assert.deepEqual(attempts(node, reference), result);
        if (!hosts.ok) return assert.deepEqual(result, hosts);
        if (!result.ok) return assert.equal(result.error, 'no resolve hosts: not found');
        const needed = reference.digest === undefined ? (['pull', 'resolve'] as const) : (['pull'] as const);
        for (const { host, tls, url } of result.attempts) {
          assert.ok(needed.every((capability) => host.capabilities.includes(capability)));
          assert.ok(hosts.hosts.some((known) => JSON.stringify(known) === JSON.stringify(host)));
          assert.equal(tls === null, host.scheme === 'http');
          assert.ok(url.startsWith(`${host.scheme}://${host.host}/`));
        }
        assert.ok(result.attempts.length <= hosts.hosts.length * (reference.digest === undefined ? 1 : 2));
      }),
      { numRuns: 2000 },
    );
  });
});

describe('configurationKey', () => {
  const texts = { 'docker.io': '[host."https://m"]\n', reg: '[host."https://m"]\n' };

  test('is the same wherever a configuration is written', () => {
    const node = hostsDirectoryNode(containerd('1.7.24'), texts, {
      credentials: [{ host: 'a' }, { host: 'b' }],
    });
    const elsewhere = hostsDirectoryNode(
      containerd('1.7.24'),
      { reg: "# moved\nunknown = 1\n\n[host.'https://m']\n", 'docker.io': '[host."https://m"]\n' },
      { credentials: [{ host: 'b' }, { host: 'a' }, { host: 'a' }] },
    );
    assert.equal(configurationKey(node), configurationKey(elsewhere));
  });

  test('differs where a node would pull otherwise', () => {
    const node = (version: string, text: string): NodeConfiguration =>
      hostsDirectoryNode(containerd(version), { reg: text });
    const keys = [
      node('1.7.24', '[host."https://a"]\n[host."https://b"]\n'),
      node('1.7.24', '[host."https://b"]\n[host."https://a"]\n'),
      node('1.6.20', '[host."https://a"]\n[host."https://b"]\n'),
      hostsDirectoryNode(containerd('1.7.24'), texts),
      hostsDirectoryNode(containerd('1.7.24'), texts, { credentials: [{ host: 'm' }] }),
      hostsDirectoryNode(containerd('1.7.24'), texts, { forcesLocalPull: true }),
      inlineNode(containerd('1.7.24'), { reg: ['https://a'] }),
      inlineNode(containerd('1.7.24'), { reg: [] }),
    ].map(configurationKey);
    assert.equal(new Set(keys).size, keys.length);
  });
});

const anyUrl = fc.constantFrom(
  'https://m',
  'http://m:5000',
  'http://m/v2/p',
  'm:5000',
  'https://reg:5000',
  'http',
  'https://a b',
  '',
);
const table = fc
  .tuple(
    anyUrl,
    fc.subarray(['pull', 'resolve', 'push']),
    fc.constantFrom('', 'skip_verify = true', 'override_path = true'),
  )
  .map(
    ([url, capabilities, line]) =>
      `[host.${JSON.stringify(url)}]\ncapabilities = ${JSON.stringify(capabilities)}\n${line}\n`,
  );
const hostsToml = fc
  .tuple(
    fc.constantFrom('', 'server = "https://up"\n', 'server = "http://up"\ncapabilities = ["pull"]\n'),
    fc.array(table, { maxLength: 4 }),
  )
  .map(([server, tables]) => server + tables.join(''));
const profiles = fc
  .tuple(fc.constantFrom('containerd' as const, 'k3s' as const), fc.constantFrom(...versions))
  .map(([kind, version]) => profileFor({ kind, version }));
const nodes: fc.Arbitrary<NodeConfiguration> = fc.oneof(
  fc
    .tuple(profiles, hostsToml, hostsToml)
    .map(([profile, own, rest]) => hostsDirectoryNode(profile, { 'reg:5000': own, _default: rest })),
  fc
    .tuple(profiles, fc.array(anyUrl, { maxLength: 3 }))
    .map(([profile, endpoints]) => inlineNode(profile, { 'reg:5000': endpoints })),
  fc
    .array(anyUrl, { maxLength: 3 })
    .map((mirrors) => dockerNode(profileFor({ kind: 'docker' }), mirrors, ['reg:5000'])),
);
const references: fc.Arbitrary<Reference> = fc
  .record({
    domain: fc.constantFrom('docker.io', 'reg:5000', 'localhost:5000'),
    path: fc.constantFrom('library/a', 'b'),
  })
  .chain((name) => fc.constantFrom<Reference>({ ...name, tag: 'v1' }, { ...name, digest }));
