import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { loadHostDir, type HostsDirectory } from '../../src/hosts/hostsDirectory.ts';
import { formatReference, parseReference } from '../../src/reference/parseReference.ts';
import type { NodeConfiguration, TlsFile } from '../../src/resolver/nodeConfiguration.ts';
import type { RegistryHost } from '../../src/resolver/registryHost.ts';
import { registryHosts } from '../../src/resolver/registryHosts.ts';
import { pemBlocks } from '../../src/resolver/tlsFiles.ts';
import { containerd } from '../support/profiles.ts';

/**
 * What containerd's own packages answered, recorded per version, in a folder that MIRRORPROOF_VECTORS names: `hosts.json` and
 * `urls.json` with directories and the hosts that they give, `references.json` with normalised references.
 */
const folder = process.env['MIRRORPROOF_VECTORS'] ?? '';
const skip = folder === '' ? 'MIRRORPROOF_VECTORS names no folder with recorded answers' : false;

interface ExpectedHost {
  /** The parts of the URL in one; absent from what is compared. */
  readonly url?: string;
  readonly scheme: string;
  readonly host: string;
  readonly path: string;
  readonly capabilities: readonly string[];
  readonly httpFallback: boolean;
  readonly skipVerify: boolean;
  readonly customRootCAs: boolean;
  readonly clientCerts: number;
  readonly header?: Readonly<Record<string, readonly string[]>>;
}

interface HostsVector {
  readonly name: string;
  /** Files under the root, by path. */
  readonly files: Readonly<Record<string, string>>;
  readonly host: string;
  /** An option of `ctr` that the CRI plugin never sets. */
  readonly defaultScheme?: string;
  readonly expected: Readonly<
    Record<
      string,
      {
        readonly hosts: readonly ExpectedHost[] | null;
        readonly error?: string;
        readonly logs?: readonly string[];
      }
    >
  >;
}

interface ReferenceVector {
  readonly reference: string;
  readonly expected: Readonly<Record<string, string>>;
}

const hostsVectors: readonly HostsVector[] = JSON.parse(textOf('hosts.json'));
const urlVectors: readonly HostsVector[] = JSON.parse(textOf('urls.json'));
const referenceVectors: readonly ReferenceVector[] = JSON.parse(textOf('references.json'));

function textOf(name: string): string {
  return skip === false ? readFileSync(join(folder, name), 'utf8') : '[]';
}

const root = '/etc/containerd/certs.d';

function configure({ files }: HostsVector, version: string): NodeConfiguration {
  const profile = containerd(version);
  const texts = new Map<string, Map<string, string>>();
  const directories = new Map<string, HostsDirectory>();
  const tlsFiles = new Map<string, TlsFile>();
  for (const [path, text] of Object.entries(files)) {
    const [directory = '', name] = path.split('/');
    const inDirectory = texts.get(directory) ?? new Map<string, string>();
    if (name === undefined)
      directories.set(directory, {
        kind: 'unreadable',
        error: `open <root>/${path}/hosts.toml: not a directory`,
      });
    else texts.set(directory, inDirectory.set(name, text));
    tlsFiles.set(`${root}/${path}`, { kind: 'file', blocks: pemBlocks(text) });
  }
  for (const [directory, inDirectory] of texts)
    directories.set(directory, loadHostDir(directory, inDirectory, profile));
  const registry = {
    form: 'hosts-directory' as const,
    configPath: root,
    roots: [{ path: root, directories }],
  };
  return { profile, registry, credentials: [], forcesLocalPull: true, tlsFiles };
}

function expectedForm({
  scheme,
  host,
  path,
  capabilities,
  tls,
  header,
  httpFallback,
}: RegistryHost): ExpectedHost {
  return {
    scheme,
    host,
    path,
    capabilities,
    httpFallback,
    skipVerify: tls.skipVerify,
    customRootCAs: tls.ca.length > 0,
    clientCerts: tls.client.length,
    ...(header.length > 0 && {
      header: Object.fromEntries(header.map(({ name, values }) => [name, values])),
    }),
  };
}

function withoutUrl(host: ExpectedHost): ExpectedHost {
  const { url: _, ...rest } = host;
  return rest;
}

/** The error that containerd logged about a file that it dropped, where its words are emulated: not those about syntax. */
function loggedError(logs: readonly string[] = []): string | undefined {
  const [, quoted] =
    logs
      .map((line) => /failed to decode.* error="((?:[^"\\]|\\.)*)"$/.exec(line) ?? [])
      .find(([, text]) => text !== undefined) ?? [];
  if (quoted === undefined) return undefined;
  const text = String(JSON.parse(`"${quoted}"`));
  return syntaxErrors.some((pattern) => pattern.test(text)) ? undefined : text;
}

const syntaxErrors = [
  /^failed to parse TOML: \(\d+, \d+\): (?:unexpected token unclosed|no value|parsing error)/,
  /^toml: (?:expected character|incomplete number|invalid character at start of key: \{)/,
  // A list of tables, which go-toml prints as TOML again.
  /\(\[\]\*toml\.Tree\) to trees$/,
];

function droppedError({ registry }: NodeConfiguration): string | undefined {
  const roots = registry.form === 'hosts-directory' ? registry.roots : [];
  const directories = roots.flatMap(({ directories }) => [...directories.values()]);
  return directories.flatMap((directory) =>
    directory.kind === 'certificates' ? (directory.dropped?.message ?? []) : [],
  )[0];
}

describe('recorded answers of containerd', { skip }, () => {
  for (const vector of [...hostsVectors, ...urlVectors]) {
    const isCtr = vector.defaultScheme !== undefined && 'sets a default scheme, which only ctr does';
    test(`hosts of ${JSON.stringify(vector.name)}`, { skip: isCtr }, () => {
      for (const [version, { hosts, error, logs }] of Object.entries(vector.expected)) {
        const configuration = configure(vector, version);
        const result = registryHosts(configuration, vector.host);
        const actual = result.ok ? result.hosts.map(expectedForm) : result.error.replaceAll(root, '<root>');
        const expected = error ?? hosts?.map(withoutUrl);
        assert.deepEqual(actual, expected, version);
        const logged = loggedError(logs);
        if (logged !== undefined) assert.equal(droppedError(configuration), logged, version);
      }
    });
  }

  for (const { reference, expected } of referenceVectors) {
    test(`reference ${JSON.stringify(reference).slice(0, 80)}`, () => {
      for (const [version, answer] of Object.entries(expected)) {
        const result = parseReference(reference, containerd(version).referenceGrammar);
        const actual = result.ok ? formatReference(result.reference) : `ERR ${result.error}`;
        assert.equal(actual, answer.split(' | ', 1)[0], version);
      }
    });
  }

  test('are there', () => {
    for (const vectors of [hostsVectors, urlVectors, referenceVectors]) assert.ok(vectors.length > 0);
  });
});
