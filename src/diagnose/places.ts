import { parseEndpoint } from '../registries/endpoint.ts';
import type { Mirror, RegistryConfig, Registries } from '../registries/registries.ts';
import { upstreamHostOf } from '../render/configuredMirror.ts';
import { hostPaths } from '../hosts/hostsDirectory.ts';
import { hostsDirectoryFor } from '../resolver/registryHosts.ts';
import type { Attempt } from '../resolver/attempts.ts';
import { formatPlace, type Location } from '../source/location.ts';
import type { ErrorText } from './errorText.ts';
import type { Suspects } from './suspects.ts';

/** Whether a place is one that has to do with an error. */
export interface Places {
  has(location: Location): boolean;
}

/** The places of the configuration that decide about the request that failed. */
export function placesOf(error: ErrorText, suspects: Suspects, registries: Registries): Places {
  const domains = domainsOf(suspects);
  const hosts = hostsOf(error, suspects, domains);
  const exact = new Set(
    [
      ...sourcesOf(suspects),
      ...mirrorPlaces(suspects, registries, domains),
      ...ownEndpoints(suspects, domains, hosts),
      ...configPlaces(suspects, registries, hosts),
      ...droppedFiles(suspects, domains),
      ...resolvedNames(suspects, hosts),
    ].map(formatPlace),
  );
  const folders = foldersOf(error, suspects, domains);
  return { has: (location) => exact.has(formatPlace(location)) || isHostsFile(location.file, folders) };
}

/** The settings of the hosts that were asked, those first whose key is a host. */
export function configsOf(
  error: ErrorText,
  suspects: Suspects,
  registries: Registries,
): readonly RegistryConfig[] {
  const hosts = hostsOf(error, suspects, domainsOf(suspects));
  return writtenConfigs(suspects, registries).filter(({ host }) => hosts.has(host.value));
}

export function isSamePlace(a: Location, b: Location): boolean {
  return formatPlace(a) === formatPlace(b);
}

/** The registries in whose names was asked. */
function domainsOf({ pulls, reference }: Suspects): ReadonlySet<string> {
  const domains = new Set(pulls.map((pull) => pull.reference.domain));
  if (reference) domains.add(reference.domain);
  return domains;
}

/** The hosts that were asked, or all that may have been where the error names none. */
function hostsOf(
  { host, request }: ErrorText,
  { asked, passedOver, pulls }: Suspects,
  domains: ReadonlySet<string>,
): ReadonlySet<string> {
  if (asked) return new Set([asked, ...passedOver].map((attempt) => attempt.host.host));
  const attempts = pulls.flatMap(({ result }) => (result.ok ? result.attempts : []));
  const named = [host, request?.host].flatMap((name) => name ?? []);
  return new Set([
    ...named,
    ...attempts.map((attempt) => attempt.host.host),
    ...[...domains].map(upstreamHostOf),
  ]);
}

/** Where the hosts are configured that were asked up to the one that the error names. */
function sourcesOf({ asked, passedOver, pulls }: Suspects): readonly Location[] {
  const attempts: readonly Attempt[] = asked
    ? [...passedOver, asked]
    : pulls.flatMap(({ result }) => (result.ok ? result.attempts : []));
  return attempts.flatMap(({ source }) => source ?? []);
}

/** The keys of mirrors for these registries, however they are written, and their endpoints that are none. */
function mirrorPlaces(
  { nodes, reference }: Suspects,
  registries: Registries,
  domains: ReadonlySet<string>,
): readonly Location[] {
  const [component = ''] = reference?.domain === 'docker.io' ? reference.path.split('/', 1) : [];
  const meant = new Set([...domains, ...(component === 'library' ? [] : [component]), '*'].map(plainHost));
  const sources = [registries, ...nodes.flatMap(({ node, own }) => (own ? [own, node] : [node]))];
  const written = new Set<Mirror>(sources.flatMap(({ mirrors }) => [...mirrors.values()]));
  return [...written]
    .filter(({ namespaceHost }) => meant.has(plainHost(namespaceHost.value)))
    .flatMap(({ namespaceHost, endpoints, rewrites }) => [
      namespaceHost.location,
      ...endpoints.filter(({ value }) => !parseEndpoint(value).ok).map(({ location }) => location),
      ...rewrites.flatMap(({ pattern, replacement }) => [pattern.location, replacement.location]),
    ]);
}

/**
 * The endpoints of a node's own config.toml for these registries, at which it asks these hosts: where registries.yaml has mirrors
 * for the node, pulls are resolved with those, and the node may still have its own.
 */
function ownEndpoints(
  { nodes }: Suspects,
  domains: ReadonlySet<string>,
  hosts: ReadonlySet<string>,
): readonly Location[] {
  const mirrors = nodes.flatMap(({ own }) =>
    [...domains].flatMap((domain) => own?.mirrors.get(domain) ?? own?.mirrors.get('*') ?? []),
  );
  return mirrors
    .flatMap(({ endpoints }) => endpoints)
    .filter(({ value }) => {
      const result = parseEndpoint(value);
      return result.ok && hosts.has(result.endpoint.host);
    })
    .map(({ location }) => location);
}

function configPlaces(
  suspects: Suspects,
  registries: Registries,
  hosts: ReadonlySet<string>,
): readonly Location[] {
  const meant = new Set([...hosts].map(plainHost));
  return writtenConfigs(suspects, registries)
    .filter(({ host }) => meant.has(plainHost(host.value)))
    .flatMap(({ host, auth, tls }) => [
      host.location,
      ...[...Object.values(auth ?? {}), ...Object.values(tls ?? {})].map(locationOf),
    ]);
}

function locationOf({ location }: { readonly location: Location }): Location {
  return location;
}

function writtenConfigs({ nodes }: Suspects, registries: Registries): readonly RegistryConfig[] {
  const sources = [...nodes.flatMap(({ node, own }) => (own ? [own, node] : [node])), registries];
  return [...new Set(sources.flatMap(({ configs }) => [...configs.values()]))];
}

/** A host as it was meant by a key with a scheme, a path, a space or capitals. Docker Hub has several names. */
function plainHost(key: string): string {
  const [host = ''] = key
    .replaceAll(/\s/g, '')
    .replace(/^[A-Za-z]+:\/\//, '')
    .toLowerCase()
    .split('/', 1);
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

function droppedFiles({ pulls }: Suspects, domains: ReadonlySet<string>): readonly Location[] {
  const configurations = new Set(pulls.map(({ nodeCase }) => nodeCase.configuration));
  return [...configurations].flatMap((configuration) =>
    [...domains].flatMap((domain) => {
      const directory = hostsDirectoryFor(configuration, domain);
      if (directory?.kind === 'crash') return directory.crash.location;
      return directory?.kind === 'certificates' ? (directory.dropped?.location ?? []) : [];
    }),
  );
}

/** The addresses that the nodes are told for the names of hosts. */
function resolvedNames({ nodes }: Suspects, hosts: ReadonlySet<string>): readonly Location[] {
  const names = [...hosts].map((host) => host.replace(/:\d+$/, ''));
  return nodes.flatMap(({ node }) => names.flatMap((name) => node.resolves.get(name)?.location ?? []));
}

/** The names that the folder of the hosts.toml may have. */
function foldersOf(
  { hostsFolder }: ErrorText,
  { pulls }: Suspects,
  domains: ReadonlySet<string>,
): ReadonlySet<string> {
  if (hostsFolder !== undefined) return new Set([hostsFolder]);
  const profiles = new Set(pulls.map(({ nodeCase }) => nodeCase.configuration.profile));
  return new Set(
    [...profiles].flatMap((profile) => [...domains].flatMap((domain) => hostPaths(domain, profile))),
  );
}

function isHostsFile(path: string, folders: ReadonlySet<string>): boolean {
  const [folder, name] = path.split('/').slice(-2);
  return name === 'hosts.toml' && folder !== undefined && folders.has(folder);
}
