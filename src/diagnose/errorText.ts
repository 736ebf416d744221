/** A request that an error names. */
export interface NamedRequest {
  /** In capitals; absent where the text does not say it. */
  readonly method?: string;
  /** Without its query, which newer versions hide. */
  readonly url: string;
  readonly scheme?: string;
  /** Host and port. */
  readonly host?: string;
  /** The registry in whose name a mirror was asked: `?ns=`. */
  readonly namespaceHost?: string;
}

/** What an error says besides its cause. */
export interface ErrorText {
  /** As written: `10.10.1.106:5000/apiserver:1.4.2`. */
  readonly image?: string;
  /** The image is the sandbox image, which the runtime pulls by itself. */
  readonly isSandbox: boolean;
  readonly request?: NamedRequest;
  /** Host and port that were asked: of the request, or as the text names it otherwise. */
  readonly host?: string;
  /** A name that was looked up. */
  readonly hostname?: string;
  /** Address and port that were dialled. */
  readonly address?: string;
  /** The status of the answer. */
  readonly status?: number;
  /** The request was for a token, which may go to another server than the registry. */
  readonly isForToken: boolean;
  /** The folder of a hosts.toml: `docker.io`, `10.10.1.106_5000_`. */
  readonly hostsFolder?: string;
  /** Pull secrets that are missing. */
  readonly pullSecrets: readonly string[];
}

/** UTF-16 code units of an error that are looked at. containerd quotes up to 64 kB of what a registry says. */
const maxLength = 20_000;

const color = /\p{Cc}\[[0-9;]{0,20}[A-Za-z]/gu;

/** Quotes behind backslashes, as many as there are logs and errors around the text. */
const escapedQuote = /\\{1,8}"/g;

/** The text of an error without what logs put around it: colours, and backslashes before quotes. */
export function plainText(text: string): string {
  const cut = text.length <= maxLength ? text : text.slice(0, maxLength);
  return cut.replaceAll(color, '').replaceAll(escapedQuote, '"');
}

/**
 * Takes an error apart.
 *
 * @param text - made by {@link plainText}
 * @param index - where in it the sign of the cause stands: of several requests the one right before it counts
 */
export function readErrorText(text: string, index: number): ErrorText {
  const image = findImage(text);
  const request = nearest(findRequests(text), index);
  const hostname = /\blookup ([^\s":]{1,260})(?: on [^\s"]{1,100})?: /.exec(text)?.[1];
  const address = /\bdial tcp ((?:[0-9.]{7,15}|\[[0-9a-fA-F:.]{2,60}\]):[0-9]{1,5})\b/.exec(text)?.[1];
  const host = request?.host ?? hostOf(hostPatterns.map((pattern) => pattern.exec(text)?.[1]).find(Boolean));
  const hostsFolder = /\/([^\s"/]{1,260})\/hosts\.toml/.exec(text)?.[1];
  const secrets = /image pull secrets \(([^)\n]{1,1000})\)/.exec(text)?.[1];
  const status = /: ([1-5]\d\d) [A-Z]/.exec(text)?.[1];
  return {
    ...(image !== undefined && { image }),
    isSandbox: text.includes('sandbox image'),
    ...(request && { request }),
    ...(host !== undefined && { host }),
    ...(hostname !== undefined && { hostname }),
    ...(address !== undefined && { address }),
    ...(status !== undefined && { status: Number(status) }),
    isForToken: /failed to fetch (?:oauth|anonymous) token/.test(text),
    ...(hostsFolder !== undefined && { hostsFolder }),
    pullSecrets: secrets === undefined ? [] : secrets.split(', '),
  };
}

/** Where hosts stand without a URL: before 1.6.25, and in the fields of a log. */
const hostPatterns = [/\bpulling from host ([^\s"]{1,260}?):? failed /, /\bhost="?([^\s"]{1,260})/];

/** Where images stand in the texts of containerd, the kubelet, crictl, CRI-O and dockerd; the first that fits counts. */
const imagePatterns = [
  /failed to get sandbox image "([^"\n]{1,1000})"/,
  /[Ff]ailed to pull image "([^"\n]{1,1000})"/,
  /Back-off pulling image "([^"\n]{1,1000})"/,
  /failed to pull and unpack image "([^"\n]{1,1000})"/,
  /failed to resolve reference "([^"\n]{1,1000})"/,
  /failed to get fetcher for "([^"\n]{1,1000})"/,
  /Failed to apply default image tag "([^"\n]{1,1000})"/,
  /(?:couldn't parse image (?:name|reference)|failed to parse image reference) "([^"\n]{1,1000})"/,
  /[Ff]ailed to inspect image "([^"\n]{1,1000})"/,
  /Container image "([^"\n]{1,1000})" is not present/,
  /PullImage "([^"\n]{1,1000})" failed/,
  /short-name "([^"\n]{1,1000})"/,
  /\bimage="([^"\n]{1,1000})"/,
  /\bimage pull failed for ([^\s"]{1,1000})/,
  /\bmanifest for ([^\s"]{1,1000}) not found/,
  /\bpull access denied for ([^\s",]{1,1000})/,
  /\bbyte manifest for ([^\s",]{1,1000}): not found/,
  /(?:^|: )([^\s":/]{1,255}(?::\d{1,5})?\/[^\s"]{1,700}): not found/,
];

function findImage(text: string): string | undefined {
  for (const pattern of imagePatterns) {
    const image = pattern.exec(text)?.[1];
    if (image !== undefined) return image;
  }
  return undefined;
}

interface PlacedRequest extends NamedRequest {
  readonly index: number;
}

/** Requests as Go's client, containerd and old versions of dockerd name them. */
const requestPattern =
  /\b(?:(Head|Get|Post) "([^"\n]{0,2000})"|(Head|Get|Post) (https?:\/\/[^\s"]{1,2000}): |(HEAD|GET|POST) request to ([^\s"]{1,2000})|(?:content at|unexpected status code) (https?:\/\/[^\s"]{1,2000}))/g;

/** More requests than this in one error are not told apart. */
const maxRequests = 50;

function findRequests(text: string): PlacedRequest[] {
  const requests: PlacedRequest[] = [];
  for (const match of text.matchAll(requestPattern)) {
    const [, method1, url1, method2, url2, method3, url3, url4] = match;
    const method = method1 ?? method2 ?? method3;
    requests.push({ index: match.index, ...readRequest(method, url1 ?? url2 ?? url3 ?? url4 ?? '') });
    if (requests.length === maxRequests) break;
  }
  return requests;
}

function readRequest(method: string | undefined, written: string): NamedRequest {
  const question = written.indexOf('?');
  const url = (question < 0 ? written : written.slice(0, question)).replace(/:$/, '');
  const [, scheme, authority] = /^([a-z]{1,20}):\/\/([^/\s]{0,300})/.exec(url) ?? [];
  const host = hostOf(authority);
  const namespaceHost = /[?&]ns=([\w.%:-]{1,300})/.exec(written)?.[1]?.replaceAll(/%3[Aa]/g, ':');
  const isHidden = namespaceHost === undefined || namespaceHost.includes('%');
  return {
    ...(method !== undefined && { method: method.toUpperCase() }),
    url,
    ...(scheme !== undefined && { scheme }),
    ...(host !== undefined && { host }),
    ...(!isHidden && { namespaceHost }),
  };
}

/** What can be a host with a port; no other text is repeated in a sentence. */
function hostOf(text: string | undefined): string | undefined {
  return text !== undefined && /^(?:[\w.-]{1,253}|\[[0-9a-fA-F:.]{2,60}\])(?::\d{1,5})?$/.test(text)
    ? text
    : undefined;
}

/** The last request before the place, or else the first one behind it. */
function nearest(requests: readonly PlacedRequest[], index: number): NamedRequest | undefined {
  return requests.findLast((request) => request.index < index) ?? requests[0];
}
