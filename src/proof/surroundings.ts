import { isPublicRegistry } from '../check/publicRegistries.ts';
import type { SecretFact } from '../manifest/facts.ts';
import { readEtcHosts } from '../nodeRoot/etcHosts.ts';
import type { Pull } from '../pull/pull.ts';
import { parseEndpoint } from '../registries/endpoint.ts';
import type { RegistryConfigs } from '../registries/registries.ts';
import { upstreamHostOf } from '../render/configuredMirror.ts';
import type { ConfiguredNode } from '../render/target.ts';
import { readApiUrl } from './apiPath.ts';
import type { Catalog, PlacedCatalog } from './catalog.ts';
import { acceptedLogins, placeFiles } from './nodeFiles.ts';
import { secretLogins, type Login } from './pullLogins.ts';
import {
  askedAt,
  hostsFilesOf,
  hostPortOf,
  hostPortText,
  isAddress,
  type HostPort,
  type RegistryNature,
  type RegistryWorld,
} from './registryWorld.ts';

/** A stand-in for a registry: where it listens in the network of a node, and what it does. Plain data. */
export interface StandIn extends RegistryNature {
  /** IPv4 or IPv6. */
  readonly address: string;
  /** One of these is asked for, whatever is pulled; anybody may pull where there is none. */
  readonly logins: readonly Login[];
  /** One of these is asked for images whose references name this host. */
  readonly ownLogins: readonly Login[];
  /** It is asked because references name it, and stands for no mirror. */
  readonly isUpstream: boolean;
  readonly catalogs: readonly PlacedCatalog[];
}

/** A node and all that is around it: what an engine makes. Plain data. */
export interface Surroundings {
  /** The node's files by absolute path. */
  readonly files: Readonly<Record<string, string>>;
  /** Where the node has the certificate of the private authority. */
  readonly authorityFiles: readonly string[];
  /** Where the node has a client certificate and its key. */
  readonly clientPairs: readonly { readonly cert: string; readonly key: string }[];
  /** What `/etc/hosts` resolves. */
  readonly hosts: Readonly<Record<string, string>>;
  /** What DNS resolves. Any other name does not exist. */
  readonly names: Readonly<Record<string, string>>;
  readonly standIns: readonly StandIn[];
  readonly assumptions: readonly string[];
}

/** What the repository says that holds for all nodes. */
export interface World {
  readonly registries: RegistryWorld;
  readonly secrets: readonly SecretFact[];
  readonly catalogs: readonly Catalog[];
  /** The logins of every node by the host that they are for. */
  readonly configs: readonly RegistryConfigs[];
  /** Public registries cannot be reached from any node. */
  readonly isAirGapped: boolean;
}

export type SurroundingsResult =
  | { readonly ok: true; readonly surroundings: Surroundings }
  | { readonly ok: false; readonly reason: string };

/** A process cannot listen at many more places. */
const maxStandIns = 2000;

/** The files of a node and the registries around it, as far as its pulls can come to them. */
export function surround(
  configured: ConfiguredNode,
  pulls: readonly Pull[],
  world: World,
): SurroundingsResult {
  const placed = placeFiles(configured);
  if (!placed.ok) return placed;
  const hosts = hostsOf(configured);
  const asked = askedHosts(configured, pulls, world);
  if (asked.size > maxStandIns)
    return { ok: false, reason: `it has more than ${maxStandIns} registries around it` };
  const addresses = new Addresses(hosts);
  const catalogs = world.catalogs.map((catalog) => placeCatalog(catalog, pulls));
  const standIns: StandIn[] = [];
  const names: Record<string, string> = {};
  for (const host of asked.values()) {
    const { hostname } = host;
    const isKnown = isAddress(hostname) || hosts.has(hostname) || hostname === 'localhost';
    if (!isKnown && world.registries.isServiceName(hostname)) continue;
    const address = addresses.of(hostname);
    if (!isKnown) names[hostname] = address;
    standIns.push(standInFor(host, address, world, catalogs));
  }
  const tls = tlsPaths(configured, pulls);
  return {
    ok: true,
    surroundings: {
      files: Object.fromEntries(placed.files),
      ...tls,
      hosts: Object.fromEntries(hosts),
      names,
      standIns,
      assumptions: placed.assumptions,
    },
  };
}

/** `resolves`, and the node's own `/etc/hosts` where the repository has it. */
function hostsOf({ node, ownFiles }: ConfiguredNode): ReadonlyMap<string, string> {
  const own = ownFiles ? readEtcHosts(ownFiles) : [];
  const all = [...own, ...node.resolves].map(([name, { value }]) => [name.toLowerCase(), value] as const);
  return new Map(all.filter(([name, address]) => isAddress(address) && /^[\w.-]+$/.test(name)));
}

/** Each place where a registry answers that the node may come to. */
function askedHosts(
  configured: ConfiguredNode,
  pulls: readonly Pull[],
  { registries, isAirGapped }: World,
): ReadonlyMap<string, HostPort> {
  const found = new Map<string, HostPort>();
  const add = (host: HostPort): void => {
    if (host.port < 1 || host.port > 65_535 || registries.isStale(host)) return;
    found.set(hostPortText(host), host);
  };
  for (const url of endpointUrls(configured)) {
    const result = parseEndpoint(url);
    if (result.ok) add(hostPortOf(result.endpoint.scheme, result.endpoint.host));
  }
  for (const { reference, result } of pulls) {
    const isCutOff = (host: HostPort): boolean =>
      !registries.isNamed(host) &&
      (registries.isMirrored(reference.domain, configured.node.mirrors) ||
        (isAirGapped && registries.natureOf(host).authority === 'system'));
    const upstream = hostPortOf('https', upstreamHostOf(reference.domain));
    const attempted = result.ok ? result.attempts.flatMap(({ host }) => askedAt(host)) : [];
    for (const host of [upstream, ...attempted]) if (!isCutOff(host)) add(host);
  }
  return found;
}

/** The endpoints of registries.yaml, also those that are not rendered, and those of the node's own files. */
function endpointUrls({ node, configuration }: ConfiguredNode): readonly string[] {
  const endpoints = [...node.mirrors.values()].flatMap((mirror) => mirror.endpoints);
  const hosts = hostsFilesOf(configuration).flatMap((file) => file.hosts);
  return [...endpoints.map(({ value }) => value), ...hosts.map(({ url }) => url)];
}

/** A repository with one of these names is another image, unless a mirror is asked for it below a project. */
function placeCatalog(catalog: Catalog, pulls: readonly Pull[]): PlacedCatalog {
  const prefixes = new Set<string>();
  for (const { reference, result } of pulls) {
    if (reference.domain !== catalog.namespaceHost || !result.ok) continue;
    for (const { url } of result.attempts) {
      const { isApi = false, repository = '' } = readApiUrl(url) ?? {};
      if (!isApi) continue;
      const prefix = repository.slice(0, -reference.path.length);
      if (`${prefix}${reference.path}` === repository) prefixes.add(prefix);
    }
  }
  return { ...catalog, prefixes: [...prefixes] };
}

function standInFor(
  host: HostPort,
  address: string,
  world: World,
  catalogs: readonly PlacedCatalog[],
): StandIn {
  const { registries, secrets, configs } = world;
  const isUpstream = !registries.isNamed(host);
  const nature = registries.natureOf(host);
  // Anybody may pull from these, with or without a login.
  const isOpen = isPublicRegistry(host.hostname) || host.hostname === 'registry-1.docker.io';
  const texts = [host.hostname, hostPortText(host)];
  const configured = configs.flatMap((byHost) =>
    [...byHost.values()].flatMap((config) => {
      const result = parseEndpoint(config.host.value);
      const isFor = result.ok && texts.includes(result.endpoint.host.toLowerCase());
      return isFor && config.auth ? acceptedLogins(config.host.value, config.auth) : [];
    }),
  );
  const isDefaultPort = host.port === 443 || host.port === 80;
  const own = secretLogins(isDefaultPort ? host.hostname : hostPortText(host), secrets);
  return {
    ...nature,
    address,
    isUpstream,
    logins: isOpen ? [] : configured,
    ownLogins: isOpen ? [] : own,
    catalogs: isUpstream ? [] : catalogs,
  };
}

/** Where certificates are on the node. Files that are certainly not there stay away. */
function tlsPaths(
  { node, configuration: { tlsFiles } }: ConfiguredNode,
  pulls: readonly Pull[],
): Pick<Surroundings, 'authorityFiles' | 'clientPairs'> {
  const isThere = (path: string): boolean => {
    const known = tlsFiles?.get(path);
    if (known === undefined) return path.startsWith('/');
    return known.kind === 'file' && known.blocks.length > 0;
  };
  const tls = pulls.flatMap(({ result }) => (result.ok ? result.attempts.map(({ host }) => host.tls) : []));
  const settings = [...node.configs.values()].flatMap((config) => config.tls ?? []);
  const authorities = [
    ...tls.flatMap(({ ca }) => ca),
    ...settings.flatMap(({ caFile }) => caFile?.value ?? []),
  ];
  const pairs = [
    ...tls.flatMap(({ client }) => client.map(({ cert, key }) => ({ cert, key: key ?? cert }))),
    ...settings.flatMap(({ certFile, keyFile }) =>
      certFile && keyFile ? [{ cert: certFile.value, key: keyFile.value }] : [],
    ),
  ];
  const byText = new Map(pairs.map((pair) => [JSON.stringify(pair), pair]));
  return {
    authorityFiles: [...new Set(authorities)].filter(isThere),
    clientPairs: [...byText.values()].filter(({ cert, key }) => isThere(cert) && isThere(key)),
  };
}

/** The addresses of names: 198.18.0.0/15, which is for such experiments, where nobody says another one. */
// RFC 2544
class Addresses {
  readonly #hosts: ReadonlyMap<string, string>;
  readonly #given = new Map<string, string>();

  constructor(hosts: ReadonlyMap<string, string>) {
    this.#hosts = hosts;
  }

  of(hostname: string): string {
    if (hostname === 'localhost') return '127.0.0.1';
    if (isAddress(hostname)) return hostname;
    const known = this.#hosts.get(hostname) ?? this.#given.get(hostname);
    if (known !== undefined) return known;
    const number = this.#given.size + 1;
    const address = `198.18.${number >> 8}.${number & 255}`;
    this.#given.set(hostname, address);
    return address;
  }
}
