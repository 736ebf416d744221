import { digestError } from '../reference/digest.ts';
import { formatReference } from '../reference/parseReference.ts';
import { quote } from '../hosts/goText.ts';
import { requestHeader, type BoundHost, type DockerBase } from './dockerBase.ts';
import { digestOf } from './digest.ts';
import { addValues, firstValue } from './goHeader.ts';
import { unmarshalJson } from './goJson.ts';
import { contentLength, type ClientResponse } from './httpClient.ts';
import { ociManifest, schema1Manifest, schema2Manifest } from './mediaTypes.ts';
import type { Profile } from './profile.ts';
import { asPullError, NotEmulated, notFound, PullError, wrapError } from './pullError.ts';
import { bodyText, fieldOf, unexpectedResponse, unexpectedStatus } from './registryError.ts';
import { doWithRetries, type HostRequest } from './registryRequest.ts';
import {
  hasCapabilities,
  neededCapabilities,
  requestedObjects,
  requestUrl,
  type RequestedObject,
} from './request.ts';

/** What a reference stands for. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** In bytes. */
  readonly size: number;
}

/** In bytes. */
// containerd v2.3.4 core/remotes/docker/resolver.go MaxManifestSize: 1048 is meant to be 1024
const maxManifestSize = 4 * 1048 * 1048;

/** Finds out what a reference stands for. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/resolver.go Resolve
export async function resolve(base: DockerBase): Promise<Descriptor> {
  const { reference, profile } = base;
  const invalid = reference.digest === undefined ? undefined : digestError(reference.digest);
  if (invalid !== undefined) throw new PullError(invalid);
  const needed = neededCapabilities(reference);
  const hosts = base.hosts.filter(({ host }) => hasCapabilities(host, needed));
  if (hosts.length === 0) throw notFound('no resolve hosts');
  const findings = new Findings(profile.requests.ranksErrors, reference.digest);
  for (const object of requestedObjects(reference)) {
    if (profile.requests.seeksBlobsAfterNotFoundOnly && findings.rank > ranks.notFound) break;
    for (const [index, bound] of hosts.entries()) {
      const descriptor = await resolveAt(base, bound, object, index === hosts.length - 1, findings);
      if (descriptor) return descriptor;
    }
  }
  throw findings.error ?? notFound(formatReference(reference));
}

/** How far a request came; of two errors the one that came further is returned, where the version ranks them. */
const ranks = { none: 0, failed: 1, notFound: 2, refused: 3, tooLarge: 4 } as const;

/** What was learned from the hosts so far: the error that the pull ends in unless another host helps. */
// containerd v2.3.4 core/remotes/docker/resolver.go Resolve (firstErrPriority); v1.7.34: the first but 404
class Findings {
  readonly #isRanked: boolean;
  error: PullError | undefined;
  rank = 0;
  /** A digest that one host told stays, even where its manifest is too large and another host is asked. */
  digest: string | undefined;

  constructor(isRanked: boolean, digest: string | undefined) {
    this.#isRanked = isRanked;
    this.digest = digest;
  }

  add(kind: keyof typeof ranks, error: PullError): void {
    if (!this.#isRanked && kind === 'notFound') return;
    const isBetter = this.#isRanked ? ranks[kind] > this.rank : !this.error;
    if (!isBetter) return;
    this.error = error;
    this.rank = ranks[kind];
  }
}

/** Asks one host. Undefined where the next one is to be asked; the reason is among the errors then. */
async function resolveAt(
  base: DockerBase,
  bound: BoundHost,
  object: RequestedObject,
  isLastHost: boolean,
  findings: Findings,
): Promise<Descriptor | undefined> {
  const request = resolveRequest(base, bound, object, 'HEAD');
  let response: ClientResponse;
  try {
    response = await doWithRetries(base, request, isLastHost);
  } catch (error) {
    findings.add('failed', explainRefusal(asPullError(error)));
    return undefined;
  }
  if (response.status > 299) {
    await addStatus(base, request, object, response, findings);
    return undefined;
  }
  const descriptor = await describe(base, bound, object, response, findings);
  if (descriptor.size <= maxManifestSize) return descriptor;
  const name = formatReference(base.reference);
  findings.add('tooLarge', notFound(`rejecting ${descriptor.size} byte manifest for ${name}`));
  return undefined;
}

function resolveRequest(
  base: DockerBase,
  bound: BoundHost,
  object: RequestedObject,
  method: 'HEAD' | 'GET',
): HostRequest {
  const header = addValues(requestHeader(base, bound), { name: 'Accept', values: base.accept });
  return { bound, method, url: requestUrl(bound.host, base.reference, object), header };
}

function explainRefusal(error: PullError): PullError {
  const words = 'pull access denied, repository does not exist or may require authorization';
  return error.facts.isUnauthorized === true ? wrapError(words, error) : error;
}

/** Adds the error of an answer; an answer that is neither content nor an error ends the pull. */
async function addStatus(
  base: DockerBase,
  request: HostRequest,
  object: RequestedObject,
  response: ClientResponse,
  findings: Findings,
): Promise<void> {
  if (response.status === 404) return findings.add('notFound', notFound(formatReference(base.reference)));
  const error = statusError(base, request, object, response);
  if (response.status <= 399) throw error;
  findings.add('refused', await withReason(base, request, object, response, error));
}

function statusError(
  { profile }: DockerBase,
  { bound }: HostRequest,
  { kind, name }: RequestedObject,
  response: ClientResponse,
): PullError {
  // The body was closed unread, so that no words of the registry follow.
  if (profile.requests.statusNamesUrl) return unexpectedStatus(response, profile);
  // containerd v1.6.24 remotes/docker/resolver.go Resolve
  const { status, statusLine } = response;
  const what = status > 399 ? 'status code' : 'unexpected status code';
  return new PullError(
    `pulling from host ${bound.host.host} failed with ${what} [${kind} ${name}]: ${statusLine}`,
  );
}

// containerd v2.3.4 core/remotes/docker/pusher.go withGETErrorBody
async function withReason(
  base: DockerBase,
  { bound }: HostRequest,
  object: RequestedObject,
  response: ClientResponse,
  error: PullError,
): Promise<PullError> {
  const isWanted = response.status === 403 && response.request.method === 'HEAD';
  if (!base.profile.requests.asksForReasonOf403 || !isWanted) return error;
  try {
    const reason = await doWithRetries(base, resolveRequest(base, bound, object, 'GET'), false);
    return reason.status === 403
      ? unexpectedResponse({ ...response, body: reason.body }, base.profile)
      : error;
  } catch (failed) {
    asPullError(failed);
    return error;
  }
}

/** Reads what a host says of a manifest. Rejects with {@link PullError}, and the pull ends. */
async function describe(
  base: DockerBase,
  bound: BoundHost,
  object: RequestedObject,
  response: ClientResponse,
  findings: Findings,
): Promise<Descriptor> {
  const size = contentLength(response);
  if (size >= 0) findings.digest ??= digestHeader(response);
  const mediaType = manifestMediaType(response);
  const { digest } = findings;
  if (digest !== undefined && size >= 0) return { mediaType, digest, size };
  const content = await describeContent(base, bound, object, digest);
  findings.digest = content.digest;
  return content;
}

function digestHeader(response: ClientResponse): string | undefined {
  const digest = firstValue(response.header, 'Docker-Content-Digest');
  if (digest === '') return undefined;
  const invalid = digestError(digest);
  if (invalid !== undefined) throw new PullError(`${quote(digest)} in header not a valid digest: ${invalid}`);
  return digest;
}

/** Fetches a manifest whose digest or size no header tells. */
async function describeContent(
  base: DockerBase,
  bound: BoundHost,
  object: RequestedObject,
  digest: string | undefined,
): Promise<Descriptor> {
  const response = await doWithRetries(base, resolveRequest(base, bound, object, 'GET'), true);
  const { profile } = base;
  if (profile.requests.checksStatusOfContent && response.status >= 400)
    throw unexpectedResponse(response, profile);
  const mediaType = manifestMediaType(response);
  const size = response.body.length;
  if (digest !== undefined) return { mediaType, digest, size };
  if (mediaType === schema1Manifest) throw contentErrorOfSchema1(response, profile);
  return { mediaType, digest: await digestOf(response.body), size };
}

/** The error of content that is said to be of schema 1, as any text is. */
// containerd v2.0.11 core/remotes/docker/schema1/converter.go ReadStripSignature
function contentErrorOfSchema1(response: ClientResponse, { requests }: Profile): Error {
  if (!requests.convertsSchema1) return schema1Error('v2.0');
  const result = unmarshalJson(bodyText(response));
  if (!result.ok) return new PullError(result.error);
  const signatures = fieldOf(result.value, 'signatures') ?? [];
  const isUnsigned = Array.isArray(signatures) && signatures.length === 0;
  return isUnsigned ? new PullError('no signatures') : new NotEmulated('the image is of schema 1');
}

/** The error of an image that is too old. */
export function schema1Error(since: string): PullError {
  const text = `not implemented: media type "${schema1Manifest}" is no longer supported since containerd ${since}, please rebuild the image as "${schema2Manifest}" or "${ociManifest}"`;
  return new PullError(text, { code: 'Unimplemented' });
}

// containerd v2.3.4 core/remotes/docker/resolver.go getManifestMediaType
function manifestMediaType({ header }: ClientResponse): string {
  const [mediaType = ''] = firstValue(header, 'Content-Type').split(';', 1);
  return mediaType === 'text/plain' ? schema1Manifest : mediaType;
}
