import { escapeQuery } from '../hosts/goText.ts';
import { parseGoUrl, type GoUrl } from '../hosts/goUrl.ts';
import type { Challenge } from './authChallenge.ts';
import type { Login } from './credentials.ts';
import { addValues, type GoHeader } from './goHeader.ts';
import { decodeJson } from './goJson.ts';
import {
  withAuthorization,
  withoutEmptyPort,
  type ClientRequest,
  type ClientResponse,
  type HttpClient,
} from './httpClient.ts';
import type { Profile } from './profile.ts';
import { PullError } from './pullError.ts';
import { bodyText, fieldOf, unexpectedStatus } from './registryError.ts';
import { withUserAgent } from './userAgent.ts';

/** What a registry says about its tokens, and who asks for one. */
export interface TokenOptions {
  readonly realm: GoUrl;
  readonly service: string;
  readonly scopes: readonly string[];
  readonly login: Login;
}

/** The client of a registry host, which asks its token server too, and the header fields that go there. */
export interface TokenClient {
  readonly client: HttpClient;
  readonly header: GoHeader;
  readonly profile: Profile;
}

/** Reads a challenge. Throws {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/auth/fetch.go GenerateTokenOptions
export function generateTokenOptions(
  { parameters }: Challenge,
  login: Login,
  profile: Profile,
): TokenOptions {
  const realm = parameters.get('realm');
  if (realm === undefined) throw new PullError('no realm specified for token auth challenge');
  const parsed = parseGoUrl(realm, profile);
  if (!parsed.ok) throw new PullError(`invalid token auth challenge realm: ${parsed.error}`);
  const scope = parameters.get('scope');
  const written = scope === undefined ? [] : [scope];
  const scopes = profile.requests.splitsScopes ? written.flatMap((text) => text.split(' ')) : written;
  return { realm: withoutEmptyPort(parsed.url), service: parameters.get('service') ?? '', scopes, login };
}

/** A token by POST. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/auth/fetch.go FetchTokenWithOAuth
export async function fetchTokenWithOAuth(
  { realm, service, scopes, login }: TokenOptions,
  { client, header, profile }: TokenClient,
): Promise<string> {
  const { username, secret } = login;
  const form: (readonly [string, string])[] = [
    ['client_id', 'containerd-client'],
    ['grant_type', username === '' ? 'refresh_token' : 'password'],
    ...(username === '' ? [] : [['password', secret] as const]),
    ...(username === '' ? [['refresh_token', secret] as const] : []),
    ...(scopes.length > 0 ? [['scope', scopes.join(' ')] as const] : []),
    ['service', service],
    ...(username === '' ? [] : [['username', username] as const]),
  ];
  const contentType = new Map([['Content-Type', ['application/x-www-form-urlencoded; charset=utf-8']]]);
  const request: ClientRequest = {
    method: 'POST',
    url: realm,
    header: withUserAgent([...header].reduce<GoHeader>(appendField, contentType), profile),
    body: encodeQuery(form),
  };
  return tokenOf(await client.do(request), 'OAuthTokenResponse', profile);
}

/** A token by GET. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/auth/fetch.go FetchToken
export async function fetchToken(
  { realm, service, scopes, login }: TokenOptions,
  { client, header, profile }: TokenClient,
): Promise<string> {
  const parameters: (readonly [string, string])[] = [
    ...new URLSearchParams(realm.query ?? ''),
    ...(service === '' ? [] : [['service', service] as const]),
    ...scopes.map((scope) => ['scope', scope] as const),
  ];
  const query = encodeQuery(parameters);
  const url = { ...realm, query: query === '' ? undefined : query };
  const request: ClientRequest = { method: 'GET', url, header: withUserAgent(header, profile) };
  const { username, secret } = login;
  const asked = secret === '' ? request : withAuthorization(request, basic({ username, secret }));
  return tokenOf(await client.do(asked), 'FetchTokenResponse', profile);
}

/** A login as it stands in an `Authorization` field. */
export function basic({ username, secret }: Login): string {
  const bytes = new TextEncoder().encode(`${username}:${secret}`);
  return `Basic ${btoa(String.fromCharCode(...bytes))}`;
}

function appendField(header: GoHeader, [name, values]: readonly [string, readonly string[]]): GoHeader {
  return addValues(header, { name, values });
}

/** Fields in the order of their names. */
// Go net/url Values.Encode
function encodeQuery(fields: readonly (readonly [string, string])[]): string {
  const sorted = fields.toSorted(([a], [b]) => (a < b ? -1 : Number(a > b)));
  return sorted.map(([name, value]) => `${escapeQuery(name)}=${escapeQuery(value)}`).join('&');
}

/** The types that Go decodes the answer of a token server into, with their fields for a token by precedence. */
const answers = {
  OAuthTokenResponse: ['access_token'],
  FetchTokenResponse: ['access_token', 'token'],
} as const;

function tokenOf(response: ClientResponse, type: keyof typeof answers, profile: Profile): string {
  if (response.status < 200 || response.status >= 400) throw unexpectedStatus(response, profile);
  const result = decodeJson(bodyText(response));
  if (!result.ok) throw undecodable(result.error, result.isIncomplete);
  const error = typeError(result.value, type);
  if (error !== undefined) throw undecodable(error, false);
  const token = answers[type]
    .map((name) => fieldOf(result.value, name))
    .find((value) => typeof value === 'string' && value !== '');
  if (typeof token !== 'string')
    throw new PullError('authorization server did not include a token in the response');
  return token;
}

/** An answer that ends too soon is taken for a server that hung up. */
function undecodable(error: string, isIncomplete: boolean): PullError {
  return new PullError(`unable to decode token response: ${error}`, isIncomplete ? { transport: 'eof' } : {});
}

/** Why Go cannot decode an answer; undefined where it can. */
// Go encoding/json UnmarshalTypeError
function typeError(data: unknown, type: keyof typeof answers): string | undefined {
  if (data === null) return undefined;
  const kind = jsonKind(data);
  if (kind !== 'object') return `json: cannot unmarshal ${kind} into Go value of type auth.${type}`;
  for (const name of [...answers[type], 'refresh_token']) {
    const value = fieldOf(data, name) ?? null;
    if (value === null || typeof value === 'string') continue;
    return `json: cannot unmarshal ${jsonKind(value)} into Go struct field ${type}.${name} of type string`;
  }
  return undefined;
}

function jsonKind(data: unknown): string {
  if (Array.isArray(data)) return 'array';
  return typeof data === 'boolean' ? 'bool' : typeof data;
}
