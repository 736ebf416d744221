import * as fc from 'fast-check';

/** What a generated repository says, for one node of each version: its files but for the nodes. */
export interface GeneratedRegistries {
  /** Mirrors, logins and images, as the top level of registries.yaml has them. */
  readonly settings: object;
  /** What is said of the node besides its name and runtime. */
  readonly node: object;
  /** The node's own config.toml, where the repository has it: lines after that of its version. */
  readonly ownLines?: readonly string[] | undefined;
}

// All of these are addresses of a simulated node itself, where nothing listens: they refuse at once.
const address = fc.constantFrom(
  '10.10.1.106:5000',
  '10.10.1.107',
  '198.51.100.10:443',
  '[fd00:10::1]:5000',
  'harbor.example.net',
);
const namespaceHost = fc.oneof(
  address,
  fc.constantFrom('docker.io', 'quay.io', 'registry.k8s.io', '*', 'localhost:5000'),
);

const endpoint = fc
  .tuple(
    fc.constantFrom('http://', 'https://', ''),
    address,
    fc.constantFrom('', '/', '/v2', '/v2/proxy', '/v2/proxy/', '/a%20b'),
  )
  .map((parts) => parts.join(''));

const rewrite = fc.constantFrom(
  { '^(.*)$': 'proxy-docker/$1' },
  { '(.*)': 'a/b.c/${1}' },
  { '^library/(.*)': '$1' },
);

const mirror = fc.record(
  { endpoint: fc.array(endpoint, { minLength: 1, maxLength: 3 }), rewrite },
  { requiredKeys: ['endpoint'] },
);

const text = fc.oneof(
  fc.constantFrom('robot', 'a"b', "a'b", 'a\\b', 'é\u{1f600}', '# no comment', ']'),
  fc.string({ minLength: 1 }),
);

const config = fc.record(
  {
    auth: fc.record({ username: text, password: fc.constant('${SECRET}') }),
    tls: fc.record(
      { ca_file: text.map((name) => `/etc/ssl/${name}`), insecure_skip_verify: fc.boolean() },
      { requiredKeys: [] },
    ),
  },
  { requiredKeys: [] },
);

/** Tables of a node's own file. */
const ownLines = fc.subarray([
  '# ours',
  '[plugins."io.containerd.gc.v1.scheduler"]\n  pause_threshold = 0.03\n',
  '[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n  SystemdCgroup = true # what kubeadm wants',
  '[plugins."io.containerd.grpc.v1.cri".registry]',
  '[plugins."io.containerd.grpc.v1.cri".registry.mirrors."docker.io"]\n  endpoint = ["http://old.example:5000"]\n',
  '[plugins."io.containerd.grpc.v1.cri".registry.configs."old.example:5000".auth]\n  password = "old"',
]);

export const generatedRegistries: fc.Arbitrary<GeneratedRegistries> = fc.record(
  {
    settings: fc.record(
      {
        mirrors: fc.dictionary(namespaceHost, mirror, { maxKeys: 3, minKeys: 1 }),
        configs: fc.dictionary(address, config, { maxKeys: 2 }),
        images: fc.constantFrom(
          ['10.10.1.106:5000/pause:3.9'],
          ['quay.io/a/mirrored-pause:1', 'quay.io/b/c:2'],
          [],
        ),
      },
      { requiredKeys: ['mirrors'] },
    ),
    node: fc.constantFrom(
      {},
      {},
      { configPath: '/etc/containerd/certs.d' },
      { configPath: '' },
      { configPath: '/etc/my certs' },
    ),
    ownLines,
  },
  { requiredKeys: ['settings', 'node'] },
);
