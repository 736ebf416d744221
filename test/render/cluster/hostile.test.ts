import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { parse } from 'smol-toml';
import { getStaticTOMLValue, parseTOML } from 'toml-eslint-parser';
import { parse as parseYaml, parseAllDocuments } from 'yaml';
import { filesInMemory } from '../../../src/files/repositoryFiles.ts';
import { fileOf, renderClusterOf, renderRegistries, type RenderedCluster } from './renderRegistries.ts';

/** Texts that mean something in one of the languages that are written. */
const signs = [
  '\n',
  '\r\n',
  '\u0085',
  '\u2028',
  '"',
  "'",
  '\\',
  '"""',
  "'''",
  ']',
  '[[registry]]',
  '\n---\n',
  '\n# x\nkind: Evil\n',
  '${HOME}',
  '$(id)',
  '`id`',
  '../',
  '|',
  '&a',
  '*a',
  '!!js',
  '{{ x }}',
  '-',
  '\u0000',
  '\u202E',
  '\u{E0001}',
  'ö',
  'x'.repeat(10_000),
];

const hostileText = fc
  .array(fc.oneof(fc.constantFrom(...signs), fc.string({ unit: 'binary', minLength: 1, maxLength: 5 })), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.join(''));

const secret = 'NotToBeSeen';

const hostileRegistries = fc.record({
  host: hostileText,
  endpoint: hostileText,
  caFile: hostileText,
  username: hostileText,
  node: hostileText,
  label: hostileText,
  pattern: hostileText,
  resolved: hostileText,
});

interface Hostile {
  readonly host: string;
  readonly endpoint: string;
  readonly caFile: string;
  readonly username: string;
  readonly node: string;
  readonly label: string;
  readonly pattern: string;
  readonly resolved: string;
}

function renderHostile(texts: Hostile): RenderedCluster {
  const { host, endpoint, caFile, username, node, label, pattern, resolved } = texts;
  return renderRegistries(
    {
      mirrors: {
        'docker.io': {
          endpoint: ['https://m.example.net', endpoint, `https://${endpoint}`],
          rewrite: { [pattern]: pattern },
        },
        [host]: { endpoint: ['http://m.example.net/v2/other'] },
      },
      configs: {
        'm.example.net': {
          auth: { username, password: secret },
          tls: { ca_file: caFile, cert_file: caFile, key_file: caFile },
        },
        [host]: { auth: { username, password: secret } },
      },
      nodes: [
        { name: node, labels: { [label]: label, ok: label }, resolves: { [resolved]: '10.0.0.1' } },
        { name: 'other', mirrors: {}, configs: {} },
      ],
    },
    ['docker.io/library/nginx:1', 'm.example.net/team/app:1'],
  );
}

const options = { seed: 20_261_121, numRuns: 300 };

function property(check: (rendered: RenderedCluster, texts: Hostile) => void): void {
  fc.assert(
    fc.property(hostileRegistries, (texts) => {
      const rendered = renderHostile(texts);
      assert.ok(rendered.files.size > 0);
      check(rendered, texts);
    }),
    options,
  );
}

/** The name of the folder of the first group, whatever it is. */
function groupFile({ files }: RenderedCluster, end: string): string {
  const [path] = [...files.keys()].filter((name) => name.endsWith(end));
  assert.ok(path !== undefined, `there is a ${end}`);
  return files.get(path) ?? '';
}

function loginOf({ username }: Hostile): object {
  return { username: username, password: '${M_EXAMPLE_NET_PASSWORD}' };
}

suite('whatever a repository says,', () => {
  test('each path is harmless', () => {
    property(({ files }) => {
      for (const path of files.keys()) {
        assert.match(path, /^cluster(?:\/[A-Za-z0-9_%-][A-Za-z0-9._%-]{0,254})+$/);
      }
    });
  });

  test('each file has only visible characters, and comments end where they are to end', () => {
    property(({ files }) => {
      for (const [path, text] of files) {
        if (path.endsWith('hosts.toml')) continue;
        assert.doesNotMatch(text, /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u, path);
        const [heading = ''] = text.split('\n\n', 1);
        if (!path.endsWith('.md'))
          for (const line of heading.split('\n')) assert.match(line, /^(?:#|$)/, path);
      }
    });
  });

  test('no file holds a secret', () => {
    property(({ files }) => {
      for (const [path, text] of files) assert.ok(!text.includes(secret), path);
    });
  });

  test('kind.yaml says what is meant and nothing else', () => {
    property((rendered, texts) => {
      const document = parseYaml(fileOf(rendered, 'cluster/kind.yaml'));
      assert.deepEqual(Object.keys(document), ['kind', 'apiVersion', 'nodes', 'containerdConfigPatches']);
      for (const node of document.nodes) {
        for (const key of Object.keys(node)) assert.ok(['role', 'labels', 'extraMounts'].includes(key), key);
        for (const mount of node.extraMounts ?? []) {
          assert.match(
            mount.hostPath,
            /^\.\/kind\/[A-Za-z0-9_%][A-Za-z0-9._%-]*\/etc\/containerd\/certs\.d$|^\.\/kind\/-/,
          );
          assert.equal(mount.containerPath, '/etc/containerd/certs.d');
        }
        for (const text of Object.entries(node.labels ?? {}).flat()) assert.match(String(text), /^[\w./-]*$/);
      }
      const [patch] = document.containerdConfigPatches;
      const { registry } = readToml(patch).plugins['io.containerd.grpc.v1.cri'];
      assert.equal(registry.config_path, '/etc/containerd/certs.d');
      assert.deepEqual(registry.configs['m.example.net'].auth, loginOf(texts));
    });
  });

  test('talos.yaml says what is meant and nothing else', () => {
    property((rendered, texts) => {
      const text = groupFile(rendered, 'talos.yaml');
      const documents = parseAllDocuments(text).map((document) => {
        assert.deepEqual(document.errors, []);
        return document.toJS();
      });
      const kinds = new Set(documents.map(({ kind }) => kind));
      for (const kind of kinds) assert.match(kind, /^Registry(?:Mirror|Auth|TLS)Config$/);
      const login = documents.find(
        ({ kind, name }) => kind === 'RegistryAuthConfig' && name === 'm.example.net',
      );
      const { username, password } = login;
      assert.deepEqual({ username, password }, loginOf(texts));
    });
  });

  test('registries.conf says what is meant and nothing else', () => {
    property((rendered) => {
      const file = readToml(groupFile(rendered, '.conf'));
      assert.deepEqual(Object.keys(file), ['registry']);
      for (const { prefix, location, mirror = [], ...rest } of file.registry) {
        assert.deepEqual(
          Object.keys(rest).filter((key) => key !== 'insecure'),
          [],
        );
        const places = [prefix, location, ...mirror.map((place: { location: string }) => place.location)];
        for (const place of places)
          assert.match(place, /^[A-Za-z0-9][A-Za-z0-9.-]*(?::\d+)?(?:\/[a-z0-9._-]+)*$/);
      }
    });
  });

  test('buildkitd.toml says what is meant and nothing else', () => {
    property((rendered, { caFile }) => {
      const file = readToml(groupFile(rendered, 'buildkitd.toml'));
      assert.deepEqual(Object.keys(file), ['registry']);
      const table = file.registry['m.example.net'];
      const path = caFile;
      // The host is asked by plain HTTP too where the other one is none: then it is said which way is left out.
      if (table.ca) assert.deepEqual(table, { ca: [path], keypair: [{ key: path, cert: path }] });
      else
        assert.ok(
          rendered.unexpressed.some(
            ({ target, what }) => target === 'buildkit' && what.includes('one way only'),
          ),
        );
    });
  });

  test('a pull secret has the login and nothing else', () => {
    const anyName = fc.oneof(hostileText, fc.constantFrom('other', 'a.b-1'));
    let named = 0;
    fc.assert(
      fc.property(hostileText, anyName, anyName, (username, name, namespace) => {
        const pod = (secretName: string, space: string): string =>
          JSON.stringify({
            apiVersion: 'v1',
            kind: 'Pod',
            metadata: { name: 'a', namespace: space },
            spec: {
              imagePullSecrets: [{ name: secretName }],
              containers: [{ name: 'a', image: 'm.example.net/a:1' }],
            },
          });
        const configs = { 'm.example.net': { auth: { username, password: secret } } };
        const rendered = renderClusterOf(
          filesInMemory({
            'registries.yaml': JSON.stringify({ configs }),
            'pods.yaml': [pod('login', 'shop'), pod(name, namespace)].join('\n---\n'),
          }),
        );
        const text = fileOf(rendered, 'cluster/pull-secrets.yaml');
        assert.ok(!text.includes(secret));
        const [first, ...others] = parseAllDocuments(text).map((document) => document.toJS());
        const { stringData, ...rest } = first;
        assert.deepEqual(rest, {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'login', namespace: 'shop' },
          type: 'kubernetes.io/dockerconfigjson',
        });
        const { auths } = JSON.parse(stringData['.dockerconfigjson']);
        const login = { username: username, password: '${M_EXAMPLE_NET_PASSWORD}' };
        assert.deepEqual(auths, { 'm.example.net': login });
        named += others.length;
        for (const { kind, metadata } of others) {
          assert.equal(kind, 'Secret');
          assert.match(metadata.name + metadata.namespace, /^[a-z0-9.-]+$/);
        }
      }),
      options,
    );
    assert.ok(named > 20);
  });
});

/** Read by two readers, of which one did not write it. */
function readToml(text: string) {
  const value = getStaticTOMLValue(parseTOML(text));
  assert.deepEqual(value, structuredClone(parse(text)));
  return JSON.parse(JSON.stringify(value));
}
