import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import * as fc from 'fast-check';
import { loadHostDir, type HostsDirectory } from '../../src/hosts/hostsDirectory.ts';
import type { Reference } from '../../src/reference/reference.ts';
import { attempts } from '../../src/resolver/attempts.ts';
import type { NodeConfiguration } from '../../src/resolver/nodeConfiguration.ts';
import { pullImage } from '../../src/resolver/pullImage.ts';
import { registryHosts } from '../../src/resolver/registryHosts.ts';
import { TransportError, type TransportErrorKind } from '../../src/resolver/transport.ts';
import { hostsDirectoryNode, inlineNode } from '../support/nodeConfigurations.ts';
import { containerd, k3s, versions } from '../support/profiles.ts';
import { image, registryWith, ScriptedTransport, type Answer } from './scriptedTransport.ts';
import { endsSoon } from '../support/endsSoon.ts';

const contents = image();
const [manifest] = contents;
const tagged: Reference = { domain: 'reg.test', path: 'team/app', tag: 'v1' };
const references = fc.constantFrom(tagged, { domain: 'reg.test', path: 'team/app', digest: manifest.digest });

const capabilities = fc.constantFrom('', '["pull"]', '["resolve"]', '["push"]', '["pull", "resolve"]', '[]');
/** Hosts a, b, ..., each with its capabilities, and the server. */
const hostsTomls = fc
  .tuple(fc.array(capabilities, { maxLength: 3 }), capabilities)
  .map(([mirrors, server]) => {
    const line = (text: string): string => (text === '' ? '' : `capabilities = ${text}\n`);
    const tables = mirrors.map((each, index) => `[host."http://${'abc'[index]}"]\n${line(each)}`);
    return `server = "http://server"\n${line(server)}${tables.join('') || '[host]\n'}`;
  });

const kinds: readonly TransportErrorKind[] = [
  'refused',
  'timeout',
  'eof',
  'handshake-timeout',
  'no-such-host',
];
const failures = fc.constantFrom(...kinds).map((kind): Answer => new TransportError(kind, `it was ${kind}`));
const statuses = fc
  .constantFrom(200, 204, 300, 301, 307, 400, 401, 403, 404, 405, 408, 429, 500, 503)
  .map((status): Answer => ({ status }));
const challenges = fc
  .constantFrom(
    'Bearer realm="http://auth/token"',
    'Bearer realm="http://auth/token",error="x"',
    'Basic',
    'Bearer',
  )
  .map((challenge): Answer => ({ status: 401, header: { 'WWW-Authenticate': challenge } }));
const redirects = fc
  .constantFrom('http://a/x', '/y', '../z', 'http://[', '//b/c', '?q')
  .map((location): Answer => ({ status: 302, header: { Location: location } }));
const tokens = fc.constantFrom<Answer>({ text: '{"token":"t"}' }, { text: '<html>' }, { text: '{}' });
const answers = fc.oneof(
  failures,
  statuses,
  challenges,
  redirects,
  tokens,
  fc.constant<Answer>({ text: manifest.text }),
);

/** Answers one after the other, again and again. */
function inTurn(list: readonly Answer[]): () => Answer {
  let next = 0;
  return () => list[next++ % list.length] ?? { status: 404 };
}

/** A host is sent the same request 6 times at most, each with 10 redirects and for a token 2 requests. */
const requestsPerHost = 6 * 11 * 3;
/** A manifest or blob by name, the content of a manifest, and the manifest, config and layers. */
const objectsPerPull = 2 + 1 + 2 + contents.length;

describe('any pull', () => {
  test('asks no host to resolve that lacks the capability', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...versions),
      hostsTomls,
      references,
      fc.array(fc.oneof(failures, statuses), { minLength: 1, maxLength: 8 }),
      async (version, text, reference, list) => {
        const node = hostsDirectoryNode(containerd(version), { 'reg.test': text });
        const transport = new ScriptedTransport(inTurn(list));
        const { exchanges } = await pullImage(node, reference, { transport });
        const hosts = registryHosts(node, 'reg.test');
        assert.ok(hosts.ok);
        const needed = reference.digest === undefined ? (['pull', 'resolve'] as const) : (['pull'] as const);
        for (const { phase, request } of exchanges) {
          if (phase !== 'resolve') continue;
          const asked = hosts.hosts.filter(({ host }) => host === new URL(request.url).host);
          assert.ok(
            asked.some((host) => needed.every((each) => host.capabilities.includes(each))),
            request.url,
          );
        }
      },
    );
    await fc.assert(property, { numRuns: 1000 });
  });

  test('ends, after a number of requests that grows with its hosts', async () => {
    const property = fc.asyncProperty(
      fc.constantFrom(...versions),
      hostsTomls,
      references,
      fc.array(answers, { minLength: 1, maxLength: 12 }),
      fc.constantFrom(undefined, { username: 'u', password: 'p' }, { identityToken: 't' }, { auth: '!' }),
      async (version, text, reference, list, auth) => {
        const node = hostsDirectoryNode(containerd(version), { 'reg.test': text });
        const transport = new ScriptedTransport(inTurn(list));
        const { outcome } = await pullImage(node, reference, { transport, auth });
        if (outcome.kind === 'failed')
          assert.match(outcome.message, /reg\.test\/team\/app|^get image config descriptor/);
        const hosts = registryHosts(node, 'reg.test');
        assert.ok(
          hosts.ok && transport.requests.length <= hosts.hosts.length * objectsPerPull * requestsPerHost,
        );
      },
    );
    await fc.assert(property, { numRuns: 2000 });
  });

  test('comes to the same digest with a dead mirror in front', async () => {
    const dead = (answer: Answer): ScriptedTransport =>
      new ScriptedTransport((request) =>
        new URL(request.url).host === 'dead' ? answer : registryWith(contents)(request),
      );
    const property = fc.asyncProperty(
      fc.constantFrom(...versions),
      fc.oneof(
        failures,
        fc.constantFrom<Answer>({ status: 404 }, { status: 500 }, { status: 401 }, { status: 429 }),
      ),
      references,
      async (version, answer, reference) => {
        const live = 'server = "http://server"\n[host."http://mirror"]\n';
        const without = hostsDirectoryNode(containerd(version), { 'reg.test': live });
        const withDead = hostsDirectoryNode(containerd(version), {
          'reg.test': live.replace('[host', '[host."http://dead"]\n[host'),
        });
        const expected = await pullImage(without, reference, { transport: dead(answer) });
        const found = await pullImage(withDead, reference, { transport: dead(answer) });
        assert.equal(expected.outcome.kind, 'pulled');
        assert.deepEqual(found.outcome, expected.outcome);
        assert.ok(found.exchanges.length > expected.exchanges.length);
      },
    );
    await fc.assert(property, { numRuns: 300 });
  });
});

describe('hostile configurations', () => {
  const fragments = fc.constantFrom(
    '[host."http://a"]\n',
    '[host]\n',
    '[[host]]\n',
    '[host."http://b".header]\nx = ["y"]\n',
    '[host."https://c/v2/x%2Fy?z#f"]\noverride_path = true\n',
    '[host."http://\\u0000"]\n',
    'server = "http://up:99999999999"\n',
    "server = 'https://[::1%25zone]:5000/a/../..'\n",
    'skip_verify = "true"\n',
    'ca = [["a"], 1]\nclient = [["a", "b", "c"]]\n',
    'capabilities = ["pull", "PULL", "x"]\n',
    'dial_timeout = "-9999999h"\n',
    '"__proto__" = { constructor = 1 }\n',
    '[header]\n"bad\\nname" = "a\\r\\nHost: b"\n',
    '[rewrite]\n"(a+)+$" = "$1$9${x}"\n',
    'a.b.c = [{ d = [[[[]]]] }]\n',
    '\u0000\uFEFF\uD800',
    '"""\n',
    '# comment\r\n',
  );
  const texts = fc
    .array(fc.oneof(fragments, fc.string({ unit: 'binary', maxLength: 20 })), { maxLength: 8 })
    .map((parts) => parts.join(''));
  const profiles = fc.oneof(
    fc.constantFrom(...versions).map(containerd),
    fc.constantFrom('1.7.22', '2.1.9').map(k3s),
  );
  const domains = fc.constantFrom(
    'reg.test',
    '__proto__',
    'constructor',
    '[::1]:5000',
    'a_1_',
    'reg:0',
    '..',
  );

  test('are read to an end, and pulled by', async () => {
    const property = fc.asyncProperty(
      profiles,
      domains,
      texts,
      fc.boolean(),
      fc.array(answers, { minLength: 1, maxLength: 4 }),
      async (profile, domain, text, isInline, list) => {
        const directories = new Map<string, HostsDirectory>([
          [domain, loadHostDir(domain, new Map([['hosts.toml', text]]), profile)],
        ]);
        const path = '/etc/containerd/certs.d';
        const node: NodeConfiguration = isInline
          ? inlineNode(profile, { [domain]: text.split('\n') })
          : {
              profile,
              registry: { form: 'hosts-directory', configPath: path, roots: [{ path, directories }] },
              credentials: [],
              forcesLocalPull: false,
            };
        const reference = { domain, path: 'a/b', tag: 'c' };
        attempts(node, reference);
        const { outcome } = await pullImage(node, reference, {
          transport: new ScriptedTransport(inTurn(list)),
        });
        assert.ok(['pulled', 'failed', 'crashed', 'not-emulated'].includes(outcome.kind));
      },
    );
    await fc.assert(property, { numRuns: 10_000 });
  });

  test('of any size come to an end', () => {
    const profile = containerd('2.3.4');
    const large = [
      `server = "http://${'a'.repeat(1_000_000)}"\n`,
      `[host."${'a'.repeat(1_000_000)}"]\n`,
      '['.repeat(100_000),
      `a = ${'['.repeat(50_000)}${']'.repeat(50_000)}\n`,
      `a${'.a'.repeat(50_000)} = 1\n`,
      Array.from({ length: 20_000 }, (_, index) => `[host."http://h${index}"]\n`).join(''),
    ];
    for (const text of large) {
      const result = endsSoon(() => attempts(hostsDirectoryNode(profile, { 'reg.test': text }), tagged));
      assert.ok(result.ok && result.attempts.length > 0);
    }
  });
});
