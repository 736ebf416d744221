import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { diagnose } from '../../src/diagnose/diagnose.ts';
import { fixtures } from '../differential/fixtures.ts';

const R = 'reg.example.com/team/app:1';
const U = 'https://reg.example.com/v2/team/app/manifests/1';
const local = `failed to pull and unpack image "${R}": failed to resolve reference "${R}": `;
const transfer = `failed to pull and unpack image "${R}": failed to resolve image: `;
const copy = `failed to pull and unpack image "${R}": failed to copy: httpReadSeeker: failed open: `;
const request = `failed to do request: Head "${U}": `;
const denied = 'pull access denied, repository does not exist or may require authorization: ';
const digest = 'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08';

/** What containerd, the kubelet, crictl, k3s and dockerd say, and what it means. */
const texts: Readonly<Record<string, readonly string[]>> = {
  'http-to-https-client': [
    `${local}${request}http: server gave HTTP response to HTTPS client`,
    `${transfer}failed to do request: Head "${U}?ns=%5BREDACTED%5D": http: server gave HTTP response to HTTPS client`,
    'Error response from daemon: Get "https://10.10.1.106:5000/v2/": http: server gave HTTP response to HTTPS client',
    'Error response from daemon: Get https://10.10.1.106:5000/v2/: http: server gave HTTP response to HTTPS client',
  ],
  'no-tls': [`${local}${request}tls: first record does not look like a TLS handshake`],
  'https-to-http': [
    `${local}unexpected status from HEAD request to http://reg.example.com:443/v2/team/app/manifests/1: 400 Bad Request`,
    'Client sent an HTTP request to an HTTPS server.',
    `${local}failed to do request: Head "http://r:443/v2/a/manifests/1": net/http: HTTP/1.x transport connection broken: malformed HTTP response "\\x15\\x03\\x01\\x00\\x02\\x02"`,
  ],
  'bad-request': [
    `${local}pulling from host reg.example.com:443 failed with status code [manifests 1]: 400 Bad Request`,
  ],
  'unknown-authority': [
    `${local}${request}x509: certificate signed by unknown authority`,
    `${transfer}${request}tls: failed to verify certificate: x509: certificate signed by unknown authority`,
    'error pulling image configuration: download failed after attempts=6: tls: failed to verify certificate: x509: certificate signed by unknown authority',
  ],
  'certificate-without-address': [
    `${local}${request}x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs`,
  ],
  'certificate-without-names': [
    `${local}${request}x509: certificate relies on legacy Common Name field, use SANs instead`,
  ],
  'certificate-name': [
    `${local}${request}x509: certificate is valid for other.example.com, not reg.example.com`,
    `${local}${request}x509: certificate is not valid for any names, but wanted to match reg.example.com`,
  ],
  'certificate-expired': [
    `${local}${request}x509: certificate has expired or is not yet valid: current time 2026-01-02T00:00:00Z is after 2026-01-01T00:00:00Z`,
    `${local}${request}x509: certificate has expired or is not yet valid: current time 2026-01-02T00:00:00Z is before 2026-01-03T00:00:00Z`,
  ],
  'client-certificate-wanted': [
    `${local}${request}remote error: tls: bad certificate`,
    `${local}${request}remote error: tls: certificate required`,
    `${local}${request}remote error: tls: handshake failure`,
  ],
  'certificate-refused': [`${local}${request}x509: certificate specifies an incompatible key usage`],
  'tls-file': [
    `${local}unable to read CA cert "/etc/ssl/ca.crt": open /etc/ssl/ca.crt: no such file or directory`,
    `${transfer}unable to load CA cert "/etc/ssl/ca.crt"`,
    `${local}unable to read CERT file "/etc/containerd/certs.d/r": read /etc/containerd/certs.d/r: is a directory`,
    `${local}failed to load X509 key pair: tls: found a certificate rather than a key in the PEM for the private key`,
    `${local}get TLSConfig for registry "https://r": cert file "/c.crt" was specified, but no corresponding key file was specified`,
    `${local}get TLSConfig for registry "https://r": key file "/c.key" was specified, but no corresponding cert file was specified`,
    `${local}get TLSConfig for registry "https://r": failed to load cert file: open /c.crt: no such file or directory`,
    `${local}get TLSConfig for registry "https://r": failed to load CA file: open /ca.crt: no such file or directory`,
  ],
  'connection-refused': [
    `${local}${request}dial tcp 10.0.0.1:5000: connect: connection refused`,
    'level=info msg="trying next host" error="failed to do request: Head \\"https://m:5000/v2/a/manifests/1\\": dial tcp 10.0.0.1:5000: connect: connection refused" host="m:5000"',
  ],
  'nothing-on-the-node': [
    `${local}failed to do request: Head "http://localhost:5001/v2/app/manifests/1": dial tcp 127.0.0.1:5001: connect: connection refused`,
    `${local}failed to do request: Head "http://localhost:5001/v2/app/manifests/1": dial tcp [::1]:5001: connect: connection refused`,
  ],
  unreachable: [
    `${local}${request}dial tcp 10.0.0.1:443: connect: no route to host`,
    `${local}${request}dial tcp 10.0.0.1:443: connect: network is unreachable`,
  ],
  'connect-timeout': [
    `${local}${request}dial tcp 10.0.0.1:443: i/o timeout`,
    `${local}${request}dial tcp 10.0.0.1:443: connect: connection timed out`,
    'Error response from daemon: Get "https://quay.io/v2/": net/http: request canceled while waiting for connection',
  ],
  'handshake-timeout': [`${local}${request}net/http: TLS handshake timeout`],
  'answer-timeout': [
    `${local}${request}net/http: timeout awaiting response headers`,
    'Error response from daemon: Get "https://quay.io/v2/": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)',
    `${local}unexpected status from HEAD request to ${U}: 408 Request Timeout`,
    'rpc error: code = DeadlineExceeded desc = context deadline exceeded',
  ],
  'pull-stalled': [`${copy}context canceled`],
  'no-such-host': [
    `${local}${request}dial tcp: lookup reg.example.com on 10.96.0.10:53: no such host`,
    `${local}${request}dial tcp: lookup reg.example.com: no such host`,
    `${local}failed to authorize: failed to fetch anonymous token: Get "https://auth.example.com/token": dial tcp: lookup auth.example.com: no such host`,
  ],
  'cluster-service-name': [
    `${local}${request}dial tcp: lookup reg.ns.svc.cluster.local on 10.0.0.2:53: no such host`,
    `${local}${request}dial tcp: lookup reg.ns.svc: no such host`,
  ],
  'dns-failure': [
    `${local}${request}dial tcp: lookup h on 10.0.0.2:53: read udp 10.0.0.9:4000->10.0.0.2:53: i/o timeout`,
    `${local}${request}dial tcp: lookup h on 127.0.0.53:53: read udp 127.0.0.1:4000->127.0.0.53:53: read: connection refused`,
    `${local}${request}dial tcp: lookup h on 10.0.0.2:53: server misbehaving`,
    `${local}${request}dial tcp: lookup h: Temporary failure in name resolution`,
  ],
  proxy: [`${local}${request}proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused`],
  'connection-lost': [
    `${local}${request}EOF`,
    `${local}failed to do request: Head "${U}": read tcp 10.0.0.9:4000->10.0.0.1:443: read: connection reset by peer`,
    `${local}${request}write: broken pipe`,
    `${copy}unexpected EOF`,
  ],
  'not-http': [
    `${local}failed to do request: Head "http://r:25/v2/a/manifests/1": net/http: HTTP/1.x transport connection broken: malformed HTTP status code "mail.test"`,
    `${local}failed to do request: Head "http://r:25/v2/a/manifests/1": net/http: HTTP/1.x transport connection broken: malformed HTTP version "220"`,
  ],
  'broken-url': [
    `${local}failed to do request: Head "://httpd.local/v2/a/manifests/1": unsupported protocol scheme ""`,
    `${local}failed to do request: Head "httpd.local:///v2/a/manifests/1": http: no Host in request URL`,
    `${local}get registry endpoints: parse endpoint url: parse "dummy://exa mple.com": invalid character " " in host name`,
    `${local}parse registry endpoint "://x" from mirrors: parse "://x": missing protocol scheme`,
    `${local}failed to do request: Head "https://r:99999/v2/a/manifests/1": dial tcp: address 99999: invalid port`,
    'unable to parse server reg:port: parse "https://reg:port": invalid port ":port" after host',
  ],
  'no-login': [
    `${local}${denied}authorization failed: no basic auth credentials`,
    `${local}failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://t/token?scope=repository%3Aapp%3Apull&service=svc: 401 Unauthorized`,
    `${local}failed to authorize: failed to fetch anonymous token: unexpected status: 401 Unauthorized`,
    'Error response from daemon: unauthorized: authentication required',
  ],
  unauthorized: [
    `${local}unexpected status from HEAD request to ${U}: 401 Unauthorized`,
    `${local}pulling from host reg.example.com failed with status code [manifests 1]: 401 Unauthorized`,
  ],
  'login-refused': [
    `${local}failed to authorize: failed to fetch oauth token: unexpected status from POST request to https://t/token: 403 Forbidden`,
    `${local}failed to authorize: failed to fetch oauth token: unexpected status: 401 Unauthorized`,
    'Error response from daemon: Head "https://registry-1.docker.io/v2/library/app/manifests/1": unauthorized: incorrect username or password',
  ],
  'access-denied': [
    `${local}${denied}server message: insufficient_scope: authorization failed`,
    "Error response from daemon: pull access denied for myregistry/app, repository does not exist or may require 'docker login': denied: requested access to the resource is denied",
  ],
  forbidden: [
    `${local}unexpected status from HEAD request to ${U}: 403 Forbidden`,
    `${local}unexpected status from HEAD request to ${U}: 403 Forbidden\ndenied: IP not allowed`,
  ],
  'login-unreadable': [
    `${local}invalid decoded auth: "user"`,
    `${transfer}failed to get credentials for "r:5000": illegal base64 data at input byte 3`,
    `${local}parse server address: parse ":": missing protocol scheme`,
  ],
  'token-server': [
    `${local}failed to authorize: failed to fetch anonymous token: authorization server did not include a token in the response`,
    `${local}no realm specified for token auth challenge`,
    `${local}invalid token auth challenge realm: parse ":": missing protocol scheme`,
    `${local}failed to authorize: failed to fetch anonymous token: unable to decode token response: EOF`,
    `${local}failed to authorize: failed to fetch anonymous token: unexpected status from GET request to https://t/token: 502 Bad Gateway`,
  ],
  'rate-limit': [
    `${local}unexpected status from HEAD request to ${U}: 429 Too Many Requests`,
    `${copy}unexpected status code ${U}: 429 Too Many Requests - Server message: toomanyrequests: You have reached your pull rate limit.`,
    `${copy}unexpected status from GET request to ${U}: 429 Too Many Requests\ntoomanyrequests: You have reached your unauthenticated pull rate limit.`,
    'Error response from daemon: toomanyrequests: You have reached your pull rate limit',
  ],
  'registry-fault': [
    `${local}unexpected status from HEAD request to ${U}: 500 Internal Server Error`,
    `${local}pulling from host r failed with status code [manifests 1]: 502 Bad Gateway`,
    'Error response from daemon: received unexpected HTTP status: 503 Service Unavailable',
  ],
  redirect: [
    `${local}${request}stopped after 10 redirects`,
    `${local}unexpected status from HEAD request to ${U}: 301 Moved Permanently`,
    `${local}pulling from host r failed with unexpected status code [manifests 1]: 300 Multiple Choices`,
    `${local}${request}failed to parse Location header ":": parse ":": missing protocol scheme`,
  ],
  'unexpected-status': [`${local}unexpected status from HEAD request to ${U}: 418 I'm a teapot`],
  'not-found': [
    `${local}${R}: not found`,
    `${copy}content at ${U} not found: not found`,
    'Error response from daemon: manifest for reg.example.com/app:9 not found: manifest unknown: manifest unknown',
    'rpc error: code = NotFound desc = failed to pull and unpack image "r.io/a:1": failed to resolve reference "r.io/a:1": r.io/a:1: not found',
    'Error response from daemon: name unknown: repository not known to registry',
  ],
  'content-missing': [
    `${copy}could not fetch content descriptor ${digest} (application/vnd.oci.image.layer.v1.tar+gzip) from remote: not found`,
    `${copy}content at https://r/v2/app/blobs/${digest} not found: not found`,
  ],
  'no-capability': [`${local}no resolve hosts: not found`],
  'no-platform': [
    `failed to pull and unpack image "${R}": no match for platform in manifest: not found`,
    `failed to pull and unpack image "${R}": get image config descriptor: no match for platform in manifest ${digest}: not found`,
    'Error response from daemon: no matching manifest for linux/arm64/v8 in the manifest list entries',
  ],
  'web-page': [
    `failed to pull and unpack image "${R}": failed to unpack image on snapshotter overlayfs: unexpected media type text/html for ${digest}: not found`,
    `failed to pull and unpack image "${R}": get image config descriptor: unexpected media type text/html for ${digest}: not found`,
    "Error response from daemon: error parsing HTTP 404 response body: invalid character '<' looking for beginning of value",
  ],
  'old-image-format': [
    `failed to pull and unpack image "${R}": not implemented: media type "application/vnd.docker.distribution.manifest.v1+prettyjws" is no longer supported since containerd v2.1, please rebuild the image as "application/vnd.docker.distribution.manifest.v2+json" or "application/vnd.oci.image.manifest.v1+json"`,
    `failed to pull and unpack image "${R}": schema 1 image manifests are no longer supported: invalid argument`,
  ],
  'manifest-too-large': [`${local}rejecting 9000000 byte manifest for ${R}: not found`],
  'digest-mismatch': [
    `failed to pull and unpack image "${R}": failed commit on ref "manifest-${digest}": unexpected commit digest sha256:00, expected ${digest}: failed precondition`,
    `failed to pull and unpack image "${R}": failed commit on ref "layer-${digest}": unexpected commit size 5, expected 9: failed precondition`,
  ],
  'digest-header': [`${local}"sha256:12" in header not a valid digest: invalid checksum digest length`],
  'broken-content': [
    `${copy}short read: expected 1024 bytes but got 512: unexpected EOF`,
    `${copy}failed to read expected number of bytes: unexpected EOF`,
    `failed to pull and unpack image "${R}": unmarshal image config: invalid character '}'`,
    `failed to pull and unpack image "${R}": number of layers and diffIDs don't match: 1 != 2`,
    `failed to pull and unpack image "${R}": children: invalid desc ${digest}: unexpected end of JSON input`,
    `failed to pull and unpack image "${R}": unable to fetch descriptor (${digest}) which reports content size of zero: invalid argument`,
    `${local}no signatures`,
  ],
  'disk-full': [
    `failed to pull and unpack image "${R}": failed to copy: failed to send write: write /var/lib/containerd/x: no space left on device`,
  ],
  'unpack-failed': [
    `failed to pull and unpack image "${R}": failed to extract layer ${digest}: mount callback failed`,
  ],
  'invalid-image-name': [
    'Failed to apply default image tag "X": couldn\'t parse image name "X": invalid reference format',
    'Failed to apply default image tag "X": couldn\'t parse image reference "X": invalid reference format',
    'rpc error: code = Unknown desc = failed to parse image reference "X": invalid reference format',
    'invalid reference format: repository name (proj/APP) must be lowercase',
    'invalid reference format: repository name must be lowercase',
    `invalid repository name (${digest.slice(7)}), cannot specify 64-byte hexadecimal strings`,
    'repository name must not be more than 255 characters',
    `${local}invalid checksum digest length`,
    `${local}invalid checksum digest format`,
    `${local}unsupported digest algorithm`,
    'Error: InvalidImageName',
  ],
  'never-pulled': [
    'Container image "shop/cart:2.1" is not present with pull policy of Never',
    'Error: ErrImageNeverPull',
  ],
  'image-inspect-failed': [
    'Error: ImageInspectError',
    'Failed to inspect image "nginx": rpc error: code = Unknown desc = x',
  ],
  'registry-unavailable': ['Error: RegistryUnavailable'],
  'sandbox-image': [
    'Failed to create pod sandbox: failed to get sandbox image "registry.k8s.io/pause:3.8": something new',
  ],
  'back-off': ['Back-off pulling image "nginx:1.27"', 'Error: ImagePullBackOff', 'Error: ErrImagePull'],
  'pull-secret-missing': [
    'Unable to retrieve some image pull secrets (harbour-login); attempting to pull the image may not succeed.',
  ],
  'kubelet-limit': ['Failed to pull image "nginx": pull QPS exceeded'],
  'signature-refused': [
    'Failed to pull image "nginx": SignatureValidationFailed: Source image rejected: no signature',
  ],
  'short-name': [
    'short-name "nginx:1.27" did not resolve to an alias and no unqualified-search registries are defined in "/etc/containers/registries.conf"',
    'short name mode is enforcing, but image name nginx returns ambiguous list',
  ],
  'cri-not-loaded': [
    'rpc error: code = Unimplemented desc = unknown service runtime.v1.ImageService',
    'rpc error: code = Unimplemented desc = unknown service runtime.v1alpha2.RuntimeService',
    'Failed to inspect image "": rpc error: code = Unimplemented desc = unknown service runtime.v1.ImageService',
  ],
  'config-refused': [
    'level=warning msg="failed to load plugin io.containerd.grpc.v1.cri" error="invalid plugin config: `mirrors` cannot be set when `config_path` is provided"',
    'level=warning msg="failed to load plugin" error="invalid cri image config: `mirrors` cannot be set when `config_path` is provided" id=io.containerd.cri.v1.images',
    'invalid plugin config: `configs.tls` cannot be set when `config_path` is provided',
    'invalid plugin config: failed to parse registry url "::" from `registry.auths`: missing protocol scheme',
    'containerd: failed to load TOML from /etc/containerd/config.toml: unsupported config version `3`',
    'containerd config version `3` is not supported, the max version is `2`, use `containerd config default` to generate a new config',
    'containerd: failed to load TOML from F: expected containerd config version equal to or less than `3`, got `4`',
    'containerd: failed to load TOML: F: invalid plugin key URI "cri" expect io.containerd.x.vx',
    'invalid disabled plugin URI "cri" expect io.containerd.x.vx',
    'containerd: drop-in config version 3 higher than root config version 2',
    '(4, 2): duplicated tables',
    'containerd: failed to unmarshal TOML: toml: table registry already exists',
  ],
  'runtime-down': [
    'rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix /run/containerd/containerd.sock: connect: connection refused"',
  ],
  'hosts-file-dropped': [
    'level=error msg="failed to decode hosts.toml" error="invalid `host` tree"',
    'level=error msg="failed to decode /etc/containerd/certs.d/docker.io/hosts.toml" error="toml: cannot decode TOML string into struct field config.hostFileConfig.SkipVerify of type *bool"',
    'level=error msg="failed to decode hosts.toml" error="(4, 2): duplicated tables"',
    'level=error msg="failed to decode hosts.toml" error="(3, 9): invalid escape sequence: \\."',
    'unknown capability referrers',
    'invalid type 5 for "ca"',
    'invalid type 1 for header "x"',
    'invalid pair [c.crt] for "client"',
    'unable to cast 5 to string',
    'time: missing unit in duration "5"',
  ],
  'hosts-file-unreadable': [
    `${local}open /etc/containerd/certs.d/r/hosts.toml: not a directory`,
    `${local}read /etc/containerd/certs.d/r/hosts.toml: is a directory`,
    `${local}open /etc/containerd/certs.d/r/hosts.toml: permission denied`,
  ],
  'hosts-file-crash': ['panic: interface conversion: interface {} is string, not *toml.Tree'],
  'https-first': [
    'level=info msg="host will try HTTPS first since it is configured for HTTP with a TLS configuration, consider changing host to HTTPS or removing unused TLS configuration"',
  ],
  'setting-ignored': [
    'level=warning msg="Ignoring unknown key in TOML for plugin" key="registry configs X tls" plugin=io.containerd.grpc.v1.cri',
  ],
  'local-pull': [
    "Found 'Registry.Mirrors' in CRI config which is incompatible with transfer service (not supported with transfer service (also deprecated)). Falling back to local image pull mode.",
  ],
  'setting-deprecated': [
    '`mirrors` is deprecated, please use `config_path` instead',
    '`auths` is deprecated, please use `ImagePullSecrets` instead',
  ],
  'rewrite-skipped': [
    'Failed to compile rewrite, error parsing regexp: invalid or unsupported Perl syntax: `(?=`',
  ],
  'endpoint-left-out': ['Ignoring invalid endpoint URL 10.10.1.106: 5000 for registry docker.io'],
  'registries-as-manifest': [
    "failed to process /var/lib/rancher/k3s/server/manifests/registries.yaml: Object 'Kind' is missing in '{}'",
  ],
  'ctr-flag': ['ctr: "--skip-verify" requires "--local" flag'],
  unknown: ['', 'everything is fine', 'Failed to pull image "nginx": something that nobody has seen'],
};

suite('error texts', () => {
  for (const [cause, samples] of Object.entries(texts)) {
    for (const text of samples) {
      test(`${cause}: ${text.slice(-120)}`, () => {
        assert.equal(diagnose(text).cause, cause);
        const wrapped = `Failed to pull image "${R}": rpc error: code = Unknown desc = ${text}`;
        if (cause !== 'unknown') assert.equal(diagnose(wrapped).cause, cause);
      });
    }
  }
});

/** A fixture that is not here only has to be known. */
const observed: ReadonlyMap<string, string> = new Map([
  ['answer-that-is-no-http', 'not-http'],
  ['array-of-host-tables-crashes', 'hosts-file-crash'],
  ['basic-login-is-missing', 'no-login'],
  ['basic-login-is-missing 1.6.20', 'unauthorized'],
  ['basic-login-is-wrong', 'unauthorized'],
  ['empty-port', 'forbidden'],
  ['host-table-with-a-string-crashes', 'hosts-file-crash'],
  ['http-fallback-names-http', 'forbidden'],
  ['port-above-65535', 'broken-url'],
  ['redirect-with-referer', 'not-found'],
  ['relative-config-path', 'hosts-file-unreadable'],
  ['scheme-in-capitals', 'no-such-host'],
  ['scheme-in-capitals 2.1.9', 'not-found'],
  ['text-before-a-bracket', 'broken-url'],
]);

function assertKnown(text: string, expected: string | undefined): void {
  const { cause } = diagnose(text);
  assert.notEqual(cause, 'unknown', text);
  if (expected !== undefined) assert.equal(cause, expected);
}

/** The line in the log of containerd. */
function decodeLog(reason: string): string {
  return `level=error msg="failed to decode hosts.toml" error=${JSON.stringify(reason)}`;
}

suite('what real containerd was seen to say', () => {
  for (const { name, observations } of fixtures) {
    for (const [version, { result, startup, dropped }] of observations) {
      const expected = observed.get(`${name} ${version}`) ?? observed.get(name);
      const said = [
        ...(startup.kind !== 'ok' && startup.text !== '' ? [[startup.text, 'config-refused'] as const] : []),
        ...dropped.map((reason) => [decodeLog(reason), 'hosts-file-dropped'] as const),
        ...(result?.kind === 'failed' ? [[result.message, expected] as const] : []),
        ...(result?.kind === 'crashed' ? [[result.panic, expected] as const] : []),
      ];
      if (said.length === 0) continue;
      test(`${name}, ${version}`, () => {
        for (const [text, cause] of said) assertKnown(text, cause);
      });
    }
  }

  test('each fixture that is named above has a pull that failed', () => {
    const failed = new Set(
      fixtures.flatMap(({ name, observations }) =>
        [...observations]
          .filter(([, { result }]) => result?.kind === 'failed' || result?.kind === 'crashed')
          .flatMap(([version]) => [name, `${name} ${version}`]),
      ),
    );
    assert.deepEqual(
      [...observed.keys()].filter((name) => !failed.has(name)),
      [],
    );
  });

  test('no recorded error is unknown', () => {
    const recorded = readFileSync(join(import.meta.dirname, '../resolver/recorded.json'), 'utf8');
    const errors = [...recorded.matchAll(/"error": ("(?:[^"\\]|\\.)*")/g)].map(([, text = '""']) =>
      String(JSON.parse(text)),
    );
    assert.ok(errors.length > 20);
    assert.deepEqual(
      errors.filter((text) => text !== '' && diagnose(text).cause === 'unknown'),
      [],
    );
  });
});
