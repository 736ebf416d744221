import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import * as fc from 'fast-check';
import { parse as parseToml } from 'smol-toml';
import { parse as parseYaml } from 'yaml';
import { filesInMemory } from '../../src/files/repositoryFiles.ts';
import { analyse } from '../../src/pipeline/run.ts';
import { parseEndpoint, urlOf } from '../../src/registries/endpoint.ts';
import { findHostMistake } from '../../src/registries/namespaceHost.ts';
import type { Report } from '../../src/report/report.ts';

const runs = { numRuns: 300, seed: 20_261_121 };

/** What TOML, YAML, JSON or a shell could take for more than a text. */
const hostileText = fc.oneof(
  fc.constantFrom(
    '"',
    "'",
    '"""',
    "'''",
    '\\',
    '\\"',
    '#',
    '"\n[host."http://evil"]\n"',
    '"]\n[plugins]\n',
    ': ',
    '- a',
    'a: b\nc: d',
    '<<',
    '*a',
    '&a',
    '!a',
    '%a',
    '@a',
    '---',
    '...',
    '|',
    '>',
    '{}',
    '[]',
    'yes',
    'no',
    'on',
    'y',
    'null',
    '~',
    '1_000',
    '0o7',
    '0x1F',
    '190:20:30',
    '2001-01-01',
    '1e3',
    '.inf',
    '${NAME}',
    '$(touch x)',
    '`touch x`',
    '\u0000',
    '\u0007',
    '\u001b[31m',
    '\u007f',
    '\u0085',
    '\u009b',
    '\u00a0',
    '\u2028',
    '\u202e',
    '\ufeff',
    '\u{1f600}',
    '__proto__',
    'constructor',
    ' leading',
    'trailing ',
    'x'.repeat(200),
    'x y '.repeat(60),
  ),
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.stringMatching(/^[a-z0-9.:/-]+$/),
);

const textWithParts = fc.array(hostileText, { minLength: 1, maxLength: 4 }).map((parts) => parts.join(''));

const host = fc.oneof(fc.stringMatching(/^[a-z][a-z0-9]{0,5}\.[a-z]{2}(:[1-9][0-9]{0,3})?$/), textWithParts);

const endpoint = fc.oneof(
  host,
  host.map((name) => `http://${name}`),
  fc.tuple(host, textWithParts).map(([name, path]) => `https://${name}/v2/${path}`),
);

interface Settings {
  readonly key: string;
  readonly endpoint: string;
  readonly pattern: string;
  readonly replacement: string;
  readonly user: string;
  readonly password: string;
  readonly file: string;
  readonly node: string;
}

const settings = fc.record<Settings>({
  key: host,
  endpoint,
  pattern: textWithParts,
  replacement: textWithParts,
  user: textWithParts,
  password: textWithParts,
  file: textWithParts,
  node: textWithParts,
});

/** JSON is YAML, and says every text exactly. */
function registriesYaml(written: Settings, node: object): string {
  return JSON.stringify({
    mirrors: {
      [written.key]: { endpoint: [written.endpoint], rewrite: { [written.pattern]: written.replacement } },
    },
    configs: {
      [written.key]: {
        auth: { username: written.user, password: written.password },
        tls: { ca_file: written.file, cert_file: written.file, key_file: written.file },
      },
    },
    nodes: [{ name: written.node, ...node }],
  });
}

function report(written: Settings, node: object): Report {
  const files = filesInMemory({ 'registries.yaml': registriesYaml(written, node) });
  return analyse(files, { substitutions: new Map() }).report;
}

/** The rendered files of nodes by the end of their path. */
function renderedFile({ rendered }: Report, name: string): string | undefined {
  const paths = [...rendered.keys()].filter((path) => path.startsWith('nodes/') && path.endsWith(`/${name}`));
  assert.ok(paths.length <= 1, paths.join('\n'));
  return rendered.get(paths[0] ?? '');
}

function hasErrors({ findings }: Report): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** What becomes of a secret: its own `${NAME}`, or one that is made up. */
function assertPlaceholder(rendered: unknown, secret: string): void {
  assert.equal(typeof rendered, 'string');
  assert.match(String(rendered), /^\$\{[A-Za-z_]\w*\}$/);
  if (/^\$\{[A-Za-z_]\w*\}$/.test(secret)) assert.equal(rendered, secret);
}

/** Undefined for an endpoint that no file can have; then there has to be a finding about it. */
function usableEndpoint({ key, endpoint: written }: Settings, found: Report): string | undefined {
  const parsed = parseEndpoint(written);
  if (findHostMistake(key) || !parsed.ok) assert.ok(hasErrors(found), JSON.stringify([key, written]));
  return !findHostMistake(key) && parsed.ok ? urlOf(parsed.endpoint) : undefined;
}

suite('rendered files hold what registries.yaml says and nothing more', () => {
  test('config.toml with inline mirrors', () => {
    fc.assert(
      fc.property(settings, (written) => {
        const found = report(written, { runtime: 'containerd://1.6.20', configPath: '' });
        const url = usableEndpoint(written, found);
        const { version, plugins, ...others } = parseToml(renderedFile(found, 'registry-section.toml') ?? '');
        assert.deepEqual([version, others], [2, {}]);
        const { mirrors, configs, ...more } = registrySection(plugins);
        assert.deepEqual(more, {});
        assert.deepEqual(
          plain(mirrors),
          url === undefined ? undefined : { [written.key]: { endpoint: [url] } },
        );
        if (findHostMistake(written.key)) return assert.equal(configs, undefined);
        const [[host, config] = ['', undefined], ...rest] = Object.entries(configs as object);
        assert.deepEqual(
          [host, rest],
          [written.key === 'docker.io' ? 'registry-1.docker.io' : written.key, []],
        );
        const { auth, tls, ...none } = config as Record<string, Record<string, string>>;
        assert.deepEqual(none, {});
        const { file } = written;
        assert.deepEqual(
          plain(tls),
          file === '' ? undefined : { ca_file: file, cert_file: file, key_file: file },
        );
        assertLogin(auth, written);
      }),
      runs,
    );
  });

  test('hosts.toml', () => {
    fc.assert(
      fc.property(settings, (written) => {
        const found = report(written, { runtime: 'containerd://2.1.0' });
        const url = usableEndpoint(written, found);
        const text = renderedFile(found, 'hosts.toml');
        if (url === undefined && text === undefined) return;
        const { host = {}, server, ca, client, ...others } = parseToml(text ?? '');
        assert.deepEqual(others, {});
        assert.ok(server === undefined || typeof server === 'string');
        for (const tls of [{ ca, client }, ...Object.values(host)]) {
          const {
            capabilities: _,
            override_path: __,
            skip_verify: ___,
            ca: cas,
            client: pairs,
            ...none
          } = tls as Record<string, unknown>;
          assert.deepEqual(none, {});
          if (cas !== undefined) assert.deepEqual(cas, [written.file]);
          if (pairs !== undefined) assert.deepEqual(pairs, [[written.file, written.file]]);
        }
        const isServer = url !== undefined && Object.keys(host).length === 0;
        if (isServer) assert.equal(server, url);
        else assert.deepEqual(Object.keys(host), url === undefined ? [] : [url]);
      }),
      runs,
    );
  });

  test('registries.yaml of k3s, as its YAML 1.1 reader takes it', () => {
    fc.assert(
      fc.property(settings, (written) => {
        const found = report(written, { runtime: 'k3s://v1.31.0' });
        const url = usableEndpoint(written, found);
        const text = renderedFile(found, 'registries.yaml') ?? '';
        const { mirrors, configs, ...others } = parseYaml(text, {
          version: '1.1',
          uniqueKeys: true,
        }) as Record<string, unknown>;
        assert.deepEqual(others, {});
        if (findHostMistake(written.key)) return assert.deepEqual([mirrors, configs], [undefined, undefined]);
        assert.deepEqual(mirrors, {
          [written.key]: {
            endpoint: url === undefined ? [] : [url],
            rewrite: Object.fromEntries([[written.pattern, written.replacement]]),
          },
        });
        const { file } = written;
        const [[host, config] = ['', undefined], ...rest] = Object.entries(configs as object);
        assert.deepEqual([host, rest], [written.key, []]);
        const { auth, tls } = config as Record<string, Record<string, string>>;
        assert.deepEqual(tls, { ca_file: file, cert_file: file, key_file: file });
        assertLogin(auth, written);
        for (const line of text.split('\n')) assert.doesNotMatch(line, /^\s*::/);
      }),
      runs,
    );
  });

  test('daemon.json', () => {
    fc.assert(
      fc.property(settings, (written) => {
        const found = report({ ...written, key: 'docker.io' }, { runtime: 'docker://20.10.7' });
        const url = usableEndpoint({ ...written, key: 'docker.io' }, found);
        const {
          'registry-mirrors': mirrors,
          'insecure-registries': insecure,
          ...others
        } = JSON.parse(renderedFile(found, 'daemon.json') ?? '');
        assert.deepEqual(others, {});
        assert.deepEqual([mirrors, insecure], [url === undefined ? [] : [url], []]);
      }),
      runs,
    );
  });
});

function registrySection(plugins: unknown): Record<string, unknown> {
  const [[name, plugin] = ['', {}], ...otherPlugins] = Object.entries(plugins as object);
  const { registry, ...otherSettings } = plugin as Record<string, Record<string, unknown>>;
  assert.deepEqual([name, otherPlugins, otherSettings], ['io.containerd.grpc.v1.cri', [], {}]);
  return registry ?? {};
}

function assertLogin(auth: unknown, { user, password }: Settings): void {
  const { username, password: rendered, ...others } = auth as Record<string, string>;
  assert.deepEqual([username ?? '', others], [user, {}]);
  assertPlaceholder(rendered, password);
}

/** Tables of a TOML parser have no prototype, which deepEqual minds. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}
