import type { Rewrite } from '../registries/registries.ts';
import type { ConfiguredEndpoint, ConfiguredMirror } from './configuredMirror.ts';

/**
 * What rewrites put before every repository, with a slash at its end; empty where they change none. Undefined where they do
 * anything else to any repository: then no path of a mirror says the same.
 */
export function prefixOf(rewrites: readonly Pick<Rewrite, 'pattern' | 'replacement'>[]): string | undefined {
  const prefixes = rewrites.map(readPrefix);
  const [first = { prefix: '', isForAll: true }] = prefixes;
  if (!first || prefixes.some((other) => other?.prefix !== first.prefix)) return undefined;
  const isForAll = rewrites.length === 0 || prefixes.some((other) => other?.isForAll);
  return (isForAll || first.prefix === '') && isPath(first.prefix) ? first.prefix : undefined;
}

interface Prefix {
  readonly prefix: string;
  /** The pattern matches every repository, and not only some of them. */
  readonly isForAll: boolean;
}

/** `^`, a beginning of the repository in which nothing has a meaning, and the rest of it. */
const pattern =
  /^(?<anchor>\^?)(?<beginning>(?:[A-Za-z0-9_/-]|\\\.|\[\.\])*)(?:\((?:\?P?<(?<name>\w+)>)?\.(?<group>[*+]\??)\)|\.(?<bare>[*+]\??))?(?<end>\$?)$/;

/** What one rewrite puts before the repositories that it matches; undefined where it does anything else. */
// Go regexp ReplaceAllString, Expand
function readPrefix(rewrite: Pick<Rewrite, 'pattern' | 'replacement'>): Prefix | undefined {
  const {
    anchor,
    beginning = '',
    name,
    group,
    bare,
    end,
  } = pattern.exec(rewrite.pattern.value)?.groups ?? {};
  const written = beginning.replaceAll(/\\\.|\[\.\]/g, '.');
  const rest = group ?? bare;
  // A pattern that may match in the middle, or leaves a part of the repository where it is.
  if (anchor === undefined || (anchor === '' && (written !== '' || rest === undefined))) return undefined;
  const isLazy = rest?.endsWith('?') === true;
  if ((isLazy && end === '') || (rest === undefined && (written !== '' || end !== ''))) return undefined;
  const references =
    rest === undefined ? [''] : ['$0', '${0}', ...(group === undefined ? [] : groupReferences(name))];
  const replacement = rewrite.replacement.value;
  const reference = references.find((text) => replacement.endsWith(text));
  if (reference === undefined) return undefined;
  const before = replacement.slice(0, replacement.length - reference.length);
  const isWhole = reference === '$0' || reference === '${0}';
  const kept = isWhole || rest === undefined ? '' : written;
  if (before.includes('$') || !before.endsWith(kept)) return undefined;
  return { prefix: before.slice(0, before.length - kept.length), isForAll: written === '' };
}

function groupReferences(name: string | undefined): readonly string[] {
  return ['$1', '${1}', ...(name === undefined ? [] : [`$${name}`, `\${${name}}`])];
}

/** True for what can stand between `/v2/` and a repository. */
function isPath(prefix: string): boolean {
  return /^(?:[A-Za-z0-9][A-Za-z0-9._-]*\/)*$/.test(prefix);
}

/** The mirror with its rewrites in the paths of its endpoints, as far as a path says the same. */
export function withPrefixInPaths(mirror: ConfiguredMirror): ConfiguredMirror {
  const prefix = prefixOf(mirror.rewrites);
  if (prefix === undefined || prefix === '') return mirror;
  const last = mirror.endpoints.at(-1);
  const endpoints = mirror.endpoints.map((configured) =>
    // k3s takes this one for the registry itself, which it asks without rewrites.
    configured === last && isUpstream(configured, mirror) ? configured : withPrefix(configured, prefix),
  );
  return { ...mirror, endpoints };
}

// k3s pkg/agent/containerd/config.go getHostConfigs
function isUpstream({ endpoint }: ConfiguredEndpoint, { upstreamHost }: ConfiguredMirror): boolean {
  return endpoint.scheme === 'https' && endpoint.host === upstreamHost && endpoint.path === '/v2';
}

function withPrefix({ endpoint, location }: ConfiguredEndpoint, prefix: string): ConfiguredEndpoint {
  const path = `${endpoint.path.replace(/\/+$/, '')}/${prefix.slice(0, -1)}`;
  return { endpoint: { ...endpoint, path }, location };
}
