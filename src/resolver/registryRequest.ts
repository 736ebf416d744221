import { parseGoUrl } from '../hosts/goUrl.ts';
import type { BoundHost, DockerBase } from './dockerBase.ts';
import type { GoHeader } from './goHeader.ts';
import {
  withAuthorization,
  withoutEmptyPort,
  type ClientRequest,
  type ClientResponse,
} from './httpClient.ts';
import type { Profile } from './profile.ts';
import { asPullError, PullError, wrapError } from './pullError.ts';
import { rewriteRepository } from './rewriteRepository.ts';
import { repositoryScope } from './scope.ts';

/** A request to a registry host, before its login. */
export interface HostRequest {
  readonly bound: BoundHost;
  readonly method: 'HEAD' | 'GET';
  readonly url: string;
  readonly header: GoHeader;
}

const maxAnswers = 6;
const maxRequests = 5;

/** Makes a request, with a login where one is wanted, and again as often as containerd does. Rejects with {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/resolver.go doWithRetriesInner; v2.3.1 the same, without a count of requests
export async function doWithRetries(
  base: DockerBase,
  request: HostRequest,
  isLastHost: boolean,
): Promise<ClientResponse> {
  const { countsFailedRequests } = base.profile.requests;
  const responses: ClientResponse[] = [];
  let { method } = request;
  for (let requests = 0; ;) {
    const done = await doWithTransportRetries(base, { ...request, method }, isLastHost, requests);
    responses.push(done.response);
    requests = done.requests;
    if (!countsFailedRequests && responses.length >= maxAnswers) return done.response;
    const retry = retryRequest(base.profile, { ...request, method }, responses, isLastHost);
    if (retry === undefined || (countsFailedRequests && requests >= maxRequests)) return done.response;
    method = retry;
  }
}

/** Asks the last host again where it hung up or took too long. `requests` is how many were made before, and after. */
// containerd v2.3.4 core/remotes/docker/resolver.go doWithTransportRetries
async function doWithTransportRetries(
  base: DockerBase,
  request: HostRequest,
  isLastHost: boolean,
  before: number,
): Promise<{ readonly response: ClientResponse; readonly requests: number }> {
  for (let requests = before + 1; ; requests++) {
    try {
      return { response: await doRequest(base, request), requests };
    } catch (error) {
      const mayRetry = base.profile.requests.countsFailedRequests && isLastHost && requests < maxRequests;
      if (!mayRetry || !isTransient(asPullError(error))) throw error;
    }
  }
}

// containerd v2.3.4 core/remotes/docker/resolver.go isTransientTransportErr: the other time limits are deadlines
function isTransient({ facts }: PullError): boolean {
  return ['eof', 'handshake-timeout', 'connect-timeout'].includes(facts.transport ?? '');
}

/** The method with which to ask again; undefined where the answer stands. Throws {@link PullError}. */
// containerd v2.3.4 core/remotes/docker/resolver.go retryRequest
function retryRequest(
  { requests }: Profile,
  { method, url, bound }: HostRequest,
  responses: readonly ClientResponse[],
  isLastHost: boolean,
): HostRequest['method'] | undefined {
  const status = responses.at(-1)?.status ?? 0;
  switch (status) {
    case 401:
      return bound.authorizer.addResponses(responses) ? method : undefined;
    case 405:
      return method === 'HEAD' && url.includes('/manifests/') ? 'GET' : undefined;
    case 408:
    case 429:
      return method;
    case 500:
    case 503:
    case 504:
      return requests.retriesServerErrors && isLastHost && responses.at(-2)?.status !== status
        ? method
        : undefined;
    default:
      return undefined;
  }
}

// containerd v2.3.4 core/remotes/docker/resolver.go do
async function doRequest({ profile, reference }: DockerBase, request: HostRequest): Promise<ClientResponse> {
  const { bound, method, url, header } = request;
  const parsed = parseGoUrl(url, profile);
  if (!parsed.ok) throw new PullError(parsed.error);
  const scopes = [repositoryScope(rewriteRepository(reference.path, bound.host.rewrites))];
  const authorize = async (draft: ClientRequest, words: string): Promise<ClientRequest> => {
    try {
      const authorization = await bound.authorizer.authorize(draft.url.host, scopes);
      return authorization === undefined ? draft : withAuthorization(draft, authorization);
    } catch (error) {
      throw wrapError(words, error);
    }
  };
  const authorized = await authorize(
    { method, url: withoutEmptyPort(parsed.url), header },
    'failed to authorize',
  );
  try {
    return await bound.client.do(authorized, (next) => authorize(next, 'failed to authorize redirect'));
  } catch (error) {
    throw wrapError('failed to do request', error);
  }
}
