import { parseAuthHeader, type Challenge } from './authChallenge.ts';
import type { Login } from './credentials.ts';
import { formatGoUrl } from '../hosts/goUrl.ts';
import type { ClientResponse } from './httpClient.ts';
import { asPullError, PullError, wrapError } from './pullError.ts';
import { tokenScopes } from './scope.ts';
import {
  basic,
  fetchToken,
  fetchTokenWithOAuth,
  generateTokenOptions,
  type TokenClient,
  type TokenOptions,
} from './tokenServer.ts';

/** The login for a host that asks for one. Throws {@link PullError}. */
export type CredentialsFunction = (host: string) => Login;

type AuthHandler = { readonly scheme: 'basic'; readonly login: Login } | BearerHandler;

interface BearerHandler {
  readonly scheme: 'bearer';
  readonly options: TokenOptions;
  /** By the scopes that they were fetched for. */
  readonly tokens: Map<string, TokenResult>;
}

type TokenResult =
  { readonly ok: true; readonly token: string } | { readonly ok: false; readonly error: PullError };

/** Gives requests their logins, as registries asked for them. It keeps its tokens. */
// containerd v2.3.4 core/remotes/docker/authorizer.go dockerAuthorizer
export class DockerAuthorizer {
  readonly #tokenClient: TokenClient;
  readonly #credentials: CredentialsFunction | undefined;
  /** By host and port of the server that asked. */
  readonly #handlers = new Map<string, AuthHandler>();

  constructor(tokenClient: TokenClient, credentials: CredentialsFunction | undefined) {
    this.#tokenClient = tokenClient;
    this.#credentials = credentials;
  }

  /** The `Authorization` for a host; undefined where it never asked for one. Rejects with {@link PullError}. */
  async authorize(host: string, scopes: readonly string[]): Promise<string | undefined> {
    const handler = this.#handlers.get(host);
    if (!handler) return undefined;
    if (handler.scheme === 'basic') return basic(handler.login);
    return `Bearer ${await this.#doBearerAuth(handler, scopes)}`;
  }

  /**
   * Learns from answers, of which the last is a 401, how to log in: true where another request makes sense. Throws
   * {@link PullError}.
   */
  addResponses(responses: readonly ClientResponse[]): boolean {
    const last = responses.at(-1);
    const host = last?.request.url.host ?? '';
    for (const challenge of last ? parseAuthHeader(last.header) : []) {
      if (challenge.scheme === 'bearer') return this.#addBearer(host, challenge, responses);
      if (challenge.scheme === 'basic' && this.#credentials && this.#addBasic(host, this.#credentials))
        return true;
    }
    return false;
  }

  #addBearer(host: string, challenge: Challenge, responses: readonly ClientResponse[]): boolean {
    const { profile } = this.#tokenClient;
    this.#refuse(host, challenge.parameters.get('error') ?? '', responses);
    if (this.#handlers.has(host)) return true;
    const login = this.#credentials?.(host) ?? { username: '', secret: '' };
    const options = generateTokenOptions(challenge, login, profile);
    this.#handlers.set(host, { scheme: 'bearer', options, tokens: new Map() });
    return true;
  }

  /** Drops what a registry refuses with an error, and gives up where it refuses the same request again. */
  // containerd v2.3.4 core/remotes/docker/authorizer.go invalidAuthorization; v1.6.31 the same
  #refuse(host: string, error: string, responses: readonly ClientResponse[]): void {
    if (error === '') return;
    const isRepeated = isSameRequest(responses.at(-2), responses.at(-1));
    if (isRepeated || this.#tokenClient.profile.requests.renewsRefusedToken) this.#handlers.delete(host);
    if (isRepeated) {
      throw new PullError(`server message: ${error}: authorization failed`, { isUnauthorized: true });
    }
  }

  #addBasic(host: string, credentials: CredentialsFunction): boolean {
    const login = credentials(host);
    if (login.username === '' || login.secret === '') {
      if (!this.#tokenClient.profile.requests.namesMissingLogin) return false;
      throw new PullError('authorization failed: no basic auth credentials', { isUnauthorized: true });
    }
    this.#handlers.set(host, { scheme: 'basic', login });
    return true;
  }

  // containerd v2.3.4 core/remotes/docker/authorizer.go doBearerAuth: an error is kept as a token is
  async #doBearerAuth({ options, tokens }: BearerHandler, scopes: readonly string[]): Promise<string> {
    const scoped = { ...options, scopes: tokenScopes(scopes, options.scopes) };
    const key = scoped.scopes.join(' ');
    const known = tokens.get(key);
    if (known) return unwrap(known);
    const result = await this.#fetch(scoped);
    tokens.set(key, result);
    return unwrap(result);
  }

  async #fetch(options: TokenOptions): Promise<TokenResult> {
    const hasSecret = options.login.secret !== '';
    try {
      return {
        ok: true,
        token: await (hasSecret ? this.#fetchWithSecret(options) : this.#fetchByGet(options)),
      };
    } catch (error) {
      const kind = hasSecret ? 'oauth' : 'anonymous';
      return { ok: false, error: wrapError(`failed to fetch ${kind} token`, error) };
    }
  }

  /** Token servers that know no POST are asked with GET. */
  async #fetchWithSecret(options: TokenOptions): Promise<string> {
    try {
      return await fetchTokenWithOAuth(options, this.#tokenClient);
    } catch (error) {
      const { status } = asPullError(error).facts;
      if (!this.#knowsNoPost(status, options.login)) throw error;
      return this.#fetchByGet(options);
    }
  }

  #knowsNoPost(status: number | undefined, { username }: Login): boolean {
    if (status === 405) return username !== '';
    return (
      status === 404 ||
      status === 401 ||
      (status === 400 && this.#tokenClient.profile.requests.getsTokenAfter400)
    );
  }

  #fetchByGet(options: TokenOptions): Promise<string> {
    return fetchToken(options, this.#tokenClient);
  }
}

function unwrap(result: TokenResult): string {
  if (result.ok) return result.token;
  throw result.error;
}

// containerd v2.3.4 core/remotes/docker/authorizer.go sameRequest
function isSameRequest(a: ClientResponse | undefined, b: ClientResponse | undefined): boolean {
  if (!a || !b) return false;
  return a.request.method === b.request.method && formatGoUrl(a.request.url) === formatGoUrl(b.request.url);
}
