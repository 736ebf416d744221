import { quote, splitHostPort } from '../hosts/goText.ts';
import { formatGoUrl, parseGoUrl, resolveReference, type GoUrl } from '../hosts/goUrl.ts';
import { firstValue, headerError, receivedHeader, setValue, wireHeader, type GoHeader } from './goHeader.ts';
import type { Profile } from './profile.ts';
import { asPullError, PullError } from './pullError.ts';
import type { TlsOptions } from './registryHost.ts';
import {
  TransportError,
  type RegistryRequest,
  type RegistryResponse,
  type Transport,
  type TransportErrorKind,
} from './transport.ts';

/** A request on its way out. */
export interface ClientRequest {
  readonly method: RegistryRequest['method'];
  readonly url: GoUrl;
  readonly header: GoHeader;
  readonly body?: string | undefined;
}

/** An answer, and the request that it answers: after redirects the last one, after a fall back to HTTP that by HTTP. */
export interface ClientResponse {
  readonly request: ClientRequest;
  readonly status: number;
  /** Status and reason: `404 Not Found`. */
  readonly statusLine: string;
  readonly header: GoHeader;
  readonly body: Uint8Array;
}

/** Gives the request that a redirect leads to its login. */
export type CheckRedirect = (request: ClientRequest) => Promise<ClientRequest>;

export interface ClientSettings {
  readonly profile: Profile;
  readonly tls: TlsOptions;
  /** In milliseconds. */
  readonly dialTimeout?: number | undefined;
  /** HTTPS is tried first, and HTTP where the server turns out to speak that. */
  readonly httpFallback: boolean;
}

const defaultDialTimeout = 30_000;
const handshakeTimeout = 10_000;
const responseHeaderTimeout = 30_000;
const maxRedirects = 10;

/** An HTTP client as containerd makes one for a registry host, in what it sends and in its errors. */
// Go net/http Client.do; containerd v2.3.4 core/remotes/docker/registry.go DefaultHTTPTransport
export class HttpClient {
  readonly #transport: Transport;
  readonly #settings: ClientSettings;
  /** The host that was last found to speak HTTP where HTTPS was tried. */
  #plainHost: string | undefined;

  constructor(transport: Transport, settings: ClientSettings) {
    this.#transport = transport;
    this.#settings = settings;
  }

  /** Makes a request and follows redirects. Rejects with {@link PullError}. */
  async do(first: ClientRequest, checkRedirect?: CheckRedirect): Promise<ClientResponse> {
    let request = first;
    let hasLogin = true;
    for (let redirects = 0; ; redirects++) {
      const response = await this.#send(first, request);
      const method = redirectMethod(request.method, response.status);
      const location = firstValue(response.header, 'Location');
      if (method === undefined || location === '') return response;
      const url = this.#locate(first, request, response, location);
      hasLogin = hasLogin && keepsLogin(first.url, url);
      const next = withReferer(redirected(first, method, url, hasLogin), request.url);
      try {
        if (redirects + 1 >= maxRedirects) throw new PullError(`stopped after ${maxRedirects} redirects`);
        request = checkRedirect ? await checkRedirect(next) : next;
      } catch (error) {
        throw urlError(first.method, location, asPullError(error));
      }
    }
  }

  async #send(first: ClientRequest, request: ClientRequest): Promise<ClientResponse> {
    try {
      return await this.#roundTrip(request);
    } catch (error) {
      throw urlError(first.method, formatGoUrl(request.url), this.#asPullError(error));
    }
  }

  #locate(first: ClientRequest, request: ClientRequest, response: ClientResponse, location: string): GoUrl {
    const parsed = parseGoUrl(location, this.#settings.profile);
    if (parsed.ok) return resolveReference(request.url, parsed.url);
    const text = `failed to parse Location header ${quote(location)}: ${parsed.error}`;
    throw urlError(first.method, formatGoUrl(response.request.url), new PullError(text));
  }

  // containerd v2.3.4 core/remotes/docker/resolver.go httpFallback RoundTrip; v1.6.31 HTTPFallback RoundTrip
  async #roundTrip(request: ClientRequest): Promise<ClientResponse> {
    const { httpFallback, profile } = this.#settings;
    if (!httpFallback) return this.#exchange(request);
    const isPlain = this.#plainHost === request.url.host;
    if (!isPlain) {
      try {
        return await this.#exchange(request);
      } catch (error) {
        if (!(error instanceof TransportError) || !fallsBack(error, request.url.host, profile)) throw error;
      }
      if (profile.requests.fallbackRemembersHost) this.#plainHost = request.url.host;
    }
    return this.#exchange({ ...request, url: { ...request.url, scheme: 'http' } });
  }

  // Go net/http Transport.roundTrip
  async #exchange(request: ClientRequest): Promise<ClientResponse> {
    const { method, url, header, body } = request;
    const { scheme, host } = url;
    if (scheme !== 'http' && scheme !== 'https') {
      throw new PullError(`unsupported protocol scheme ${quote(scheme)}`);
    }
    const error = headerError(header);
    if (error !== undefined) throw new PullError(error);
    if (host === '') throw new PullError('http: no Host in request URL');
    const { tls, dialTimeout = defaultDialTimeout, profile } = this.#settings;
    const response = await this.#transport.send(
      { method, url: formatGoUrl(url), header: wireHeader(header), ...(body !== undefined && { body }) },
      {
        tls: scheme === 'https' ? tls : null,
        dialTimeout,
        handshakeTimeout,
        ...(profile.requests.limitsResponseHeader && { responseHeaderTimeout }),
      },
    );
    return answerTo(request, response);
  }

  /** The words of Go for a request without an answer. Other errors are thrown on: they are bugs. */
  #asPullError(error: unknown): PullError {
    if (!(error instanceof TransportError)) return asPullError(error);
    const { kind, message } = error;
    const isPrefixed = kind === 'certificate' && this.#settings.profile.requests.namesVerification;
    const text = isPrefixed ? `tls: failed to verify certificate: ${message}` : message;
    // Go net timeoutError and net/http timeoutError are context.DeadlineExceeded
    const isDeadline = kind === 'timeout' || kind === 'header-timeout';
    return new PullError(text, { transport: kind, ...(isDeadline && { code: 'DeadlineExceeded' }) });
  }
}

function answerTo(
  request: ClientRequest,
  { status, reason, header, body }: RegistryResponse,
): ClientResponse {
  const statusLine = reason === '' ? `${status}` : `${status} ${reason}`;
  return { request, status, statusLine, header: receivedHeader(header), body };
}

// Go net/url Error
function urlError(method: string, url: string, cause: PullError): PullError {
  const operation = method.slice(0, 1) + method.slice(1).toLowerCase();
  return new PullError(`${operation} ${quote(url)}: ${cause.message}`, {
    ...cause.facts,
    url: cause.facts.url ?? url,
  });
}

const portErrors: ReadonlySet<TransportErrorKind> = new Set([
  'refused',
  'timeout',
  'connect-timeout',
  'handshake-timeout',
  'header-timeout',
]);

// containerd v2.3.4 core/remotes/docker/resolver.go isTLSError, isPortError
function fallsBack({ kind }: TransportError, host: string, { requests }: Profile): boolean {
  if (kind === 'http-response') return true;
  if (kind === 'handshake-timeout' && requests.fallbackRemembersHost) return true;
  return portErrors.has(kind) && requests.fallbackOnRefusal && (splitHostPort(host)?.port ?? '') === '';
}

/** The method with which a redirect is followed; undefined where the answer is none. */
// Go net/http redirectBehavior
function redirectMethod(
  method: ClientRequest['method'],
  status: number,
): ClientRequest['method'] | undefined {
  if (status === 307 || status === 308) return method;
  if (status !== 301 && status !== 302 && status !== 303) return undefined;
  return method === 'HEAD' ? 'HEAD' : 'GET';
}

// Go net/http Client.makeHeadersCopier
function redirected(
  first: ClientRequest,
  method: ClientRequest['method'],
  url: GoUrl,
  hasLogin: boolean,
): ClientRequest {
  const isForm = method === 'POST';
  const header = [...first.header].filter(
    ([name]) =>
      (hasLogin || !['authorization', 'cookie'].includes(name.toLowerCase())) &&
      (isForm || name.toLowerCase() !== 'content-type'),
  );
  return { method, url, header: new Map(header), ...(isForm && { body: first.body }) };
}

/** Names the URL that led here, but none by HTTPS to one by HTTP. */
// Go net/http refererForURL
function withReferer(request: ClientRequest, from: GoUrl): ClientRequest {
  const isDowngrade = from.scheme === 'https' && request.url.scheme === 'http';
  if (isDowngrade || firstValue(request.header, 'Referer') !== '') return request;
  return { ...request, header: setValue(request.header, 'Referer', formatGoUrl(from)) };
}

/** True where Go shows the login of the first request to the host of a redirect: to the same name, or one below it. */
// Go net/http shouldCopyHeaderOnRedirect, isDomainOrSubdomain
function keepsLogin(first: GoUrl, next: GoUrl): boolean {
  if (first.host === next.host) return true;
  const parent = nameOf(first.host);
  const child = nameOf(next.host);
  if (child === parent) return true;
  return !/[:%]/.test(child) && parent !== '' && child.endsWith(`.${parent}`);
}

function nameOf(host: string): string {
  return (splitHostPort(host)?.host ?? host).replaceAll(/[[\]]/g, '').toLowerCase();
}

/** The length of the content as the header of an answer tells it; -1 where it does not. */
// Go net/http readTransfer
export function contentLength({ request, status, header }: ClientResponse): number {
  if (request.method !== 'HEAD' && (status === 204 || status === 304)) return 0;
  const text = firstValue(header, 'Content-Length').trim();
  const isChunked = firstValue(header, 'Transfer-Encoding').toLowerCase() === 'chunked';
  return /^\d+$/.test(text) && !isChunked ? Number(text) : -1;
}

/** The URL of a new request, without a colon that no port follows. */
// Go net/http NewRequestWithContext, removeEmptyPort
export function withoutEmptyPort(url: GoUrl): GoUrl {
  return { ...url, host: url.host.replace(/:$/, '') };
}

/** The request with a login. */
export function withAuthorization(request: ClientRequest, authorization: string): ClientRequest {
  return { ...request, header: setValue(request.header, 'Authorization', authorization) };
}
