/** An endpoint of a mirror, read as k3s reads it. */
export interface Endpoint {
  readonly scheme: 'http' | 'https';
  /** False when the text has no `scheme://`, so that one was chosen for it. */
  readonly hasScheme: boolean;
  /** Host and port as written; Docker Hub's `docker.io` is `registry-1.docker.io` here. */
  readonly host: string;
  readonly hostname: string;
  readonly port?: number;
  /** `/v2`, or any other path as written: that one is used as it stands. */
  readonly path: string;
}

export type EndpointResult =
  { readonly ok: true; readonly endpoint: Endpoint } | { readonly ok: false; readonly error: string };

/** No request line of a registry is nearly as long. */
const maxLength = 1024;

const hostPattern =
  /^(?<hostname>[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\])(?::(?<port>\d{1,5}))?$/;
const pathPattern = /^[A-Za-z0-9._~%!$&()*+,;=:@/-]*$/;

/** Reads an endpoint; says in words why it is none. */
// k3s pkg/agent/containerd/config.go normalizeEndpointAddress
export function parseEndpoint(text: string): EndpointResult {
  const separator = text.indexOf('://');
  const hasScheme = separator >= 0;
  const rest = hasScheme ? text.slice(separator + 3) : text;
  const slash = rest.indexOf('/');
  const authority = slash < 0 ? rest : rest.slice(0, slash);
  const path = slash < 0 ? '' : rest.slice(slash);
  const scheme = hasScheme ? text.slice(0, separator) : undefined;
  const error = describeMistake(text, scheme, authority, path);
  if (error) return { ok: false, error };
  const { hostname = '', port } = hostPattern.exec(authority)?.groups ?? {};
  const endpoint: Endpoint = {
    scheme: scheme === undefined ? defaultScheme(hostname, port) : scheme === 'http' ? 'http' : 'https',
    hasScheme,
    host: authority === 'docker.io' ? 'registry-1.docker.io' : authority,
    hostname,
    ...(port !== undefined && { port: Number(port) }),
    path: path === '' || path === '/' ? '/v2' : path,
  };
  return { ok: true, endpoint };
}

/** The URL of an endpoint without its path. */
export function originOf(endpoint: Endpoint): string {
  return `${endpoint.scheme}://${endpoint.host}`;
}

/** The URL of an endpoint; `/v2` is left out, since every registry has it. */
export function urlOf(endpoint: Endpoint): string {
  return endpoint.path === '/v2' ? originOf(endpoint) : originOf(endpoint) + endpoint.path;
}

/** True for `localhost` and loopback addresses: containerd and k3s take those for plain HTTP. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(hostname);
}

function defaultScheme(hostname: string, port: string | undefined): 'http' | 'https' {
  return isLoopback(hostname) && port !== undefined && port !== '443' ? 'http' : 'https';
}

function describeMistake(
  text: string,
  scheme: string | undefined,
  authority: string,
  path: string,
): string | undefined {
  if (text === '') return 'it is empty';
  if (text.length > maxLength) return `it is longer than ${maxLength} characters`;
  if (/\s/.test(text)) return 'it has a space in it';
  if (scheme !== undefined && scheme !== 'http' && scheme !== 'https')
    return `\`${scheme}://\` is neither http:// nor https://`;
  if (authority.includes('@')) return 'a login does not belong in the URL: write it under `configs`';
  if (authority === '') return 'it names no host';
  const groups = hostPattern.exec(authority)?.groups;
  if (!groups) return `\`${authority}\` is no host or host:port`;
  if (groups['port'] !== undefined && (Number(groups['port']) > 65535 || Number(groups['port']) === 0)) {
    return `${groups['port']} is no port`;
  }
  return pathPattern.test(path) ? undefined : `\`${path}\` is no path of a registry`;
}
