import type { Cause } from '../cause.ts';

const trust = ['configs-key', 'client-certificate', 'docker-configs', 'config-ignored'];

/** HTTP and HTTPS, and certificates. */
export const tlsCauses: readonly Cause[] = [
  {
    id: 'tls-file',
    patterns: [
      /unable to (?:read|load) CA cert/,
      /unable to read CERT file/,
      /failed to load (?:X509 key pair|cert file|CA file)/,
      /found a certificate rather than a key/,
      /failed to find any PEM data/,
      /was specified, but no corresponding (?:key|cert) file was specified/,
      /get TLSConfig for registry/,
      /private key does not match public key/,
      /missing (?:key|client certificate) [^\n]{1,200} for (?:client certificate|key)/,
    ],
    example:
      'failed to resolve reference "reg.lan/app:1": unable to read CA cert "/etc/ssl/harbor-ca.crt": open /etc/ssl/harbor-ca.crt: no such file or directory',
    meaning: () =>
      'a certificate or key that the configuration names cannot be used, so no pull of this registry is made',
    advice: () =>
      'put the file on the node, in PEM; a client certificate needs its key, as `client = [["client.cert", "client.key"]]` in hosts.toml',
    blames: 'tls',
    checks: ['client-certificate'],
    isUnmistakable: true,
  },
  {
    id: 'http-to-https-client',
    patterns: [/server gave HTTP response to HTTPS client/],
    example:
      'failed to do request: Head "https://10.10.1.106:5000/v2/apiserver/manifests/1.4.2": http: server gave HTTP response to HTTPS client',
    meaning: ({ name }) => `${name} was asked by HTTPS, and speaks plain HTTP`,
    advice: ({ host }) =>
      `add \`mirrors: {"${host}": {endpoint: ["http://${host}"]}}\`: only an endpoint that begins with \`http://\` switches to plain HTTP`,
    blames: 'endpoint',
    checks: ['endpoint-without-scheme', 'hosts-file-host', 'http-by-skip-verify'],
    mirrorBypass: 'unreached',
  },
  {
    id: 'no-tls',
    patterns: [/first record does not look like a TLS handshake/, /tls: oversized record received/],
    example:
      'failed to do request: Head "https://10.10.1.106:5000/v2/app/manifests/1": tls: first record does not look like a TLS handshake',
    meaning: ({ name }) => `${name} was asked by HTTPS, and what answers there speaks no TLS`,
    advice: ({ host }) =>
      `see what listens at ${host}; a plain-HTTP registry wants an endpoint with \`http://\``,
    blames: 'endpoint',
    checks: ['endpoint-without-scheme', 'hosts-file-host', 'http-by-skip-verify'],
    mirrorBypass: 'unreached',
  },
  {
    id: 'https-to-http',
    patterns: [
      /Client sent an HTTP request to an HTTPS server/,
      /plain HTTP request was sent to HTTPS port/,
      /request to http:\/\/[^\s"]{1,2000}: 400 Bad Request/,
      /malformed HTTP response \\{0,3}"\\{1,3}x15\\{1,3}x03/,
    ],
    example:
      'unexpected status from HEAD request to http://harbor.example.net:443/v2/app/manifests/1: 400 Bad Request',
    meaning: ({ name }) => `${name} was asked by plain HTTP, and most likely wants HTTPS`,
    advice: ({ host }) => `write \`https://${host}\` for its endpoint`,
    blames: 'endpoint',
    checks: [],
  },
  {
    id: 'certificate-name',
    patterns: [/x509: certificate is valid for /, /x509: certificate is not valid for any names/],
    example:
      'tls: failed to verify certificate: x509: certificate is valid for harbor.example.net, not reg.example.net',
    meaning: ({ name }) => `the certificate of ${name} is for another name`,
    advice: () => 'ask the registry by a name that is in its certificate, or have one issued for this name',
    blames: 'endpoint',
    checks: ['config-ignored'],
    mirrorBypass: 'unreached',
  },
  {
    id: 'certificate-without-address',
    patterns: [/doesn't contain any IP SANs/],
    example: "x509: cannot validate certificate for 10.0.0.1 because it doesn't contain any IP SANs",
    meaning: ({ name }) => `${name} is asked by its address, which is not in its certificate`,
    advice: () => 'ask it by its name, or have a certificate issued with the address among its IP SANs',
    blames: 'endpoint',
    checks: ['config-ignored'],
    mirrorBypass: 'unreached',
  },
  {
    id: 'certificate-without-names',
    patterns: [/certificate relies on legacy Common Name field/],
    example: 'x509: certificate relies on legacy Common Name field, use SANs instead',
    meaning: ({ name }) =>
      `the certificate of ${name} has its name only in the common name, where nobody looks any more`,
    advice: () => 'have it issued anew, with the name as subject alternative name (SAN)',
    blames: 'endpoint',
    checks: [],
  },
  {
    id: 'certificate-expired',
    patterns: [/certificate has expired or is not yet valid/],
    example:
      'x509: certificate has expired or is not yet valid: current time 2026-02-01T00:00:00Z is after 2026-01-01T00:00:00Z',
    meaning: ({ name }) => `the certificate of ${name} is not valid at this time`,
    advice: () => 'renew it; where it is valid, set the clock of the node',
    blames: 'endpoint',
    checks: [],
  },
  {
    id: 'unknown-authority',
    patterns: [/certificate signed by unknown authority/, /certificate is not trusted/],
    example: 'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    meaning: ({ name }) => `the node does not trust the certificate of ${name}`,
    advice: ({ host }) =>
      `name the CA that signed it: \`configs: {"${host}": {tls: {ca_file: /etc/ssl/ca.crt}}}\``,
    blames: 'tls',
    checks: trust,
    mirrorBypass: 'unreached',
  },
  {
    id: 'client-certificate-wanted',
    patterns: [
      /remote error: tls: (?:bad certificate|certificate required|unknown certificate|handshake failure|certificate unknown|unknown certificate authority)/,
    ],
    example: 'remote error: tls: certificate required',
    meaning: ({ name }) =>
      `${name} wants a certificate from the node, or does not accept the one that it gets`,
    advice: ({ host }) =>
      `name it with its key: \`configs: {"${host}": {tls: {cert_file: ..., key_file: ...}}}\`; some servers also end this way where they have no TLS version in common`,
    blames: 'tls',
    checks: trust,
  },
  {
    id: 'tls-version',
    patterns: [/protocol version not supported/, /unsupported protocol version/, /no mutual cipher suite/],
    example: 'remote error: tls: protocol version not supported',
    meaning: ({ name }) => `${name} and the node have no version of TLS in common`,
    advice: () => 'have the registry, or the proxy in front of it, speak TLS 1.2 or later',
    blames: 'endpoint',
    checks: [],
  },
  {
    id: 'certificate-refused',
    patterns: [/x509: /, /failed to verify certificate/],
    example: 'tls: failed to verify certificate: x509: certificate specifies an incompatible key usage',
    meaning: ({ name }) => `the node does not accept the certificate of ${name}`,
    advice: () => 'have the certificate issued anew: what is wrong with it stands behind `x509:`',
    blames: 'tls',
    checks: trust,
    mirrorBypass: 'unreached',
  },
];
