import type { Endpoint } from '../../registries/endpoint.ts';
import type { RegistryConfigs, Rewrite, Tls } from '../../registries/registries.ts';
import type { Location } from '../../source/location.ts';
import { configForHost, upstreamHostOf, type ConfiguredMirror } from '../configuredMirror.ts';
import { prefixOf, withPrefixInPaths } from '../prefixRewrite.ts';

/** A registry host that is asked for the images of a namespace. */
export interface AskedHost {
  readonly scheme: 'http' | 'https';
  /** Host and port; `registry-1.docker.io` for Docker Hub. */
  readonly host: string;
  /** `/v2`, or what stands in its place, without a slash at its end. */
  readonly path: string;
  /** Never of an `http` host: TLS settings mean nothing there. */
  readonly tls?: Tls;
  readonly location: Location | undefined;
}

/** Who is asked for the images of one registry, in which order. */
export interface Route {
  /** A host, or `*` for every other one. */
  readonly namespaceHost: string;
  /** Where the registry itself answers. */
  readonly upstreamHost: string;
  readonly location: Location | undefined;
  /** The endpoints, in order. */
  readonly asked: readonly AskedHost[];
  /** The registry itself, asked last; absent where the endpoints name it, and for `*`. */
  readonly upstream?: AskedHost;
  /** Those that no path of an endpoint can stand for. */
  readonly rewrites: readonly Rewrite[];
}

/** What containerd makes of a namespace host: when the registry is among the endpoints, nobody is asked after them. */
export function routeOf(
  mirror: ConfiguredMirror,
  configs: RegistryConfigs,
  location: Location | undefined,
): Route {
  const { namespaceHost, upstreamHost, endpoints } = withPrefixInPaths(mirror);
  const rewrites = prefixOf(mirror.rewrites) === undefined ? mirror.rewrites : [];
  const asked = endpoints.map(({ endpoint, location }) => askedHost(endpoint, configs, location));
  const namesItself = namespaceHost === '*' || asked.some(({ host }) => host === upstreamHost);
  const upstream = { scheme: 'https' as const, host: upstreamHost, path: '/v2' };
  return {
    namespaceHost,
    upstreamHost,
    location,
    asked,
    ...(!namesItself && { upstream: askedHost(upstream, configs, undefined) }),
    rewrites,
  };
}

function askedHost(
  { scheme, host, path }: Pick<Endpoint, 'scheme' | 'host' | 'path'>,
  configs: RegistryConfigs,
  location: Location | undefined,
): AskedHost {
  const tls = scheme === 'https' ? settingsOf(configForHost(configs, host)?.tls) : undefined;
  return { scheme, host, path: path.replace(/\/+$/, ''), ...(tls && { tls }), location };
}

/** What of TLS settings counts: a certificate counts with its key only. */
function settingsOf(tls: Tls | undefined): Tls | undefined {
  const { caFile, certFile, keyFile, insecureSkipVerify } = tls ?? {};
  const settings = {
    ...(caFile && { caFile }),
    ...(certFile && keyFile && { certFile, keyFile }),
    ...(insecureSkipVerify?.value && { insecureSkipVerify }),
  };
  return Object.keys(settings).length > 0 ? settings : undefined;
}

/** True for a route that differs from what is done without it. */
export function isNeeded({ asked, upstream }: Route): boolean {
  return asked.length > 0 || upstream?.tls !== undefined;
}

/**
 * A route for each registry that is configured or that images name: for programs that know no route for `*`, it is written out
 * for those without a route of their own.
 */
export function routesByName(routes: readonly Route[], namespaceHosts: readonly string[]): readonly Route[] {
  const wildcard = routes.find(({ namespaceHost }) => namespaceHost === '*');
  const named = routes.filter((route) => route !== wildcard);
  const others = withoutRoute(routes, namespaceHosts).map((namespaceHost): Route => {
    const upstreamHost = upstreamHostOf(namespaceHost);
    const upstream: AskedHost = { scheme: 'https', host: upstreamHost, path: '/v2', location: undefined };
    const { asked = [], location } = wildcard ?? {};
    return { namespaceHost, upstreamHost, location, asked, upstream, rewrites: [] };
  });
  return [...named, ...others];
}

/** The registries that images name and that only `*` is about, if at all. */
export function withoutRoute(routes: readonly Route[], namespaceHosts: readonly string[]): readonly string[] {
  const known = new Set(routes.map(({ namespaceHost }) => namespaceHost));
  return namespaceHosts.filter((host) => !known.has(host));
}
