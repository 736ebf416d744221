import assert from 'node:assert/strict';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import { readFolder } from '../../src/files/folder.ts';
import { analyse, type Analysis } from '../../src/pipeline/run.ts';
import { parseReference } from '../../src/reference/parseReference.ts';
import type { Reference } from '../../src/reference/reference.ts';
import type { NodeConfiguration } from '../../src/resolver/nodeConfiguration.ts';
import { pullImage } from '../../src/resolver/pullImage.ts';
import { TransportError, type RegistryRequest } from '../../src/resolver/transport.ts';
import { ScriptedTransport, type Answer } from '../resolver/scriptedTransport.ts';

function broken(situation: string): Analysis {
  const folder = join(import.meta.dirname, '../../examples', situation, 'broken');
  return analyse(readFolder(folder, { manifests: [] }), { substitutions: new Map() });
}

function referenceOf(image: string): Reference {
  const result = parseReference(image);
  assert.ok(result.ok);
  return result.reference;
}

/** What answers at an address: plain HTTP with some status, HTTPS that wants a login, HTTPS of an own CA. */
type Server = { readonly http: number } | 'https-login' | 'https-own-ca' | 'silent';

/** The network around the nodes: whoever is not in it does not exist. */
type Network = Readonly<Record<string, Server>>;

function answer(network: Network, { url }: RegistryRequest): Answer {
  const [, scheme, host = ''] = /^(https?):\/\/([^/]*)/.exec(url) ?? [];
  const server = network[host];
  const [name = ''] = host.split(':');
  if (server === undefined)
    return new TransportError('no-such-host', `dial tcp: lookup ${name} on 10.0.0.2:53: no such host`);
  if (server === 'silent') return new TransportError('timeout', `dial tcp ${host}: i/o timeout`);
  if (server === 'https-own-ca')
    return new TransportError('certificate', 'x509: certificate signed by unknown authority');
  if (server === 'https-login')
    return { status: 401, header: { 'WWW-Authenticate': 'Basic realm="harbor"' } };
  return scheme === 'https'
    ? new TransportError('http-response', 'http: server gave HTTP response to HTTPS client')
    : { status: server.http };
}

/** The error with which the CRI plugin of a node ends the pull. */
async function errorOf(configuration: NodeConfiguration, image: string, network: Network): Promise<string> {
  const transport = new ScriptedTransport((request) => answer(network, request));
  const { outcome } = await pullImage(configuration, referenceOf(image), { transport });
  assert.equal(outcome.kind, 'failed');
  return outcome.kind === 'failed' ? outcome.message : '';
}

function configurationOf({ nodes }: Analysis, name: string): NodeConfiguration {
  const found = nodes.find(({ node }) => node.name === name);
  assert.ok(found);
  return found.configuration;
}

interface Expectation {
  readonly situation: string;
  readonly node: string;
  readonly image: string;
  readonly network: Network;
  readonly cause: string;
  /** File, line and column, and the check that finds the same. */
  readonly at: string;
}

const privateRegistry: Network = { '10.10.1.106:5000': { http: 200 } };
const apiserver = '10.10.1.106:5000/apiserver:1.4.2';
const harbor = { '10.9.28.38': { http: 404 } } as const;

const expectations: readonly Expectation[] = [
  {
    situation: 'http-registry',
    node: 'worker-1',
    image: apiserver,
    network: privateRegistry,
    cause: 'http-to-https-client',
    at: 'manifests/apiserver.yaml:14:18 unconfigured-registry',
  },
  {
    situation: 'http-registry',
    node: 'worker-2',
    image: apiserver,
    network: privateRegistry,
    cause: 'http-to-https-client',
    at: 'manifests/apiserver.yaml:14:18 unconfigured-registry',
  },
  {
    situation: 'endpoint-without-scheme',
    node: 'worker-1',
    image: apiserver,
    network: privateRegistry,
    cause: 'http-to-https-client',
    at: 'registries.yaml:2:3 mirror-key',
  },
  {
    situation: 'endpoint-without-scheme',
    node: 'worker-2',
    image: apiserver,
    network: privateRegistry,
    cause: 'http-to-https-client',
    at: 'nodes/worker-2/config.toml:4:15 endpoint-without-scheme',
  },
  {
    situation: 'http-by-skip-verify',
    node: 'worker-1',
    image: apiserver,
    network: privateRegistry,
    cause: 'http-to-https-client',
    at: 'registries.yaml:4:29 http-by-skip-verify',
  },
  {
    situation: 'one-node-forgotten',
    node: 'k8s2',
    image: apiserver,
    network: privateRegistry,
    cause: 'http-to-https-client',
    at: 'cluster/nodes.yaml:21:13 node-drift',
  },
  {
    situation: 'cluster-service-name',
    node: 'worker-1',
    image: 'internal-registry.kube-system.svc.cluster.local:5000/web:1.9',
    network: {},
    cause: 'cluster-service-name',
    at: 'registries.yaml:4:9 cluster-service-name',
  },
  {
    situation: 'cluster-service-name',
    node: 'worker-1',
    image: 'internal-registry.kube-system:5000/jobs:1.9',
    network: { '10.96.17.4:5000': 'silent' },
    cause: 'connect-timeout',
    at: 'registries.yaml:7:9 cluster-ip-changed',
  },
  {
    situation: 'harbor-https-private',
    node: 'worker-1',
    image: 'harbor.example.net/shop/cart:2.1.0',
    network: { 'harbor.example.net': 'https-own-ca' },
    cause: 'unknown-authority',
    at: 'registries.yaml:2:3 configs-key',
  },
  {
    situation: 'harbor-https-private',
    node: 'worker-1',
    image: 'harbor.example.net/shop/cart:2.1.0',
    network: { 'harbor.example.net': 'https-login' },
    cause: 'no-login',
    at: 'manifests/cart.yaml:15:18 pull-secret',
  },
  {
    situation: 'harbor-https-private',
    node: 'worker-1',
    image: 'harbor.example.net/shop/orders:2.1.0',
    network: { 'harbor.example.net': 'https-login' },
    cause: 'no-login',
    at: 'manifests/orders.yaml:14:17 pull-secret',
  },
  {
    situation: 'air-gapped-upstreams',
    node: 'worker-1',
    image: 'registry.k8s.io/coredns/coredns:v1.11.3',
    network: harbor,
    cause: 'no-such-host',
    at: 'manifests/dns.yaml:14:18 leaves-mirrors',
  },
  {
    situation: 'air-gapped-upstreams',
    node: 'worker-1',
    image: 'ghcr.io/example/sidecar:0.9',
    network: { ...harbor, 'ghcr.io': 'silent' },
    cause: 'connect-timeout',
    at: 'manifests/metrics.yaml:16:18 leaves-mirrors',
  },
  {
    situation: 'air-gapped-upstreams',
    node: 'worker-1',
    image: 'quay.io/prometheus/prometheus:v3.5.0',
    network: harbor,
    cause: 'not-found',
    at: 'registries.yaml:7:9 endpoint-path',
  },
  {
    situation: 'air-gapped-upstreams',
    node: 'worker-1',
    image: 'registry.k8s.io/pause:3.10',
    network: harbor,
    cause: 'no-such-host',
    at: 'registries.yaml:15:14 leaves-mirrors',
  },
  {
    situation: 'pause-image',
    node: 'worker-1',
    image: 'registry.k8s.io/pause:3.8',
    network: {},
    cause: 'no-such-host',
    at: 'registries.yaml:7:14 leaves-mirrors',
  },
  {
    situation: 'pause-image',
    node: 'worker-2',
    image: 'k8s.gcr.io/pause:3.2',
    network: {},
    cause: 'no-such-host',
    at: 'nodes/worker-2/config.toml:4:19 leaves-mirrors',
  },
];

function assertDiagnosed(text: string, analysis: Analysis, node: string, cause: string, at: string): void {
  const diagnosis = diagnose(text, analysis, { node });
  const { location, check = '' } = diagnosis;
  assert.equal(diagnosis.cause, cause, text);
  const place = location && `${location.file}:${location.start.line}:${location.start.column}`;
  assert.equal(`${place} ${check}`.trim(), at, text);
  assert.ok(diagnosis.fix);
}

suite('broken examples: what the containerd of the node says is diagnosed at the line of the finding', () => {
  for (const { situation, node, image, network, cause, at } of expectations) {
    const analysis = broken(situation);

    test(`${situation}: ${image} on ${node} is ${cause}`, async () => {
      const text = await errorOf(configurationOf(analysis, node), image, network);
      assertDiagnosed(text, analysis, node, cause, at);
      const event = `Failed to pull image "${image}": rpc error: code = Unknown desc = ${text}`;
      assertDiagnosed(event, analysis, node, cause, at);
    });

    test(`${situation}: ${image} on ${node}, with the reference as a hint`, async () => {
      const text = await errorOf(configurationOf(analysis, node), image, network);
      const diagnosis = diagnose(text, analysis, { node, reference: referenceOf(image) });
      assert.equal(diagnosis.location?.file, at.split(':')[0]);
    });
  }

  test('every finding of an error about a pull is met by some text', () => {
    const met = new Set([
      ...expectations.map(({ situation, at }) => `${situation} ${at}`),
      ...otherTexts.map(keyOf),
    ]);
    const situations = new Set([...expectations, ...otherTexts].map(({ situation }) => situation));
    const errors = [...situations].flatMap((situation) =>
      broken(situation)
        .report.findings.filter(({ severity }) => severity === 'error')
        .map(
          ({ check, location: { file, start } }) =>
            `${situation} ${file}:${start.line}:${start.column} ${check}`,
        ),
    );
    assert.deepEqual(new Set(errors.filter((error) => !met.has(error))), notMet);
  });
});

/** Two mistakes of one endpoint or one manifest, of which the first is the reason. */
const notMet: ReadonlySet<string> = new Set([
  'endpoint-without-scheme manifests/apiserver.yaml:14:18 unconfigured-registry',
  'endpoint-without-scheme registries.yaml:4:9 endpoint-without-scheme',
]);

interface OtherText {
  readonly situation: string;
  readonly node: string;
  readonly text: string;
  readonly cause: string;
  readonly at: string;
}

function keyOf({ situation, at }: OtherText): string {
  return `${situation} ${at}`;
}

/** What others than the containerd of the node's rendered configuration say. */
const otherTexts: readonly OtherText[] = [
  {
    situation: 'config-path-wins',
    node: 'worker-1',
    text: 'Failed to inspect image "": rpc error: code = Unimplemented desc = unknown service runtime.v1.ImageService',
    cause: 'cri-not-loaded',
    at: 'nodes/worker-1/etc/containerd/config.toml:6:57 config-refused',
  },
  {
    situation: 'config-path-wins',
    node: 'worker-1',
    text: 'level=warning msg="failed to load plugin io.containerd.grpc.v1.cri" error="invalid plugin config: `mirrors` cannot be set when `config_path` is provided"',
    cause: 'config-refused',
    at: 'nodes/worker-1/etc/containerd/config.toml:6:57 config-refused',
  },
  {
    situation: 'config-path-wins',
    node: 'worker-1',
    text: 'failed to pull and unpack image "harbor.dev-prev.com/shop/shop:3.0.1": failed to resolve reference "harbor.dev-prev.com/shop/shop:3.0.1": failed to do request: Head "https://harbor.dev-prev.com/v2/shop/shop/manifests/3.0.1": http: server gave HTTP response to HTTPS client',
    cause: 'http-to-https-client',
    at: 'nodes/worker-1/etc/containerd/certs.d/harbor.dev-prev.com/hosts.toml:1:10 hosts-file-host',
  },
  {
    situation: 'docker-node',
    node: 'old-1',
    text: 'Failed to pull image "quay.io/prometheus/node-exporter:v1.8.2": rpc error: code = Unknown desc = Error response from daemon: Get "https://quay.io/v2/": dial tcp: lookup quay.io on 10.0.0.2:53: no such host',
    cause: 'no-such-host',
    at: 'manifests/node-exporter.yaml:14:18 docker-mirrors',
  },
  {
    situation: 'harbor-https-private',
    node: 'worker-1',
    text: 'failed to pull and unpack image "harbor.example.net/shop/cart:2.1.0": failed to resolve reference "harbor.example.net/shop/cart:2.1.0": get TLSConfig for registry "https://harbor.example.net": cert file "/etc/ssl/harbor-ca.crt" was specified, but no corresponding key file was specified',
    cause: 'tls-file',
    at: 'registries.yaml:4:18 client-certificate',
  },
  {
    situation: 'harbor-https-private',
    node: 'worker-1',
    text: 'Unable to retrieve some image pull secrets (harbour-login); attempting to pull the image may not succeed.',
    cause: 'pull-secret-missing',
    at: 'manifests/orders.yaml:14:17 pull-secret',
  },
  {
    situation: 'placeholder',
    node: 'worker-1',
    text: 'Failed to apply default image tag "IMAGE_NAME_PLACEHOLDER": couldn\'t parse image name "IMAGE_NAME_PLACEHOLDER": invalid reference format: repository name (library/IMAGE_NAME_PLACEHOLDER) must be lowercase',
    cause: 'invalid-image-name',
    at: 'manifests/api.yaml:14:18 unresolved-image',
  },
  {
    situation: 'placeholder',
    node: 'worker-1',
    text: 'Failed to apply default image tag "ghcr.io/example/worker:${TAG}": couldn\'t parse image name "ghcr.io/example/worker:${TAG}": invalid reference format',
    cause: 'invalid-image-name',
    at: 'manifests/worker.yaml:14:18 unresolved-image',
  },
  {
    situation: 'section-name',
    node: 'worker-1',
    text: 'failed to pull and unpack image "docker.io/library/nginx:1.27.3": failed to resolve reference "docker.io/library/nginx:1.27.3": failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.27.3": dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: no such host',
    cause: 'no-such-host',
    at: 'nodes/worker-1/config.toml:3:40 config-ignored',
  },
  {
    situation: 'section-name',
    node: 'worker-2',
    text: 'failed to pull and unpack image "docker.io/library/nginx:1.27.3": failed to resolve image: failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1.27.3": dial tcp: lookup registry-1.docker.io on 10.0.0.2:53: no such host',
    cause: 'no-such-host',
    at: 'nodes/worker-2/config.toml:3:38 config-ignored',
  },
];

suite('broken examples: what others say is diagnosed at the line of the finding', () => {
  for (const { situation, node, text, cause, at } of otherTexts) {
    test(`${situation}: ${cause} at ${at}`, () => assertDiagnosed(text, broken(situation), node, cause, at));
  }
});
