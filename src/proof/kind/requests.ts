import { askedRepositories, mayBeFor, readApiPath, readApiUrl } from '../apiPath.ts';
import type { NodePull } from '../plan.ts';
import type { ProofRequest } from '../proof.ts';
import { hostPortOfUrl, hostPortText } from '../registryWorld.ts';
import { syntheticImage } from '../standIn/image.ts';
import type { StandIn } from '../surroundings.ts';

/** A request of a node that a registry saw. */
export interface NodeRequest extends ProofRequest {
  /** Scheme, host and port, as the node meant them. */
  readonly origin: string;
  /** The host of the images that it is about. */
  readonly namespaceHost: string;
  /** As below `/v2/`. */
  readonly repository: string;
  /** A tag or a digest. */
  readonly name: string;
  readonly isManifest: boolean;
  /** In milliseconds since 1970. */
  readonly time: number;
}

interface Line {
  readonly scheme: 'http' | 'https';
  readonly method: string;
  readonly host: string;
  readonly target: string;
  readonly status: number;
  readonly time: number;
}

/** Undefined for a request that is for no image, as the one by which clients look for the registry itself. */
export function readRequest({ scheme, method, host, target, status, time }: Line): NodeRequest | undefined {
  const asked = readApiPath(target);
  if (!asked) return undefined;
  const { repository, kind, name } = asked;
  const [, query = ''] = target.split('?', 2);
  const origin = `${scheme}://${host}`;
  return {
    method,
    url: origin + target,
    status,
    origin,
    namespaceHost: new URLSearchParams(query).get('ns') ?? host,
    repository,
    name,
    isManifest: kind === 'manifests',
    time,
  };
}

/** The requests in a registry's log, by the address that they came from. */
// distribution registry/handlers/app.go, with log.formatter json
export function readRegistryLog(log: string): ReadonlyMap<string, readonly NodeRequest[]> {
  const found = new Map<string, NodeRequest[]>();
  for (const line of log.split('\n')) {
    const entry = line.startsWith('{"') ? readEntry(line) : undefined;
    if (!entry) continue;
    const own = found.get(entry.address) ?? [];
    own.push(entry.request);
    found.set(entry.address, own);
  }
  return found;
}

function readEntry(line: string): { readonly address: string; readonly request: NodeRequest } | undefined {
  const entry = parseObject(line);
  const text = (key: string): string => {
    const value = entry?.[key];
    return typeof value === 'string' ? value : '';
  };
  const status = entry?.['http.response.status'];
  if (typeof status !== 'number' || !text('msg').startsWith('response completed')) return undefined;
  const request = readRequest({
    scheme: 'http',
    method: text('http.request.method'),
    host: text('http.request.host'),
    target: text('http.request.uri'),
    status,
    time: Date.parse(text('time')),
  });
  const address = text('http.request.remoteaddr').replace(/:\d+$/, '');
  return request && { address, request };
}

function parseObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

/** The requests that were made for a pull, in the order in which they came. */
export function requestsFor(pull: NodePull, requests: readonly NodeRequest[]): readonly NodeRequest[] {
  const isFor = mayBeFor(pull);
  const names = namesOf(pull);
  return requests.filter((request) => names.has(request.name) && isFor(request));
}

/** The hosts that are asked below a folder of their own. */
export function prefixedHosts(pulls: readonly NodePull[]): ReadonlySet<string> {
  const urls = new Set(pulls.flatMap(({ asked }) => asked));
  return new Set(
    [...urls].flatMap((url) => {
      const asked = readApiUrl(url);
      return asked?.isApi && asked.prefix !== '' ? [hostPortText(hostPortOfUrl(url))] : [];
    }),
  );
}

/** The tag or digest of an image as it is pulled, and the digests of all that it consists of. */
function namesOf(pull: NodePull): ReadonlySet<string> {
  return new Set(
    imagesOf(pull).flatMap(({ name, image: { manifest, config, layer } }) => [
      name,
      manifest.digest,
      config.digest,
      layer.digest,
    ]),
  );
}

/** An image as a registry holds it. */
export interface HeldImage {
  readonly repository: string;
  /** A tag or a digest. */
  readonly name: string;
  readonly image: ReturnType<typeof syntheticImage>;
}

/** What stands for a reference: by tag an image of its own in each repository, by digest the same one in all of them. */
export function imagesOf(pull: NodePull): readonly HeldImage[] {
  const { domain, path, tag = 'latest', digest } = pull.reference;
  return [...askedRepositories(pull)].map((repository) => {
    if (digest === undefined) return { repository, name: tag, image: syntheticImage(`${repository} ${tag}`) };
    const image = syntheticImage(`${domain}/${path} ${digest}`);
    return { repository, name: image.manifest.digest, image };
  });
}

/** The image as it is pulled: a digest is replaced by that of the content that stands in for it. */
export function pulledImage(pull: NodePull): string {
  const { image, reference } = pull;
  if (reference.digest === undefined) return image;
  const [held] = imagesOf(pull);
  return `${reference.domain}/${reference.path}@${held?.name ?? reference.digest}`;
}

/** True where the registry that served a request stands for no mirror. */
export function isUpstream({ origin }: NodeRequest, standIns: readonly StandIn[]): boolean {
  const { hostname, port } = hostPortOfUrl(origin);
  return standIns.some(
    (standIn) => standIn.hostname === hostname && standIn.port === port && standIn.isUpstream,
  );
}
