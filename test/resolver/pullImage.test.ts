import assert from 'node:assert/strict';
import { describe as suite, test } from 'node:test';
import type { Reference } from '../../src/reference/reference.ts';
import type { NodeConfiguration } from '../../src/resolver/nodeConfiguration.ts';
import { profileFor } from '../../src/resolver/profile.ts';
import { pullImage, type PullOptions, type PullOutcome } from '../../src/resolver/pullImage.ts';
import { TransportError, type RegistryRequest } from '../../src/resolver/transport.ts';
import { dockerNode, hostsDirectoryNode, inlineNode } from '../support/nodeConfigurations.ts';
import { containerd, k3s } from '../support/profiles.ts';
import {
  content,
  configType,
  describe,
  image,
  indexType,
  manifestType,
  registryWith,
  ScriptedTransport,
  type Answer,
  type Content,
} from './scriptedTransport.ts';

const reference: Reference = { domain: 'reg.test', path: 'team/app', tag: 'v1' };
const name = 'failed to pull and unpack image "reg.test/team/app:v1"';
const [manifest, config, layer, otherLayer] = image();
const contents = image();

type Answering = (request: RegistryRequest) => Answer;

async function pull(
  configuration: NodeConfiguration,
  answer: Answering,
  options: Partial<PullOptions> & { readonly of?: Reference } = {},
): Promise<{
  readonly outcome: PullOutcome;
  readonly transport: ScriptedTransport;
  readonly phases: string;
}> {
  const { of = reference, ...rest } = options;
  const transport = new ScriptedTransport(answer);
  const { outcome, exchanges } = await pullImage(configuration, of, { transport, ...rest });
  assert.deepEqual(
    exchanges.map(({ request }) => request),
    transport.requests,
  );
  return { outcome, transport, phases: exchanges.map(({ phase }) => phase).join(' ') };
}

/** Code and message of a pull that fails. */
async function failureOf(
  configuration: NodeConfiguration,
  answer: Answering,
  options?: Parameters<typeof pull>[2],
): Promise<readonly [code: string, message: string]> {
  const { outcome } = await pull(configuration, answer, options);
  assert.equal(outcome.kind, 'failed');
  return outcome.kind === 'failed' ? [outcome.code, outcome.message] : assert.fail();
}

function node(version: string, text?: string, rest: object = {}): NodeConfiguration {
  const texts: Readonly<Record<string, string>> = text === undefined ? {} : { 'reg.test': text };
  return { ...hostsDirectoryNode(containerd(version), texts), ...rest };
}

/** The registry with one content said or sent otherwise. */
function registryBut(changed: Content, answer: Answer): Answering {
  const other = registryWith(contents);
  return (request) => (request.url.includes(changed.digest) ? answer : other(request));
}

suite('a pull', () => {
  test('resolves, then fetches manifest, config and layers', async () => {
    for (const version of ['1.6.20', '2.3.4']) {
      const { outcome, transport, phases } = await pull(node(version), registryWith(contents));
      const { mediaType, digest, text } = manifest;
      assert.deepEqual(outcome, { kind: 'pulled', descriptor: { mediaType, digest, size: text.length } });
      const at = 'https://reg.test/v2/team/app';
      assert.deepEqual(transport.lines, [
        `HEAD ${at}/manifests/v1`,
        `GET ${at}/manifests/${digest}`,
        `GET ${at}/blobs/${config?.digest}`,
        `GET ${at}/blobs/${layer?.digest}`,
        `GET ${at}/blobs/${otherLayer?.digest}`,
      ]);
      assert.equal(phases, 'resolve fetch fetch layers layers');
    }
  });

  test('limits the time of a response since 2.3', async () => {
    const { transport: old } = await pull(node('2.2.7'), registryWith(contents));
    assert.deepEqual(old.options[0], {
      tls: { skipVerify: false, ca: [], client: [] },
      dialTimeout: 30_000,
      handshakeTimeout: 10_000,
    });
    const { transport } = await pull(
      node('2.3.4', 'server = "http://reg.test"\ndial_timeout = "2s"\n'),
      registryWith(contents),
    );
    assert.deepEqual(transport.options[0], {
      tls: null,
      dialTimeout: 2000,
      handshakeTimeout: 10_000,
      responseHeaderTimeout: 30_000,
    });
  });

  test('is not emulated for dockerd', async () => {
    const { outcome, transport } = await pull(dockerNode(profileFor({ kind: 'docker' }), [], []), () => ({}));
    assert.equal(outcome.kind, 'not-emulated');
    assert.deepEqual(transport.requests, []);
  });
});

suite('the message of the CRI plugin', () => {
  const nothing: Answering = () => ({ status: 404 });

  test('says who could not resolve', async () => {
    assert.deepEqual(await failureOf(node('1.7.24'), nothing), [
      'NotFound',
      `${name}: failed to resolve reference "reg.test/team/app:v1": reg.test/team/app:v1: not found`,
    ]);
    assert.deepEqual(await failureOf(node('2.1.9'), nothing), [
      'NotFound',
      `${name}: failed to resolve image: reg.test/team/app:v1: not found`,
    ]);
    assert.deepEqual(await failureOf(node('2.1.9', undefined, { forcesLocalPull: true }), nothing), [
      'NotFound',
      `${name}: failed to resolve reference "reg.test/team/app:v1": reg.test/team/app:v1: not found`,
    ]);
  });

  test('hides queries where the version does', async () => {
    const refuse: Answering = ({ url }) =>
      url.includes('mirror')
        ? new TransportError('refused', 'dial tcp 10.0.0.1:5000: connect: connection refused')
        : { status: 404 };
    const text = '[host."http://mirror:5000"]\n';
    const message = (query: string): string =>
      `${name}: failed to resolve reference "reg.test/team/app:v1": failed to do request: Head "http://mirror:5000/v2/team/app/manifests/v1?ns=${query}": dial tcp 10.0.0.1:5000: connect: connection refused`;
    assert.deepEqual(await failureOf(node('1.7.24', text), refuse), ['Unknown', message('reg.test')]);
    assert.deepEqual(await failureOf(node('1.7.34', text), refuse), ['Unknown', message('%5BREDACTED%5D')]);
  });

  test('is mangled by percent signs in older versions', async () => {
    const of = { ...reference, domain: 'reg.test:5000' };
    const onlyTag: Answering = (request) =>
      request.method === 'HEAD' ? registryWith(contents)(request) : { status: 404 };
    const message = (namespace: string): string =>
      `failed to pull and unpack image "reg.test:5000/team/app:v1": failed to copy: httpReadSeeker: failed open: content at http://m/v2/team/app/manifests/${manifest.digest}?ns=${namespace} not found: not found`;
    const mirrored = (version: string): NodeConfiguration =>
      hostsDirectoryNode(containerd(version), { 'reg.test:5000': 'server = "http://m"\n[host]\n' });
    assert.deepEqual(await failureOf(mirrored('1.7.24'), onlyTag, { of }), [
      'NotFound',
      message('reg.test%!A(MISSING)5000'),
    ]);
    assert.deepEqual(await failureOf(mirrored('1.7.25'), onlyTag, { of }), [
      'NotFound',
      message('reg.test%3A5000'),
    ]);
  });

  test('tells a time limit by its code', async () => {
    const [code] = await failureOf(
      node('1.7.34'),
      () => new TransportError('timeout', 'dial tcp 10.0.0.1:443: i/o timeout'),
    );
    assert.equal(code, 'DeadlineExceeded');
    const [other] = await failureOf(
      node('1.7.34'),
      () => new TransportError('handshake-timeout', 'net/http: TLS handshake timeout'),
    );
    assert.equal(other, 'Unknown');
  });

  test('names the verification of certificates since Go 1.20', async () => {
    const fail: Answering = () =>
      new TransportError('certificate', 'x509: certificate signed by unknown authority');
    assert.match(
      (await failureOf(node('1.6.20'), fail))[1],
      /": x509: certificate signed by unknown authority$/,
    );
    assert.match(
      (await failureOf(node('1.6.24'), fail))[1],
      /": tls: failed to verify certificate: x509: certificate/,
    );
  });
});

suite('an image', () => {
  const index = (children: readonly object[]): readonly [Content, ...Content[]] => [
    content(indexType, { manifests: children }),
    ...contents,
  ];
  const linux = (architecture: string, variant?: string): object => ({
    platform: { os: 'linux', architecture, variant },
  });
  const other = content(manifestType, { config: describe(content(configType, '{}')), layers: [] });

  test('is fetched for the platform of the node', async () => {
    const children = [
      describe(other, linux('s390x')),
      describe(other, linux('386')),
      describe(manifest, linux('amd64')),
      describe(other, { platform: { os: 'unknown', architecture: 'unknown' } }),
    ];
    for (const version of ['1.7.34', '2.3.4']) {
      const { outcome, transport } = await pull(node(version), registryWith(index(children)));
      assert.equal(outcome.kind, 'pulled');
      assert.equal(transport.lines.length, 6);
      assert.ok(transport.lines[2]?.endsWith(manifest.digest));
    }
  });

  test('falls back to an older platform, but not by the transfer service', async () => {
    const children = [describe(manifest, linux('386'))];
    assert.equal((await pull(node('1.7.34'), registryWith(index(children)))).outcome.kind, 'pulled');
    const onArm = { platform: { os: 'linux', architecture: 'arm64' } };
    const arm = [describe(other, linux('arm', 'v6')), describe(manifest, linux('arm', 'v7'))];
    assert.equal((await pull(node('1.7.34'), registryWith(index(arm)), onArm)).outcome.kind, 'pulled');
    const [code, message] = await failureOf(node('2.3.4'), registryWith(index(children)));
    assert.equal(code, 'NotFound');
    assert.match(
      message,
      /^get image config descriptor: no match for platform in manifest sha256:[0-9a-f]{64}: not found$/,
    );
  });

  test('without the platform is not found', async () => {
    const children = [describe(manifest, linux('s390x'))];
    assert.deepEqual(await failureOf(node('1.6.20'), registryWith(index(children))), [
      'NotFound',
      `${name}: no match for platform in manifest: not found`,
    ]);
  });

  test('may be a page of a portal', async () => {
    const page = content('text/html', '<html></html>');
    const portal: Answering = ({ method }) => ({
      text: method === 'HEAD' ? '' : page.text,
      header: { 'Content-Type': 'text/html; charset=utf-8' },
    });
    const words = `unexpected media type text/html for ${page.digest}: not found`;
    assert.deepEqual(await failureOf(node('1.6.20'), portal), [
      'NotFound',
      `${name}: failed to unpack image on snapshotter overlayfs: ${words}`,
    ]);
    assert.deepEqual(await failureOf(node('2.1.9'), portal), [
      'NotFound',
      `get image config descriptor: ${words}`,
    ]);
  });

  test('must be of the size and digest that were promised', async () => {
    const { digest, text } = manifest;
    const key = `manifest-${digest}`;
    const short: Answering = registryBut(manifest, {
      text: 'short',
      header: { 'Content-Type': manifestType },
    });
    const cases: readonly (readonly [version: string, answer: Answering, code: string, message: string])[] = [
      ['1.7.34', short, 'Unknown', 'failed to read expected number of bytes: unexpected EOF'],
      ['2.1.3', short, 'Unknown', `short read: expected ${text.length} bytes but got 5: unexpected EOF`],
      [
        '1.5.0',
        short,
        'FailedPrecondition',
        `failed commit on ref "${key}": "${key}" failed size validation: 5 != ${text.length}: failed precondition`,
      ],
      [
        '2.3.4',
        registryBut(manifest, { text: text.replace('{', '[') }),
        'FailedPrecondition',
        `failed commit on ref "${key}": unexpected commit digest ${content('', text.replace('{', '[')).digest}, expected ${digest}: failed precondition`,
      ],
    ];
    for (const [version, answer, code, message] of cases) {
      assert.deepEqual(await failureOf(node(version), answer), [code, `${name}: ${message}`]);
    }
  });

  test('without content is no image', async () => {
    const empty: Answering = () => ({
      header: { 'Docker-Content-Digest': manifest.digest, 'Content-Type': manifestType },
    });
    assert.deepEqual(await failureOf(node('1.7.34'), empty), [
      'InvalidArgument',
      `${name}: unable to fetch descriptor (${manifest.digest}) which reports content size of zero: invalid argument`,
    ]);
  });

  test('may lack several layers at once', async () => {
    const without = contents.slice(0, 2) as [Content, ...Content[]];
    const { outcome } = await pull(node('1.7.34'), registryWith(without));
    assert.ok(outcome.kind === 'failed');
    const message = (digest = ''): string =>
      `${name}: failed to copy: httpReadSeeker: failed open: could not fetch content descriptor ${digest} (application/vnd.oci.image.layer.v1.tar+gzip) from remote: not found`;
    assert.equal(outcome.message, message(layer?.digest));
    assert.deepEqual(outcome.alternatives, [message(otherLayer?.digest)]);
  });

  test('must make sense', async () => {
    const image = (text: string, configText = '{}'): readonly [Content, ...Content[]] => {
      const ownConfig = content(configType, configText);
      return [content(manifestType, text.replace('CONFIG', JSON.stringify(describe(ownConfig)))), ownConfig];
    };
    const oneLayer = `{"config":CONFIG,"layers":[${JSON.stringify(describe(layer ?? manifest))}]}`;
    const cases: readonly (readonly [contents: readonly [Content, ...Content[]], words: RegExp])[] = [
      [
        image('<html>'),
        /children: invalid desc sha256:\S+: invalid character '<' looking for beginning of value$/,
      ],
      [image('{"manifests":[]}'), /media-type: expected manifest but found index \(\S+manifest\.v1\+json\)$/],
      [image('{"fsLayers":[]}'), /media-type: schema 1 not supported$/],
      [image(oneLayer), /: number of layers and diffIDs don't match: 1 != 0$/],
      [image(oneLayer, '{"rootfs":'), /: unmarshal image config: unexpected end of JSON input$/],
    ];
    for (const [own, words] of cases) {
      assert.match((await failureOf(node('1.7.34'), registryWith(own)))[1], words);
    }
  });

  test('of schema 1 is refused since 2.1', async () => {
    const old: Answering = () => ({
      header: {
        'Content-Type': 'application/vnd.docker.distribution.manifest.v1+prettyjws',
        'Docker-Content-Digest': manifest.digest,
      },
    });
    assert.equal((await pull(node('2.0.11'), old)).outcome.kind, 'not-emulated');
    assert.deepEqual((await failureOf(node('2.1.9'), old))[0], 'InvalidArgument');
    const [code, message] = await failureOf(node('2.1.9', undefined, { forcesLocalPull: true }), old);
    assert.equal(code, 'Unimplemented');
    assert.match(message, /is no longer supported since containerd v2\.1, please rebuild the image as/);
  });
});

suite('logins', () => {
  const basic: Answering = (request) => {
    const login = request.header.find(({ name }) => name === 'Authorization')?.values[0];
    return login === undefined
      ? { status: 401, header: { 'WWW-Authenticate': 'Basic realm="x"' } }
      : registryWith(contents)(request);
  };
  const loginsOf = ({ transport }: { readonly transport: ScriptedTransport }): readonly string[] => [
    ...new Set(
      transport.requests.flatMap(({ url, header }) =>
        header
          .filter(({ name }) => name === 'Authorization')
          .map(({ values }) => `${new URL(url).host} ${atob((values[0] ?? '').slice(6))}`),
      ),
    ),
  ];
  const configured = {
    configuredAuth: (host: string) => (host === 'm:5000' ? { username: 'mirror', password: 'm' } : undefined),
  };
  const mirror = 'server = "http://m:5000"\n[host]\n';

  test('of the kubelet go to whoever asks, and nobody else counts then', async () => {
    const result = await pull(node('1.7.34', mirror), basic, {
      ...configured,
      auth: { username: 'kubelet', password: 'k' },
    });
    assert.deepEqual(loginsOf(result), ['m:5000 kubelet:k']);
    const forOther = { username: 'kubelet', password: 'k', serverAddress: 'https://reg.test' };
    const [, message] = await failureOf(node('1.7.34', mirror), basic, { ...configured, auth: forOther });
    assert.match(message, /authorization failed: no basic auth credentials$/);
  });

  test('of the node are those of the host that asks', async () => {
    assert.deepEqual(loginsOf(await pull(node('2.3.4', mirror), basic, configured)), ['m:5000 mirror:m']);
  });

  test('of inline mirrors belonged to the endpoint before 2.0', async () => {
    const redirect: Answering = (request) =>
      request.url.startsWith('http://m:5000')
        ? { status: 307, header: { Location: request.url.replace('m:5000', 'store') } }
        : basic(request);
    const endpoints = { 'reg.test': ['http://m:5000'] };
    const result = await pull(inlineNode(containerd('1.7.34'), endpoints), redirect, configured);
    assert.deepEqual(loginsOf(result), ['store mirror:m']);
    const [, message] = await failureOf(inlineNode(containerd('2.0.11'), endpoints), redirect, configured);
    assert.match(message, /no basic auth credentials$/);
  });

  test('that cannot be read end the pull', async () => {
    const auth = { auth: 'no base64!' };
    const [, message] = await failureOf(node('1.7.34'), basic, { auth });
    assert.match(message, /": illegal base64 data at input byte 2$/);
    const [, transfer] = await failureOf(node('2.3.4'), basic, { auth });
    assert.match(
      transfer,
      /": failed to resolve image: failed to get credentials for "reg\.test": illegal base64 data at input byte 2$/,
    );
    const [, colon] = await failureOf(node('1.7.34'), basic, { auth: { auth: btoa('user') } });
    assert.match(colon, /: invalid decoded auth: "user\\x00\\x00"$/);
  });

  test('ask for the rewritten repository on k3s', async () => {
    const wantsToken: Answering = (request) => {
      if (request.url.includes('/token')) return { text: '{"token":"t"}' };
      const has = request.header.some(({ name }) => name === 'Authorization');
      return has
        ? registryWith(contents)(request)
        : { status: 401, header: { 'WWW-Authenticate': 'Bearer realm="https://auth/token"' } };
    };
    const text = 'server = "http://m"\n[host]\n[rewrite]\n"^team/(.*)" = "mirror/$1"\n';
    const configuration = hostsDirectoryNode(k3s('1.7.34'), { 'reg.test': text });
    const { transport } = await pull(configuration, wantsToken);
    assert.equal(transport.lines[1], 'GET https://auth/token?scope=repository%3Amirror%2Fapp%3Apull');
  });
});

suite('headers', () => {
  const headers = [
    { name: 'X-Team', values: ['a'] },
    { name: 'User-Agent', values: ['custom'] },
    { name: 'Accept', values: ['text/x'] },
  ];
  const sent = ({ header }: RegistryRequest, name: string): readonly string[] | undefined =>
    header.find((field) => field.name === name)?.values;
  const wantsToken: Answering = (request) => {
    if (request.url.includes('/token')) return { text: '{"token":"t"}' };
    const has = request.header.some(({ name }) => name === 'Authorization');
    return has
      ? registryWith(contents)(request)
      : { status: 401, header: { 'WWW-Authenticate': 'Bearer realm="https://auth/token"' } };
  };

  test('of the node go to every registry', async () => {
    const { transport } = await pull(node('1.7.34', undefined, { headers }), registryWith(contents));
    const [resolve, fetch] = transport.requests;
    assert.ok(resolve && fetch);
    assert.deepEqual(
      [sent(resolve, 'X-Team'), sent(resolve, 'User-Agent'), sent(resolve, 'Accept')],
      [['a'], ['custom'], ['text/x']],
    );
    assert.deepEqual(sent(fetch, 'Accept'), [`${manifestType}, */*`]);
  });

  test('of a host replace the agent since 2.1, and go to its token server since then', async () => {
    const text = 'server = "http://m"\n[host]\n[header]\nUser-Agent = "own"\nX-Own = ["b", "c"]\n';
    const old = (await pull(node('2.0.11', text), wantsToken)).transport.requests;
    assert.deepEqual(
      old.slice(0, 2).map((request) => [sent(request, 'X-Own'), sent(request, 'User-Agent')]),
      [
        [['b', 'c'], ['containerd/2.0.11']],
        [undefined, ['containerd/2.0.11']],
      ],
    );
    const recent = (await pull(node('2.1.9', text), wantsToken)).transport.requests;
    assert.deepEqual(
      recent.slice(0, 2).map((request) => [sent(request, 'X-Own'), sent(request, 'User-Agent')]),
      [
        [['b', 'c'], ['own']],
        [['b', 'c'], ['own']],
      ],
    );
  });

  test('of the node go to token servers by local pulls alone', async () => {
    const own = [{ name: 'X-Team', values: ['a'] }];
    const tokenHeader = async (configuration: NodeConfiguration): Promise<readonly string[] | undefined> => {
      const { requests } = (await pull(configuration, wantsToken)).transport;
      const token = requests.find(({ url }) => url.includes('/token'));
      return token && sent(token, 'X-Team');
    };
    assert.deepEqual(await tokenHeader(node('2.3.4', undefined, { headers: own })), undefined);
    assert.deepEqual(await tokenHeader(node('2.3.4', undefined, { headers: own, forcesLocalPull: true })), [
      'a',
    ]);
    assert.deepEqual(await tokenHeader(node('2.0.11', undefined, { headers: own })), undefined);
  });
});
