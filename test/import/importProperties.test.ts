import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { nodeFilesInMemory, type NodeFiles } from '../../src/files/nodeFiles.ts';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { formatImport } from '../../src/import/formatImport.ts';
import { importNodes, type ImportedNodes, type NodeSource } from '../../src/import/importNodes.ts';
import { readNodeRoot } from '../../src/nodeRoot/nodeRoot.ts';
import { configuredAuth } from '../../src/nodeRoot/configuredAuth.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { parseReference } from '../../src/reference/parseReference.ts';
import type { Reference } from '../../src/reference/reference.ts';
import type { RegistryConfigs } from '../../src/registries/registries.ts';
import type { ConfiguredNode } from '../../src/render/target.ts';
import { attempts } from '../../src/resolver/attempts.ts';
import type { AuthConfig } from '../../src/resolver/credentials.ts';
import type { NodeConfiguration } from '../../src/resolver/nodeConfiguration.ts';
import { profileFor } from '../../src/resolver/profile.ts';
import { pullImage } from '../../src/resolver/pullImage.ts';
import { parseRuntime } from '../../src/resolver/runtime.ts';
import { placeholders, type Case } from '../differential/case.ts';
import { cases } from '../differential/generate/cases.ts';
import { Silence, SimulatedNetwork } from '../differential/network.ts';
import { readNode } from '../differential/nodeFiles.ts';
import { normaliseRequest } from '../differential/normalise.ts';
import { syntheticImage } from '../../src/proof/standIn/image.ts';

const image = syntheticImage('import');

const versions = [
  ...['1.5.18', '1.6.16', '1.6.20', '1.6.39', '1.7.7', '1.7.34'],
  ...['2.0.11', '2.1.9', '2.2.1', '2.2.7', '2.3.4'],
];

/** A node in a world of its own, and the version of its containerd. */
interface World {
  readonly given: Case;
  readonly version: string;
}

const world: fc.Arbitrary<World> = fc.record({
  given: fc.oneof(
    cases({ mistakes: true, logins: true, faults: true }),
    cases({ mistakes: false, logins: true, faults: false }),
  ),
  version: fc.constantFrom(...versions),
});

/** The nodes that the written registries.yaml makes, by name. */
function readBack(imported: ImportedNodes): ReadonlyMap<string, ConfiguredNode> {
  const files = filesInMemory({ 'registries.yaml': formatImport(imported) });
  const { nodes } = analyse(files, { substitutions: new Map() });
  return new Map(nodes.map((node) => [node.node.name, node]));
}

/** True where the import said that images from this host, or all images, may be pulled otherwise by the node. */
function isSaid({ leftovers }: ImportedNodes, node: string, { domain }: Reference): boolean {
  return leftovers.some(
    ({ kind, host, nodes }) =>
      nodes.includes(node) &&
      kind !== 'ignored' &&
      kind !== 'setting' &&
      (host === undefined || host === '*' || host === domain),
  );
}

function fillIn(files: Case['files']): Record<string, string> {
  const certificate = '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n';
  const entries = Object.entries(files).map(([path, text]): [string, string] => [
    path,
    text
      .replaceAll(placeholders.privateAuthority, certificate)
      .replaceAll(placeholders.clientCertificate, certificate)
      .replaceAll(placeholders.clientKey, '-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----\n'),
  ]);
  return Object.fromEntries(entries);
}

function nodeFiles({ files, folders = [] }: Case): NodeFiles {
  return nodeFilesInMemory(fillIn(files), folders);
}

/** The logins of an imported node once the secrets are filled in. */
function filledAuth(
  configs: RegistryConfigs,
  { secrets }: ImportedNodes,
): (host: string) => AuthConfig | undefined {
  const values = new Map(secrets.map(({ name, value }) => [`\${${name}}`, value]));
  const fill = (text: string | undefined): string | undefined => text && (values.get(text) ?? text);
  return (host) => {
    const auth = configuredAuth(configs)(host);
    return (
      auth && {
        username: auth.username,
        password: fill(auth.password),
        auth: fill(auth.auth),
        identityToken: fill(auth.identityToken),
      }
    );
  };
}

/** Everything that can be seen of a pull. */
async function pull(
  given: Case,
  reference: Reference,
  configuration: NodeConfiguration,
  authOf: (host: string) => AuthConfig | undefined,
): Promise<unknown> {
  const network = new SimulatedNetwork(given, image);
  const options = { transport: network, auth: given.auth, configuredAuth: authOf };
  const outcome = await pullImage(configuration, reference, options).then(
    (result) => result.outcome,
    (error: unknown) => {
      if (error instanceof Silence) return 'hung';
      throw error;
    },
  );
  return { outcome, requests: network.seen.map((request) => normaliseRequest(request, image)) };
}

suite('import, then render', () => {
  test('gives nodes that pull alike, unless it said otherwise', async () => {
    const counts = { alike: 0, said: 0 };
    await fc.assert(
      fc.asyncProperty(fc.array(world, { minLength: 1, maxLength: 3 }), async (worlds) => {
        const sources = worlds.map(({ given, version }, index): NodeSource => {
          return { name: `n${index}`, files: nodeFiles(given), runtime: `containerd://${version}` };
        });
        const imported = importNodes(sources);
        const nodes = readBack(imported);
        for (const [index, { given, version }] of worlds.entries()) {
          const name = `n${index}`;
          const profile = profileFor({ kind: 'containerd', version });
          const original = readNode(given, profile);
          const text = given.reference.replaceAll('{{manifest}}', image.manifest.digest);
          const parsed = parseReference(text, profile.referenceGrammar);
          const node = nodes.get(name);
          assert.ok(node);
          if (original.kind === 'refused') {
            assert.ok(
              imported.leftovers.some((left) => left.kind === 'startup' && left.nodes.includes(name)),
            );
            continue;
          }
          if (!parsed.ok) continue;
          if (isSaid(imported, name, parsed.reference)) {
            counts.said += 1;
            continue;
          }
          counts.alike += 1;
          const { tlsFiles } = original.configuration;
          const configuration = { ...node.configuration, tlsFiles };
          assert.deepEqual(
            await pull(given, parsed.reference, configuration, filledAuth(node.node.configs, imported)),
            await pull(given, parsed.reference, original.configuration, original.authOf),
          );
        }
      }),
      { numRuns: 400, seed: 20_261_121 },
    );
    // The property says nothing where everything is excused.
    assert.ok(counts.alike > counts.said, JSON.stringify(counts));
  });

  test('prints no secret', () => {
    fc.assert(
      fc.property(world, ({ given, version }) => {
        const secret = 'correct-horse-battery';
        const files = Object.entries(given.files).map(([path, text]) => [
          path,
          text.replaceAll('"password"', `"${secret}"`).replaceAll('dXNlcjpwYXNzd29yZA==', secret),
        ]);
        const source = {
          name: 'n',
          files: nodeFilesInMemory(Object.fromEntries(files)),
          runtime: `containerd://${version}`,
        };
        assert.ok(!formatImport(importNodes([source])).includes(secret));
      }),
      { numRuns: 200, seed: 20_261_121 },
    );
  });
});

const k3sHost = fc.constantFrom(
  'docker.io',
  'reg.test',
  'reg.test:5000',
  'localhost:5000',
  '*',
  'https://reg.test',
);
const k3sEndpoint = fc.constantFrom(
  ...[
    'http://mirror.test:5000',
    'https://mirror.test/v2/proxy',
    'mirror.test',
    'https://reg.test',
    '10.0.0.1: 5000',
  ],
  ...[
    'https://registry-1.docker.io',
    'http://user:secret@mirror.test',
    'localhost:5000',
    'https://mirror.test/',
  ],
);
const k3sTls = fc.constantFrom(
  'insecure_skip_verify: true',
  'ca_file: /etc/ca.crt',
  'cert_file: /etc/c.crt',
  '',
);
const k3sAuth = fc.constantFrom('username: a, password: b', 'identity_token: "${T}"', 'auth: Yjpj', '');

const k3sFile: fc.Arbitrary<string> = fc
  .record({
    mirrors: fc.dictionary(
      k3sHost,
      fc.record({ endpoint: fc.array(k3sEndpoint, { maxLength: 3 }), rewrite: fc.boolean() }),
    ),
    configs: fc.dictionary(
      fc.constantFrom('mirror.test', 'mirror.test:5000', 'reg.test', 'docker.io', 'registry-1.docker.io'),
      fc.tuple(k3sTls, k3sAuth),
    ),
  })
  .map(({ mirrors, configs }) => {
    const entries = Object.entries(mirrors).map(([host, { endpoint, rewrite }]) => [
      host,
      { endpoint, ...(rewrite && { rewrite: { '^(.*)$': 'proxy/$1' } }) },
    ]);
    const lines = Object.entries(configs).map(
      ([host, [tls, auth]]) => `  ${JSON.stringify(host)}: {tls: {${tls}}, auth: {${auth}}}\n`,
    );
    const section = lines.length > 0 ? `configs:\n${lines.join('')}` : '';
    return `mirrors: ${JSON.stringify(Object.fromEntries(entries))}\n${section}`;
  });

const dockerFile: fc.Arbitrary<string> = fc
  .record({
    'registry-mirrors': fc.array(
      fc.constantFrom(
        'https://mirror.test',
        'http://mirror.test:5000/',
        'https://mirror.test/proxy',
        'http://mirror.test/v2',
      ),
      { maxLength: 3 },
    ),
    'insecure-registries': fc.array(
      fc.constantFrom('reg.test:5000', '10.10.1.106:5000', '10.10.0.0/16', 'mirror.test', 'http://reg.test'),
      { maxLength: 3 },
    ),
  })
  .map((settings) => JSON.stringify(settings));

const references = [
  'nginx',
  'reg.test/a:1',
  'reg.test:5000/a/b',
  'localhost:5000/a',
  'mirror.test/x',
  'quay.io/x/y:2',
];

for (const [runtime, path, file] of [
  ['k3s://1.7.23', '/etc/rancher/k3s/registries.yaml', k3sFile],
  ['rke2://2.1.5', '/etc/rancher/rke2/registries.yaml', k3sFile],
  ['docker://28.1.0', '/etc/docker/daemon.json', dockerFile],
] as const) {
  test(`gives ${runtime} nodes that ask alike, unless it said otherwise`, () => {
    const counts = { alike: 0, said: 0 };
    fc.assert(
      fc.property(file, (text) => {
        const files = nodeFilesInMemory({ [path]: text });
        const original = readNodeRoot(files, parseRuntime(runtime));
        const imported = importNodes([{ name: 'n', files, runtime }]);
        const node = readBack(imported).get('n');
        assert.ok(node);
        if (original.startupError) return;
        for (const name of [...references, '10.10.1.106:5000/x', '10.10.7.7/x']) {
          const parsed = parseReference(name);
          assert.ok(parsed.ok);
          // A block of addresses stands for hosts that are named nowhere.
          const isInBlock = name.startsWith('10.10.') && text.includes('10.10.0.0/16');
          if (isInBlock || isSaid(imported, 'n', parsed.reference)) {
            counts.said += 1;
            continue;
          }
          counts.alike += 1;
          assert.deepEqual(
            withoutPlaces(node.configuration, parsed.reference),
            withoutPlaces(original.configuration, parsed.reference),
          );
        }
      }),
      { numRuns: 300, seed: 20_261_121 },
    );
    assert.ok(counts.alike > counts.said, JSON.stringify(counts));
  });
}

function withoutPlaces(configuration: NodeConfiguration, reference: Reference): unknown {
  const result = attempts(configuration, reference);
  if (!result.ok) return result;
  return result.attempts.map(({ method, url, tls, credentials, httpFallback, host }) => {
    const rewrites = host.rewrites.map(({ pattern, replacement }) => [pattern, replacement]);
    return { method, url, tls, credentials, httpFallback, rewrites };
  });
}
