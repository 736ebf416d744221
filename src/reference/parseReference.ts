import { digestError } from './digest.ts';
import type { Reference } from './reference.ts';

/** `v0.6.0` of distribution/reference, or one of the copies inside containerd before 1.7.19. */
export type ReferenceGrammar = 'copy in 1.5' | 'copy in 1.7' | 'v0.6.0';

/** A reference, or the text with which containerd refuses it. */
export type ReferenceResult =
  { readonly ok: true; readonly reference: Reference } | { readonly ok: false; readonly error: string };

interface GrammarRules {
  /** A first component with a capital letter is a domain. */
  readonly capitalIsDomain: boolean;
  readonly ipv6: boolean;
  /** The 255 characters are counted over the path alone, or over domain and path. */
  readonly lengthOf: 'path' | 'name';
  /** The message about capitals repeats the path. */
  readonly quotesPath: boolean;
}

// containerd v1.6.39 reference/docker/reference.go, v1.7.18 reference/docker/{normalize,reference,regexp}.go
// and distribution/reference v0.6.0 {normalize,reference,regexp}.go
const rulesOf: Readonly<Record<ReferenceGrammar, GrammarRules>> = {
  'copy in 1.5': { capitalIsDomain: false, ipv6: false, lengthOf: 'name', quotesPath: false },
  'copy in 1.7': { capitalIsDomain: true, ipv6: true, lengthOf: 'name', quotesPath: true },
  'v0.6.0': { capitalIsDomain: true, ipv6: true, lengthOf: 'path', quotesPath: true },
};

const defaultDomain = 'docker.io';
const defaultTag = 'latest';
const maxNameLength = 255;

const identifier = /^[a-f0-9]{64}$/;
const domainName = /^(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])$/;
const ipv6AndPort = /^\[[a-fA-F0-9:]+\](?::[0-9]+)?$/;
const port = /^[0-9]+$/;
const pathComponent = /^[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const invalidFormat = 'invalid reference format';

/**
 * Reads an image reference and completes it as containerd does: `nginx` is `docker.io/library/nginx:latest`,
 * and a tag beside a digest is dropped. Takes time in proportion to the length of the text.
 */
// distribution/reference v0.6.0 normalize.go ParseDockerRef, ParseNormalizedNamed
export function parseReference(text: string, grammar: ReferenceGrammar = 'v0.6.0'): ReferenceResult {
  const rules = rulesOf[grammar];
  if (identifier.test(text)) {
    return refuse(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const { domain, remainder } = splitDockerDomain(text, rules);
  const path = remainder.split(':', 1)[0] ?? '';
  if (path.toLowerCase() !== path) {
    const quoted = rules.quotesPath ? ` (${path})` : '';
    return refuse(`${invalidFormat}: repository name${quoted} must be lowercase`);
  }
  return parseComplete(`${domain}/${remainder}`, rules);
}

function refuse(error: string): ReferenceResult {
  return { ok: false, error };
}

// distribution/reference v0.6.0 normalize.go splitDockerDomain
function splitDockerDomain(text: string, rules: GrammarRules): { domain: string; remainder: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const isDomain = slash >= 0 && isDomainLike(first, rules);
  const domain = isDomain && first !== 'index.docker.io' ? first : defaultDomain;
  const remainder = isDomain ? text.slice(slash + 1) : text;
  const isOfficial = domain === defaultDomain && !remainder.includes('/');
  return { domain, remainder: isOfficial ? `library/${remainder}` : remainder };
}

function isDomainLike(first: string, rules: GrammarRules): boolean {
  if (first === 'localhost' || first.includes('.') || first.includes(':')) return true;
  return rules.capitalIsDomain && first.toLowerCase() !== first;
}

// distribution/reference v0.6.0 reference.go Parse, with the choices of ParseDockerRef
function parseComplete(text: string, rules: GrammarRules): ReferenceResult {
  const parts = splitReference(text);
  const name = parts && splitName(parts.name, rules);
  if (!parts || !name) {
    const lower = splitReference(text.toLowerCase());
    const isOnlyCapitals = lower !== undefined && splitName(lower.name, rules) !== undefined;
    return refuse(isOnlyCapitals ? 'repository name must be lowercase' : invalidFormat);
  }
  const length = rules.lengthOf === 'path' ? name.matchedPath.length : parts.name.length;
  if (length > maxNameLength)
    return refuse(`repository name must not be more than ${maxNameLength} characters`);
  const { domain, path } = name;
  if (parts.digest === undefined)
    return { ok: true, reference: { domain, path, tag: parts.tag ?? defaultTag } };
  const error = digestError(parts.digest);
  return error === undefined
    ? { ok: true, reference: { domain, path, digest: parts.digest } }
    : refuse(error);
}

interface ReferenceParts {
  readonly name: string;
  readonly tag?: string;
  readonly digest?: string;
}

const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;

/** Takes tag and digest off a reference; undefined where they are not formed as they must be. */
function splitReference(text: string): ReferenceParts | undefined {
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !digestPattern.test(digest)) return undefined;
  const head = at < 0 ? text : text.slice(0, at);
  const colon = head.indexOf(':', head.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : head.slice(colon + 1);
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  const name = colon < 0 ? head : head.slice(0, colon);
  return { name, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

interface NameParts {
  readonly domain: string;
  readonly path: string;
  /**
   * What the grammar takes for the path: it includes a first component that is no domain name, as
   * `my_host.example`.
   */
  readonly matchedPath: string;
}

function splitName(name: string, rules: GrammarRules): NameParts | undefined {
  const components = name.split('/');
  const [domain = '', ...rest] = components;
  const path = rest.join('/');
  if (rest.length === 0 || !rest.every((component) => pathComponent.test(component))) return undefined;
  if (isDomain(domain, rules)) return { domain, path, matchedPath: path };
  return pathComponent.test(domain) ? { domain, path, matchedPath: name } : undefined;
}

function isDomain(text: string, rules: GrammarRules): boolean {
  if (text.startsWith('[')) return rules.ipv6 && ipv6AndPort.test(text);
  const colon = text.indexOf(':');
  if (colon >= 0 && !port.test(text.slice(colon + 1))) return false;
  const host = colon < 0 ? text : text.slice(0, colon);
  return host.split('.').every((component) => domainName.test(component));
}

/** The reference in full: `docker.io/library/nginx:latest`. */
export function formatReference(reference: Reference): string {
  return `${reference.domain}/${reference.path}${suffix(reference)}`;
}

/** The reference as people write it, without `docker.io/library/`: `nginx:latest`. */
// distribution/reference v0.6.0 normalize.go familiarizeName
export function familiarName(reference: Reference): string {
  const { domain, path } = reference;
  if (domain !== 'docker.io') return formatReference(reference);
  const [first, second, ...rest] = path.split('/');
  const isOfficial = first === 'library' && second !== undefined && rest.length === 0;
  return `${isOfficial ? second : path}${suffix(reference)}`;
}

function suffix({ tag, digest }: Reference): string {
  return `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}
