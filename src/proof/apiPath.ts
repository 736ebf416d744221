import { groupBy } from '../source/groupBy.ts';
import { upstreamHostOf } from '../render/configuredMirror.ts';
import type { NodePull } from './plan.ts';

/** A part of an image, as a registry is asked for it. */
// distribution docs/spec/api.md: /v2/<name>/manifests/<reference> and /v2/<name>/blobs/<digest>
export interface ApiPath {
  /** A registry has its API below `/v2/`, wherever that is. */
  readonly isApi: boolean;
  /** What stands before `/v2/`. */
  readonly prefix: string;
  /** Below `/v2/`; without that all that stands before the part. */
  readonly repository: string;
  readonly kind: 'manifests' | 'blobs';
  /** The tag or digest of a manifest; of a blob its digest. */
  readonly name: string;
}

/** Undefined for what is for no image, as the request by which clients look for the registry itself. */
export function readApiPath(pathAndQuery: string): ApiPath | undefined {
  const [path = ''] = pathAndQuery.split('?', 1);
  const [, before, kind, name] = /^\/(.+)\/(manifests|blobs)\/([^/]+)$/.exec(path) ?? [];
  if (before === undefined || (kind !== 'manifests' && kind !== 'blobs') || name === undefined)
    return undefined;
  const [prefix = '', ...below] = `/${before}`.split('/v2/');
  const isApi = below.length > 0;
  const repository = isApi ? below.join('/v2/') : before;
  return { isApi, prefix, repository: decode(repository), kind, name: decode(name) };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The same of a URL. */
export function readApiUrl(url: string): ApiPath | undefined {
  return readApiPath(url.replace(/^[a-z]+:\/\/[^/?]*/, ''));
}

type Asked = Pick<NodePull, 'reference' | 'asked'>;

/** The repositories in which a pull is looked for: its own, and where mirrors have it in a project of theirs. */
export function askedRepositories({ reference, asked }: Asked): ReadonlySet<string> {
  return new Set([reference.path, ...asked.flatMap((url) => readApiUrl(url)?.repository ?? [])]);
}

/** A request for a part of an image. */
interface ImageRequest {
  readonly url: string;
  readonly repository: string;
  /** The host of the images that it is about. */
  readonly namespaceHost: string;
}

/**
 * Tells which requests may be for a pull: at hosts that are to be asked for it, those for the repository that is asked for there, and
 * anywhere else those for its own. What part of the image they are for is not looked at.
 */
export function mayBeFor({ reference, asked }: Asked): (request: ImageRequest) => boolean {
  const { domain, path } = reference;
  const namespaceHosts = [domain, upstreamHostOf(domain)];
  const byHost = groupBy(asked, hostOf);
  return ({ url, repository, namespaceHost }) =>
    namespaceHosts.includes(namespaceHost) &&
    (byHost.get(hostOf(url))?.some((each) => readApiUrl(each)?.repository === repository) ??
      repository === path);
}

/** Its host as it stands: a scheme may have been tried in vain, and another one then. */
function hostOf(url: string): string {
  return /^[a-z]+:\/\/([^/?]*)/.exec(url)?.[1]?.toLowerCase() ?? '';
}
