import { hasFeature, type Feature, type Version } from './release.ts';

/** How a containerd version makes requests, which errors it ends in and in which words. */
export interface RequestProfile {
  /** Of several errors the one that came furthest is returned: answers over 404 over failed connections. */
  readonly ranksErrors: boolean;
  /** A digest is looked for among the blobs only where no host answered with an error but 404. */
  readonly seeksBlobsAfterNotFoundOnly: boolean;
  /** The last host is asked a second time after 500, 503 or 504. */
  readonly retriesServerErrors: boolean;
  /** Five requests to a host at most, those that fail on the way included; six answers before. */
  readonly countsFailedRequests: boolean;
  /** After a 403 to HEAD the same is asked with GET, for the words of the registry. */
  readonly asksForReasonOf403: boolean;
  /** The status of the GET that replaces a missing digest header counts. */
  readonly checksStatusOfContent: boolean;
  /** An error about a status names method and URL, and not host and object. */
  readonly statusNamesUrl: boolean;
  /** What the registry says in JSON follows in a line of its own, also while fetching. */
  readonly joinsRegistryErrors: boolean;
  /** An error about content names its URL as it was sent, with percent codes. */
  readonly escapesContentUrl: boolean;
  /** A registry that wants Basic and gets no login ends in an error of its own. */
  readonly namesMissingLogin: boolean;
  /** A token that the registry refuses with an `error` is fetched anew once. */
  readonly renewsRefusedToken: boolean;
  /** A token server that answers POST with 400 is asked with GET. */
  readonly getsTokenAfter400: boolean;
  readonly splitsScopes: boolean;
  /** `header` of the hosts.toml and `registry.headers` go to token servers too. */
  readonly sendsHeadersToTokenServer: boolean;
  /** With inline mirrors the login is that of the host that asks for it, and not that of the endpoint. */
  readonly looksUpLoginByChallenger: boolean;
  /** `User-Agent` of the hosts.toml replaces that of containerd. */
  readonly userAgentReplaceable: boolean;
  /** The fall back from HTTPS to HTTP is remembered, and a TLS handshake that takes too long leads to it. */
  readonly fallbackRemembersHost: boolean;
  /** A refused connection and a time limit lead to HTTP too, where the URL has no port. */
  readonly fallbackOnRefusal: boolean;
  /** Responses must begin within 30 s. */
  readonly limitsResponseHeader: boolean;
  /** Texts about certificates begin with `tls: failed to verify certificate: `. */
  readonly namesVerification: boolean;
  readonly convertsSchema1: boolean;
  /** Content codings but gzip. */
  readonly decodesContent: boolean;
  /** Content shorter than its descriptor says: `none` goes on to the digest. */
  readonly shortContent: 'none' | 'expected number' | 'short read';
  /** Queries in the URLs of errors are made unreadable. */
  readonly redactsQueries: boolean;
  /** The text of an error with a code is taken for a format, which mangles its percent signs. */
  readonly formatsErrors: boolean;
}

/** What came with which version, as `features` in `profile.ts`. */
export const requestFeatures = {
  ranksErrors: {
    description:
      'of several errors the one furthest on is returned: other statuses over 404 over failed connections',
    source: 'core/remotes/docker/resolver.go Resolve (firstErrPriority)',
    since: [{ line: '2.0', from: 0 }],
  },
  seeksBlobsAfterNotFoundOnly: {
    description: 'a digest is looked for among the blobs only if no host answered with an error but 404',
    source: 'core/remotes/docker/resolver.go Resolve',
    since: [
      { line: '2.0', from: 11, onlyThisLine: true },
      { line: '2.2', from: 6 },
      { line: '2.3', from: 0 },
    ],
  },
  retriesServerErrors: {
    description: 'the last host is asked a second time after 500, 503 or 504',
    source: 'core/remotes/docker/resolver.go retryRequest',
    since: [{ line: '2.1', from: 0 }],
  },
  countsFailedRequests: {
    description: 'at most 5 requests in a row instead of 6; on the last host also after EOF and time-outs',
    source: 'core/remotes/docker/resolver.go doWithRetriesInner, doWithTransportRetries',
    since: [{ line: '2.3', from: 2 }],
  },
  asksForReasonOf403: {
    description: 'a GET follows a HEAD that was answered with 403, for the words of the registry',
    source: 'core/remotes/docker/resolver.go Resolve, pusher.go withGETErrorBody',
    since: [{ line: '2.3', from: 3 }],
  },
  checksStatusOfContent: {
    description: 'the status of the GET that replaces a missing `Docker-Content-Digest` counts',
    source: 'core/remotes/docker/resolver.go Resolve',
    since: [{ line: '2.3', from: 0 }],
  },
  statusNamesUrl: {
    description:
      'errors read `unexpected status from HEAD request to URL`, not `pulling from host H failed with status code`',
    source: 'remotes/errors/errors.go Error, remotes/docker/resolver.go Resolve',
    since: [
      { line: '1.6', from: 25 },
      { line: '1.7', from: 0 },
    ],
  },
  joinsRegistryErrors: {
    description: 'the words of the registry follow in a line of their own, not after `Server message`',
    source: 'core/remotes/docker/errcode.go unexpectedResponseErr',
    since: [{ line: '2.1', from: 3 }],
  },
  escapesContentUrl: {
    description: 'errors about content name its URL with percent codes',
    source: 'core/remotes/docker/resolver.go sanitizedURL',
    since: [{ line: '2.3', from: 0 }],
  },
  namesMissingLogin: {
    description: 'a registry that wants Basic and gets no login ends in `no basic auth credentials`',
    source: 'remotes/docker/authorizer.go AddResponses',
    since: [
      { line: '1.6', from: 25 },
      { line: '1.7', from: 8 },
    ],
  },
  renewsRefusedToken: {
    description: 'a token that is refused with an `error` is fetched anew once',
    source: 'remotes/docker/authorizer.go invalidAuthorization',
    since: [
      { line: '1.6', from: 32 },
      { line: '1.7', from: 16 },
    ],
  },
  getsTokenAfter400: {
    description: 'a token server that answers POST with 400 is asked with GET',
    source: 'remotes/docker/authorizer.go doBearerAuth',
    since: [{ line: '1.6', from: 0 }],
  },
  splitsScopes: {
    description: 'several scopes in one challenge are sent one by one',
    source: 'remotes/docker/auth/fetch.go GenerateTokenOptions',
    since: [{ line: '1.6', from: 0 }],
  },
  sendsHeadersToTokenServer: {
    description: '`header` of hosts.toml goes to token servers too',
    source: 'core/remotes/docker/config/hosts.go ConfigureHosts',
    since: [{ line: '2.1', from: 0 }],
  },
  looksUpLoginByChallenger: {
    description: 'inline mirrors: the login is that of the host that asks for it, not that of the endpoint',
    source: 'internal/cri/server/images/image_pull.go PullImage, registryHosts',
    since: [{ line: '2.0', from: 0 }],
  },
  userAgentReplaceable: {
    description: '`User-Agent` in `header` replaces that of containerd',
    source: 'core/remotes/docker/resolver.go request',
    since: [{ line: '2.1', from: 0 }],
  },
  fallbackRemembersHost: {
    description:
      'the fall back from HTTPS to HTTP is remembered, and follows a TLS handshake that takes too long',
    source: 'remotes/docker/resolver.go httpFallback, isTLSError',
    since: [
      { line: '1.6', from: 32 },
      { line: '1.7', from: 16 },
    ],
  },
  fallbackOnRefusal: {
    description:
      'the fall back from HTTPS to HTTP follows a refused connection or a time-out where the URL has no port',
    source: 'remotes/docker/resolver.go isPortError',
    since: [{ line: '1.7', from: 24 }],
  },
  limitsResponseHeader: {
    description: 'a response must begin within 30 s',
    source: 'core/remotes/docker/registry.go DefaultHTTPTransport',
    since: [{ line: '2.3', from: 0 }],
  },
  namesVerification: {
    description:
      'errors about certificates begin with `tls: failed to verify certificate: ` (built with Go 1.20)',
    source: 'Go crypto/tls CertificateVerificationError',
    since: [
      { line: '1.6', from: 24 },
      { line: '1.7', from: 0 },
    ],
  },
  withoutSchema1: {
    description: 'images of schema 1 are refused',
    source: 'core/remotes/docker/resolver.go Resolve, client/pull.go fetch',
    since: [{ line: '2.1', from: 0 }],
  },
  decodesContent: {
    description: 'content is asked for and read in the codings zstd and deflate too',
    source: 'core/remotes/docker/fetcher.go open',
    since: [{ line: '2.0', from: 0 }],
  },
  noticesShortContent: {
    description: 'content shorter than its descriptor ends in `failed to read expected number of bytes`',
    source: 'content/helpers.go Copy',
    since: [
      { line: '1.5', from: 6 },
      { line: '1.6', from: 0 },
    ],
  },
  countsShortContent: {
    description: 'content shorter than its descriptor ends in `short read: expected N bytes but got M`',
    source: 'core/content/helpers.go Copy',
    since: [{ line: '2.1', from: 3 }],
  },
  redactsQueries: {
    description: 'queries in the URLs of errors are replaced by `%5BREDACTED%5D`',
    source:
      'internal/cri/util/sanitize.go SanitizeError, internal/cri/instrument/instrumented_service.go PullImage',
    since: [
      { line: '1.7', from: 30 },
      { line: '2.0', from: 8 },
      { line: '2.1', from: 6 },
      { line: '2.2', from: 1 },
      { line: '2.3', from: 0 },
    ],
  },
  keepsPercentSigns: {
    description: 'errors with a code keep their percent signs; others print `%3A` as `%!A(MISSING)`',
    source: 'errdefs/grpc.go ToGRPC',
    since: [{ line: '1.7', from: 25 }],
  },
} as const satisfies Readonly<Record<string, Feature>>;

/** How a containerd version makes requests. */
export function requestProfile(version: Version): RequestProfile {
  const has = (feature: keyof typeof requestFeatures): boolean =>
    hasFeature(version, requestFeatures[feature].since);
  const noticed = has('noticesShortContent') ? 'expected number' : 'none';
  return {
    ranksErrors: has('ranksErrors'),
    seeksBlobsAfterNotFoundOnly: has('seeksBlobsAfterNotFoundOnly'),
    retriesServerErrors: has('retriesServerErrors'),
    countsFailedRequests: has('countsFailedRequests'),
    asksForReasonOf403: has('asksForReasonOf403'),
    checksStatusOfContent: has('checksStatusOfContent'),
    statusNamesUrl: has('statusNamesUrl'),
    joinsRegistryErrors: has('joinsRegistryErrors'),
    escapesContentUrl: has('escapesContentUrl'),
    namesMissingLogin: has('namesMissingLogin'),
    renewsRefusedToken: has('renewsRefusedToken'),
    getsTokenAfter400: has('getsTokenAfter400'),
    splitsScopes: has('splitsScopes'),
    sendsHeadersToTokenServer: has('sendsHeadersToTokenServer'),
    looksUpLoginByChallenger: has('looksUpLoginByChallenger'),
    userAgentReplaceable: has('userAgentReplaceable'),
    fallbackRemembersHost: has('fallbackRemembersHost'),
    fallbackOnRefusal: has('fallbackOnRefusal'),
    limitsResponseHeader: has('limitsResponseHeader'),
    namesVerification: has('namesVerification'),
    convertsSchema1: !has('withoutSchema1'),
    decodesContent: has('decodesContent'),
    shortContent: has('countsShortContent') ? 'short read' : noticed,
    redactsQueries: has('redactsQueries'),
    formatsErrors: !has('keepsPercentSigns'),
  };
}
