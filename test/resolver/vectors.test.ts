import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { formatReference, parseReference } from '../../src/reference/parseReference.ts';
import type { CredentialsFunction } from '../../src/resolver/authorizer.ts';
import type { Login } from '../../src/resolver/credentials.ts';
import { dockerBase, type DockerBase } from '../../src/resolver/dockerBase.ts';
import { fetch } from '../../src/resolver/fetcher.ts';
import type { NodeConfiguration } from '../../src/resolver/nodeConfiguration.ts';
import { asPullError } from '../../src/resolver/pullError.ts';
import type { RegistryHost } from '../../src/resolver/registryHost.ts';
import { registryHosts } from '../../src/resolver/registryHosts.ts';
import { resolve, type Descriptor } from '../../src/resolver/resolver.ts';
import { containerd } from '../support/profiles.ts';
import { configure, root } from './recordedNode.ts';
import { RecordedRegistries, type RecordedRegistry } from './recordedRegistries.ts';

/**
 * What containerd's own packages answered, recorded per version, in a folder that MIRRORPROOF_VECTORS names: `hosts.json` and
 * `urls.json` with directories and the hosts that they give, `references.json` with normalised references, `resolve.json` with
 * requests to registries and what came of them.
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

interface ResolveVector {
  readonly name: string;
  readonly ref: string;
  readonly srv: Readonly<Record<string, RecordedRegistry>>;
  readonly files?: Readonly<Record<string, string>>;
  readonly fetch?: boolean;
  readonly creds?: boolean;
  readonly user?: string;
  readonly secret?: string;
  readonly expected: Readonly<Record<string, ResolveAnswer>>;
}

interface ResolveAnswer {
  readonly requests: readonly string[];
  readonly resolved?: string;
  readonly error?: string;
  readonly class?: string;
  readonly fetchManifest?: string;
  readonly fetchBlob?: string;
  /** Whose login was looked up. */
  readonly credLookups?: readonly string[];
}

const hostsVectors: readonly HostsVector[] = JSON.parse(textOf('hosts.json'));
const urlVectors: readonly HostsVector[] = JSON.parse(textOf('urls.json'));
const referenceVectors: readonly ReferenceVector[] = JSON.parse(textOf('references.json'));
const resolveVectors: readonly ResolveVector[] = JSON.parse(textOf('resolve.json'));
/** The same for more cases, recorded with containerd's packages of the versions that each answer names. */
const ownVectors: readonly ResolveVector[] = JSON.parse(
  readFileSync(join(import.meta.dirname, 'recorded.json'), 'utf8'),
);

function textOf(name: string): string {
  return skip === false ? readFileSync(join(folder, name), 'utf8') : '[]';
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

/** An image of the size of the recorded one. Its registries have it under these digests. */
const manifest = '{"schemaVersion":2}'.padEnd(263);
const config = '{}'.padEnd(90);
const digests = { '<MDIGEST>': digest(manifest), '<CDIGEST>': digest(config) };

function digest(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** Does what was done when the answers were recorded: resolve, then fetch the manifest and a blob. */
async function pull(vector: ResolveVector, version: string, answer: ResolveAnswer): Promise<ResolveAnswer> {
  const names = Object.keys(vector.srv);
  const addressOf = (name: string): string => `127.0.0.1:${10_000 + names.indexOf(name)}`;
  const fill = (text: string): string =>
    names
      .reduce(
        (filled, name) =>
          filled
            .replaceAll(`{{${name}}}`, addressOf(name))
            .replaceAll(`{{${name}.name}}`, addressOf(name).replace('127.0.0.1', 'localhost')),
        text,
      )
      .replaceAll('@MANIFEST@', manifest)
      .replaceAll('@CONFIG@JSON', config)
      .replaceAll('@MDIGEST@', digests['<MDIGEST>']);
  const shorten = (text: string): string =>
    Object.entries(digests)
      .reduce((short, [placeholder, value]) => short.replaceAll(value, placeholder), text)
      .replaceAll(/(127\.0\.0\.1|localhost):(1\d{4})/g, (_, host: string, port: string) => {
        const name = names[Number(port) - 10_000] ?? '';
        return host === 'localhost' ? `${name}.localhost` : name;
      });
  const files = Object.entries(vector.files ?? {}).map(([path, text]) => [path, fill(text)]);
  const configuration = configure(Object.fromEntries(files), version);
  const registries = new RecordedRegistries({
    registries: new Map(Object.entries(vector.srv)),
    addressOf,
    fill,
    closeError: /read tcp .* reset by peer$/.exec(answer.error ?? '')?.[0] ?? 'EOF',
  });
  const lookups: string[] = [];
  const found = await pullFrom(registries, configuration, vector, fill(vector.ref), lookups);
  const texts = Object.entries(found).map(([key, value]) => [key, shorten(value)]);
  return {
    requests: registries.log.map(shorten),
    ...Object.fromEntries(texts),
    ...(lookups.length > 0 && { credLookups: lookups.map(shorten) }),
  };
}

async function pullFrom(
  registries: RecordedRegistries,
  configuration: NodeConfiguration,
  vector: ResolveVector,
  text: string,
  lookups: string[],
): Promise<Readonly<Record<string, string>>> {
  const login = (host: string): Login => {
    lookups.push(host);
    return { username: vector.user ?? '', secret: vector.secret ?? '' };
  };
  const credentials = (): CredentialsFunction | undefined => (vector.creds === true ? login : undefined);
  // A digest that is too short is refused by the resolver here; the CRI plugin refuses the reference before.
  const parsed = parseReference(text.replace('@sha256:abcd', ''), configuration.profile.referenceGrammar);
  assert.ok(parsed.ok);
  const reference = text.endsWith('sha256:abcd')
    ? { ...parsed.reference, digest: 'sha256:abcd' }
    : parsed.reference;
  const open = (): DockerBase => dockerBase(configuration, reference, registries, credentials);
  let descriptor: Descriptor;
  try {
    descriptor = await resolve(open());
  } catch (error) {
    const { message, facts } = asPullError(error);
    return { error: message, class: facts.code ?? 'Unknown' };
  }
  const resolved = `${descriptor.mediaType} ${descriptor.digest} ${descriptor.size}`;
  if (vector.fetch !== true) return { resolved };
  const base = open();
  const blob = {
    mediaType: 'application/vnd.docker.container.image.v1+json',
    digest: digests['<CDIGEST>'],
    size: 90,
  };
  registries.log.push('--- fetch manifest');
  const fetchManifest = await read(base, descriptor);
  registries.log.push('--- fetch config blob');
  return { resolved, fetchManifest, fetchBlob: await read(base, blob) };
}

async function read(base: DockerBase, descriptor: Descriptor): Promise<string> {
  try {
    return `ok ${(await fetch(base, descriptor)).length} bytes`;
  } catch (error) {
    return `READERR ${asPullError(error).message}`;
  }
}

/** What is compared, with the time that differs from run to run taken out. */
function normalise(answer: ResolveAnswer): ResolveAnswer {
  const { logs: _, ...compared } = { logs: undefined, ...answer };
  const error = compared.error?.replace(/current time \S+ is/, 'current time NOW is');
  return { ...compared, ...(error !== undefined && { error }) };
}

function testPulls(vectors: readonly ResolveVector[]): void {
  for (const vector of vectors) {
    const answers = Object.entries(vector.expected).flatMap(([versions, answer]) =>
      versions.split(' ').map((version) => [version, answer] as const),
    );
    for (const [version, answer] of answers) {
      test(`pull ${JSON.stringify(vector.name)} by ${version}`, async () => {
        assert.deepEqual(await pull(vector, version, answer), normalise(answer));
      });
    }
  }
}

describe('answers of containerd', () => {
  testPulls(ownVectors);
});

describe('recorded answers of containerd', { skip }, () => {
  // Only ctr sets a default scheme, and ctr is not emulated.
  const ofTheCri = [...hostsVectors, ...urlVectors].filter(
    ({ defaultScheme }) => defaultScheme === undefined,
  );
  for (const vector of ofTheCri) {
    test(`hosts of ${JSON.stringify(vector.name)}`, () => {
      for (const [version, { hosts, error, logs }] of Object.entries(vector.expected)) {
        const configuration = configure(vector.files, version);
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

  testPulls(resolveVectors);

  test('are there', () => {
    for (const vectors of [hostsVectors, urlVectors, referenceVectors, resolveVectors])
      assert.ok(vectors.length > 0);
  });
});
