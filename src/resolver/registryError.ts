import { formatGoUrl, parseGoUrl } from '../hosts/goUrl.ts';
import { decodeJson, unmarshalJson } from './goJson.ts';
import type { ClientResponse } from './httpClient.ts';
import type { Profile } from './profile.ts';
import { notFound, PullError } from './pullError.ts';

/** The error of an answer that nobody wanted. */
// containerd v2.3.4 core/remotes/errors/errors.go Error; v1.6.24 remotes/errors/errors.go Error
export function unexpectedStatus(response: ClientResponse, { requests }: Profile): PullError {
  const { request, status, statusLine } = response;
  const from = requests.statusNamesUrl
    ? ` from ${request.method} request to ${formatGoUrl(request.url)}`
    : '';
  return new PullError(`unexpected status${from}: ${statusLine}`, { status });
}

/** The error of an answer, with what the registry says in its body where the version prints that. */
// containerd v2.3.4 core/remotes/docker/errcode.go unexpectedResponseErr
export function unexpectedResponse(response: ClientResponse, profile: Profile): PullError {
  const error = unexpectedStatus(response, profile);
  if (!profile.requests.joinsRegistryErrors) return error;
  const result = unmarshalJson(bodyText(response, maxErrorLength));
  const message = result.ok ? registryMessage(result.value) : undefined;
  return message === undefined ? error : new PullError(`${error.message}\n${message}`, error.facts);
}

const maxErrorLength = 64_000;

/**
 * The error of an answer to a request for content; undefined where it brings the content.
 * `written` is the URL that was asked for.
 */
// containerd v2.3.4 core/remotes/docker/resolver.go withErrorCheck; v2.1.2 the same
export function contentError(
  response: ClientResponse,
  written: string,
  profile: Profile,
): PullError | undefined {
  const { status, statusLine } = response;
  if (status <= 299) return undefined;
  const parsed = parseGoUrl(written, profile);
  const url = parsed.ok && profile.requests.escapesContentUrl ? formatGoUrl(parsed.url) : written;
  if (status === 404) return notFound(`content at ${url} not found`);
  if (profile.requests.joinsRegistryErrors) return unexpectedResponse(response, profile);
  const result = decodeJson(bodyText(response));
  const message = result.ok ? registryMessage(result.value) : undefined;
  const suffix = message === undefined ? '' : ` - Server message: ${message}`;
  return new PullError(`unexpected status code ${url}: ${statusLine}${suffix}`, { status });
}

/** The text of a body. */
export function bodyText({ body }: ClientResponse, maxLength?: number): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(body.subarray(0, maxLength));
}

/** The codes that containerd knows, with the message that it leaves out. */
// containerd v2.3.4 core/remotes/docker/errdesc.go
const knownMessages: ReadonlyMap<string, string> = new Map([
  ['UNKNOWN', 'unknown error'],
  ['UNSUPPORTED', 'The operation is unsupported.'],
  ['UNAUTHORIZED', 'authentication required'],
  ['DENIED', 'requested access to the resource is denied'],
  ['UNAVAILABLE', 'service unavailable'],
  ['TOOMANYREQUESTS', 'too many requests'],
]);

/** What the errors of a registry say; undefined where the data holds none. */
// containerd v2.3.4 core/remotes/docker/errcode.go Errors UnmarshalJSON, Error
function registryMessage(data: unknown): string | undefined {
  const errors = fieldOf(data, 'errors');
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  const messages = errors.map(printError);
  if (messages.includes(undefined)) return undefined;
  return messages.length === 1
    ? messages[0]
    : `errors:\n${messages.map((message) => `${message}\n`).join('')}`;
}

/** Undefined for what Go cannot read as an error. */
function printError(data: unknown): string | undefined {
  const code = fieldOf(data, 'code') ?? '';
  const message = fieldOf(data, 'message') ?? '';
  if (typeof data !== 'object' || Array.isArray(data)) return undefined;
  if (typeof code !== 'string' || typeof message !== 'string') return undefined;
  const known = knownMessages.has(code) ? code : 'UNKNOWN';
  const name = known.toLowerCase();
  const isPlain = message === '' || message === knownMessages.get(known);
  return isPlain && (fieldOf(data, 'detail') ?? null) === null ? name : `${name}: ${message}`;
}

/** A field as Go finds it: by its name in any case. */
// Go encoding/json Unmarshal
export function fieldOf(data: unknown, name: string): unknown {
  if (typeof data !== 'object' || data === null || Array.isArray(data)) return undefined;
  const entries = Object.entries(data);
  const exact = entries.findLast(([key]) => key === name);
  return (exact ?? entries.findLast(([key]) => key.toLowerCase() === name))?.[1];
}
