import type { Cause } from '../cause.ts';

const addresses = ['cluster-ip-changed', 'cluster-service-name'];

/** Whom a node cannot reach. */
export const networkCauses: readonly Cause[] = [
  {
    id: 'broken-url',
    patterns: [
      /unsupported protocol scheme/,
      /no Host in request URL/,
      /dial tcp: address [^\n]{1,300}: invalid port/,
      /invalid port "/,
      /parse endpoint url: /,
      /parse registry endpoint "/,
      /get registry endpoints: /,
      /unable to parse server /,
      /invalid character [^\n]{1,20} in host name/,
    ],
    example: 'failed to do request: Head "://httpd.local/v2/app/manifests/1": unsupported protocol scheme ""',
    meaning: () => 'an endpoint is no URL that can be asked',
    advice: () => 'an endpoint is `http://` or `https://`, a host, perhaps a port, perhaps a path',
    blames: 'endpoint',
    checks: ['invalid-endpoint', 'hosts-file-host', 'mirror-key'],
  },
  {
    id: 'cluster-service-name',
    patterns: [/lookup [^\s"]{1,250}\.svc(?:\.[^\s":]{1,250})?(?: on [^\s"]{1,100})?: /],
    example: 'dial tcp: lookup internal-registry.kube-system.svc.cluster.local on 10.0.0.2:53: no such host',
    meaning: ({ name }) => `${name} is a Service of the cluster, whose DNS the node does not use`,
    advice: () =>
      'use the ClusterIP of the Service as the endpoint, or a NodePort, or give every node the name in /etc/hosts and say so with `resolves`',
    blames: 'endpoint',
    checks: ['cluster-service-name'],
    mirrorBypass: 'unreached',
  },
  {
    id: 'no-such-host',
    patterns: [/no such host/],
    example: 'dial tcp: lookup harbor.example.net on 10.0.0.2:53: no such host',
    meaning: ({ name }) => `the name ${name} does not resolve on the node`,
    advice: () =>
      'check the spelling, and ask on the node itself (`getent hosts NAME`): names that only Pods resolve do not count there',
    blames: 'endpoint',
    checks: ['cluster-service-name', 'hosts-file-host'],
    mirrorBypass: 'unreached',
  },
  {
    id: 'dns-failure',
    patterns: [
      /server misbehaving/,
      /[Tt]emporary failure in name resolution/,
      /lookup [^\s"]{1,300} on [^\s"]{1,100}: (?:read udp|write udp|dial udp|read tcp|dial tcp|i\/o timeout)/,
      /lookup [^\s"]{1,300}: i\/o timeout/,
    ],
    example: 'dial tcp: lookup harbor.example.net on 10.96.0.10:53: server misbehaving',
    meaning: ({ name }) => `the name server of the node gives no answer for ${name}`,
    advice: () =>
      'mend /etc/resolv.conf of the node: a name server inside the cluster, which needs the node first, is the usual mistake',
    blames: 'endpoint',
    checks: ['cluster-service-name'],
    mirrorBypass: 'unreached',
  },
  {
    id: 'nothing-on-the-node',
    patterns: [/dial tcp (?:127\.[0-9.]{1,12}|\[::1\]):[0-9]{1,5}: connect: connection refused/],
    example:
      'failed to do request: Head "http://localhost:5001/v2/app/manifests/1": dial tcp [::1]:5001: connect: connection refused',
    meaning: ({ name }) => `${name} is the node itself for the node, and no registry listens there`,
    advice: () => 'mirror it to an address that the nodes reach; in kind that is `http://kind-registry:5000`',
    blames: 'endpoint',
    checks: [],
    mirrorBypass: 'unreached',
  },
  {
    id: 'connection-refused',
    patterns: [/connection refused/],
    example: 'dial tcp 10.10.1.106:5000: connect: connection refused',
    meaning: ({ name }) => `nothing listens at ${name}`,
    advice: () => 'check address and port, and that the registry runs; a firewall may refuse as well',
    blames: 'endpoint',
    checks: addresses,
    mirrorBypass: 'unreached',
  },
  {
    id: 'unreachable',
    patterns: [/no route to host/, /network is unreachable/, /host is down/],
    example: 'dial tcp 10.10.1.106:5000: connect: no route to host',
    meaning: ({ name }) => `the node has no way to ${name}`,
    advice: () => 'check the address, the routes of the node and its firewall',
    blames: 'endpoint',
    checks: addresses,
    mirrorBypass: 'unreached',
  },
  {
    id: 'handshake-timeout',
    patterns: [/TLS handshake timeout/],
    example:
      'failed to do request: Head "https://quay.io/v2/app/manifests/1": net/http: TLS handshake timeout',
    meaning: ({ name }) => `${name} takes the connection, and does not answer as a TLS server`,
    advice: () =>
      'look for something between that swallows packets (a firewall, a wrong MTU), or a server that speaks no TLS',
    blames: 'endpoint',
    checks: ['endpoint-without-scheme', ...addresses],
    mirrorBypass: 'unreached',
  },
  {
    id: 'answer-timeout',
    patterns: [
      /timeout awaiting response headers/,
      /exceeded while awaiting headers/,
      /408 Request Timeout/,
      /context deadline exceeded/,
      /no answer within \d{1,9} ms/,
    ],
    example:
      'failed to do request: Head "https://quay.io/v2/app/manifests/1": net/http: timeout awaiting response headers',
    meaning: ({ name }) => `${name} does not answer in time`,
    advice: () => 'see whether the registry, or what it fetches from, hangs',
    blames: 'endpoint',
    checks: addresses,
    mirrorBypass: 'unreached',
  },
  {
    id: 'connect-timeout',
    patterns: [/i\/o timeout/, /connection timed out/, /waiting for connection/],
    example: 'dial tcp 10.10.1.106:5000: i/o timeout',
    meaning: ({ name }) => `${name} cannot be reached: no answer to the connection`,
    advice: () =>
      'check address and firewall; on a node without internet access the registry of the image needs a mirror',
    blames: 'endpoint',
    checks: addresses,
    mirrorBypass: 'unreached',
  },
  {
    id: 'pull-stalled',
    patterns: [/context canceled/],
    example: 'failed to pull and unpack image "docker.io/library/nginx:1.27": context canceled',
    meaning: () => 'the pull made no progress for too long, and was given up',
    advice: () =>
      'look for a registry that stops in the middle of a layer; `image_pull_progress_timeout` of containerd is 5 minutes',
    blames: 'endpoint',
    checks: [],
  },
  {
    id: 'not-http',
    patterns: [/malformed HTTP /, /malformed MIME header/, /transport connection broken/],
    example:
      'failed to do request: Head "http://10.10.1.106:25/v2/app/manifests/1": net/http: HTTP/1.x transport connection broken: malformed HTTP status code "mail.test"',
    meaning: ({ name }) => `what answers at ${name} speaks no HTTP`,
    advice: () => 'check the port',
    blames: 'endpoint',
    checks: [],
  },
];
