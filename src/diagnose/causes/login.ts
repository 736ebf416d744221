import type { Cause } from '../cause.ts';

const logins = ['invalid-auth', 'pull-secret', 'configs-key', 'docker-configs'];

/** Logins, and what a registry refuses. */
export const loginCauses: readonly Cause[] = [
  {
    id: 'rate-limit',
    patterns: [/429 Too Many Requests/, /toomanyrequests/i, /pull rate limit/],
    example:
      'unexpected status from HEAD request to https://registry-1.docker.io/v2/library/nginx/manifests/1.27: 429 Too Many Requests',
    meaning: ({ name }) => `${name} refuses more pulls for now: its rate limit is reached`,
    advice: () =>
      'mirror this registry, or log in; the login of Docker Hub stands under `registry-1.docker.io` in `configs`',
    blames: 'endpoint',
    checks: ['configs-key'],
    mirrorBypass: 'unreached',
  },
  {
    id: 'login-unreadable',
    patterns: [/invalid decoded auth/, /illegal base64 data/, /parse server address/],
    example: 'failed to get credentials for "reg.lan:5000": illegal base64 data at input byte 3',
    meaning: () => 'the login that is configured cannot be read',
    advice: () => '`auth` is base64 of `user:password`: write `username` and `password` instead',
    blames: 'login',
    checks: ['invalid-auth'],
  },
  {
    id: 'login-refused',
    patterns: [
      /failed to fetch oauth token: unexpected status[^\n]{0,2500}40[0-9]/,
      /incorrect username or password/,
      /[Ii]nvalid username\/password/,
      /unauthorized: (?:incorrect|invalid|access token|unable to)/i,
    ],
    example:
      'failed to authorize: failed to fetch oauth token: unexpected status from GET request to https://harbor.example.net/service/token?service=harbor-registry: 401 Unauthorized',
    meaning: ({ name }) => `${name} does not accept the login`,
    advice: () =>
      'check user and password; a pull secret of the Pod is used for every mirror too, and then the login of the node is not',
    blames: 'login',
    checks: logins,
  },
  {
    id: 'no-login',
    patterns: [
      /no basic auth credentials/,
      /failed to fetch anonymous token: unexpected status[^\n]{0,2500}40[13]/,
      /authentication required/,
    ],
    example:
      'pull access denied, repository does not exist or may require authorization: authorization failed: no basic auth credentials',
    meaning: ({ name }) => `${name} wants a login, and got none`,
    advice: ({ host }) =>
      `give the Pod an \`imagePullSecrets\` for the registry of its image, or the node a login: \`configs: {"${host}": {auth: ...}}\``,
    blames: 'login',
    checks: logins,
    mirrorBypass: 'answered',
  },
  {
    id: 'access-denied',
    patterns: [
      /insufficient_scope/,
      /pull access denied/,
      /requested access to the resource is denied/,
      /repository does not exist or may require/,
    ],
    example:
      'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
    meaning: ({ name }) => `${name} has no such repository, or does not show it to this login`,
    advice: () =>
      'check the name first: an image without a dot or a port before its first slash is looked for on Docker Hub; then whether the login may pull it',
    blames: 'login',
    checks: ['mirror-key', ...logins],
    mirrorBypass: 'answered',
  },
  {
    id: 'unauthorized',
    patterns: [/401 Unauthorized/, /\bunauthorized\b/i, /authorization failed/],
    example:
      'unexpected status from HEAD request to https://harbor.example.net/v2/shop/cart/manifests/2.1.0: 401 Unauthorized',
    meaning: ({ name }) => `${name} answers 401: the login is missing or wrong`,
    advice: ({ host }) =>
      `give the Pod an \`imagePullSecrets\` for the registry of its image, or the node a login: \`configs: {"${host}": {auth: ...}}\``,
    blames: 'login',
    checks: logins,
    mirrorBypass: 'answered',
  },
  {
    id: 'proxy',
    patterns: [/proxyconnect tcp/, /Proxy Authentication Required/, /socks connect /],
    example:
      'failed to do request: Head "https://10.10.1.106:5000/v2/app/manifests/1": proxyconnect tcp: dial tcp 10.0.0.9:3128: connect: connection refused',
    meaning: ({ name }) =>
      `${name} was asked through the proxy of the node, which does not let the request through`,
    advice: ({ host }) =>
      `put ${host} into NO_PROXY of the systemd unit of containerd, or mend the proxy there`,
    blames: 'endpoint',
    checks: [],
  },
  {
    id: 'forbidden',
    patterns: [/403 Forbidden/, /\bdenied: /],
    example:
      'unexpected status from HEAD request to https://ghcr.io/v2/example/app/manifests/1: 403 Forbidden',
    meaning: ({ name }) => `${name} knows who asks, and does not allow the pull`,
    advice: () => 'let the login read this repository; a proxy on the way may also answer 403',
    blames: 'login',
    checks: logins,
    mirrorBypass: 'answered',
  },
  {
    id: 'token-server',
    patterns: [
      /did not include a token in the response/,
      /no realm specified for token auth challenge/,
      /invalid token auth challenge realm/,
      /unable to decode token response/,
      /failed to fetch (?:oauth|anonymous) token: unexpected status/,
    ],
    example:
      'failed to authorize: failed to fetch anonymous token: authorization server did not include a token in the response',
    meaning: () => 'the server to which the registry sends for a token gives none',
    advice: () =>
      'see where the `WWW-Authenticate` of the registry points: behind a proxy it is often the wrong address, as the `hostname` or `external_url` of Harbor',
    blames: 'endpoint',
    checks: [],
  },
];
