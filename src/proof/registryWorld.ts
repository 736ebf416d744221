import { findService, parseServiceName } from '../check/clusterServices.ts';
import { isPrivateHost } from '../check/privateHost.ts';
import { isPublicRegistry } from '../check/publicRegistries.ts';
import type { HostsFile } from '../hosts/hostsFile.ts';
import { parseIpAddress } from '../hosts/ipAddress.ts';
import type { ServiceFact } from '../manifest/facts.ts';
import type { NodeCase } from '../pull/pull.ts';
import { isLoopback, parseEndpoint } from '../registries/endpoint.ts';
import type { Mirror, Mirrors } from '../registries/registries.ts';
import { upstreamHostOf } from '../render/configuredMirror.ts';
import type { NodeConfiguration } from '../resolver/nodeConfiguration.ts';
import type { RegistryHost } from '../resolver/registryHost.ts';

/** Where a registry is asked: the host without its port, in small letters and without brackets, and the port. */
export interface HostPort {
  readonly hostname: string;
  readonly port: number;
}

/** What is known of a registry from all that the repository says. */
export interface RegistryNature extends HostPort {
  readonly protocols: readonly ('http' | 'https')[];
  /** Who signed its certificate: one that every node trusts, or one that only a configured CA file makes trusted. */
  readonly authority: 'system' | 'private';
  /** What of this is a guess. */
  readonly assumption?: string;
}

interface Hints {
  readonly schemes: Set<'http' | 'https'>;
  isNamedWithoutScheme: boolean;
}

/** Ports of registries that have no TLS more often than not. */
const plainPorts: ReadonlySet<number> = new Set([80, 5000]);

/**
 * The registries around the nodes, as far as the repository tells: an endpoint that any node has with a scheme says what its
 * registry speaks, on every node.
 */
export class RegistryWorld {
  readonly #hints = new Map<string, Hints>();
  readonly #withOwnCertificate = new Set<string>();
  /** With a CA or a client certificate: those go with nothing but TLS. */
  readonly #withTls = new Set<string>();
  readonly #staleAddresses = new Set<string>();
  readonly #mirrored = new Set<string>();
  readonly #services: readonly ServiceFact[];

  constructor(cases: readonly NodeCase[], services: readonly ServiceFact[]) {
    this.#services = services;
    for (const { configuration, members } of cases) {
      for (const { server, root, hosts } of hostsFilesOf(configuration)) {
        for (const { url, location, ca } of hosts) if (location) this.#learn(url, ca !== undefined);
        if (server?.location) this.#learn(server.value, root.ca !== undefined);
      }
      for (const { node } of members) this.#learnSettings(node);
    }
  }

  #learnSettings({ mirrors, configs }: NodeCase['members'][number]['node']): void {
    for (const mirror of mirrors.values()) this.#learnMirror(mirror);
    for (const { host, tls } of configs.values()) {
      const result = parseEndpoint(host.value);
      if (!result.ok || !tls) continue;
      const name = result.endpoint.host.toLowerCase();
      const hasTls = tls.caFile !== undefined || tls.certFile !== undefined;
      if (hasTls) this.#withTls.add(name);
      if (hasTls || tls.insecureSkipVerify?.value) this.#withOwnCertificate.add(name);
    }
  }

  #learnMirror({ namespaceHost, endpoints }: Mirror): void {
    const service = parseServiceName(namespaceHost.value.replace(/:\d+$/, ''), this.#services);
    const clusterIP = service && findService(this.#services, service)?.clusterIP?.value;
    for (const { value } of endpoints) {
      this.#learn(value, false);
      const result = parseEndpoint(value);
      // Also one that nobody can ask was meant to be asked.
      if (!result.ok || result.endpoint.host !== upstreamHostOf(namespaceHost.value))
        this.#mirrored.add(namespaceHost.value);
      if (!result.ok) continue;
      const { hostname } = result.endpoint;
      // The Service is somewhere else by now.
      if (isAddress(hostname) && clusterIP !== undefined && clusterIP !== 'None' && clusterIP !== hostname)
        this.#staleAddresses.add(hostname);
    }
  }

  #learn(url: string, hasAuthority: boolean): void {
    const result = parseEndpoint(url);
    if (!result.ok) return;
    const { endpoint } = result;
    const key = hostPortText(hostPortOf(endpoint.scheme, endpoint.host));
    const hints = this.#hints.get(key) ?? { schemes: new Set(), isNamedWithoutScheme: false };
    this.#hints.set(key, hints);
    if (endpoint.hasScheme) hints.schemes.add(endpoint.scheme);
    else hints.isNamedWithoutScheme = true;
    if (hasAuthority) this.#withOwnCertificate.add(endpoint.host.toLowerCase());
  }

  /** True where some node asks a mirror for a namespace host, or where this node asks one for all hosts. */
  isMirrored(namespaceHost: string, mirrors: Mirrors): boolean {
    return this.#mirrored.has(namespaceHost) || (mirrors.has('*') && this.#mirrored.has('*'));
  }

  /** True for a host that somebody named as an endpoint or a server, with a scheme or without. */
  isNamed(asked: HostPort): boolean {
    return this.#hints.has(hostPortText(asked));
  }

  /** True for an address at which the Service that a mirror means is no longer. */
  isStale({ hostname }: HostPort): boolean {
    return this.#staleAddresses.has(hostname);
  }

  /** True for the name of a Service: cluster DNS knows it, and nodes do not ask that. */
  isServiceName(hostname: string): boolean {
    return parseServiceName(hostname, this.#services) !== undefined;
  }

  /** What stands where this host is asked. */
  natureOf(asked: HostPort): RegistryNature {
    const { hostname, port } = asked;
    const hints = this.#hints.get(hostPortText(asked));
    const name = hostText(asked);
    const names = [name, `${name}:${port}`];
    const hasOwnCertificate = names.some((host) => this.#withOwnCertificate.has(host));
    const hasTls = names.some((host) => this.#withTls.has(host));
    const isPrivate = isPrivateHost(name) || isAddress(hostname);
    const authority = hasOwnCertificate || (isPrivate && !isPublicRegistry(hostname)) ? 'private' : 'system';
    const { protocols, assumption } = protocolsOf(hints, asked, isPrivate && !hasTls);
    const guess = assumption ?? guessCertificate(protocols, authority, asked, hints !== undefined);
    return { ...asked, protocols, authority, ...(guess !== undefined && { assumption: guess }) };
  }
}

function protocolsOf(
  hints: Hints | undefined,
  { hostname, port }: HostPort,
  mayBePlain: boolean,
): Pick<RegistryNature, 'protocols' | 'assumption'> {
  const schemes = [...(hints?.schemes ?? [])].sort();
  if (schemes.length > 1) {
    const assumption = `${hostname}:${port} is named with http:// and with https://: its stand-in speaks both`;
    return { protocols: schemes, assumption };
  }
  if (schemes.length === 1) return { protocols: schemes };
  if (isLoopback(hostname) || hostname === '::1') return { protocols: port === 443 ? ['https'] : ['http'] };
  const isPlainPort = plainPorts.has(port) || (hints?.isNamedWithoutScheme === true && port !== 443);
  if (!mayBePlain || !isPlainPort) return { protocols: ['https'] };
  const assumption = `nothing says with http:// or https:// what ${hostname}:${port} speaks: it is taken for plain HTTP`;
  return { protocols: ['http'], assumption };
}

function guessCertificate(
  protocols: RegistryNature['protocols'],
  authority: RegistryNature['authority'],
  { hostname }: HostPort,
  isNamed: boolean,
): string | undefined {
  if (!protocols.includes('https') || isPublicRegistry(hostname) || hostname === 'registry-1.docker.io')
    return undefined;
  if (authority === 'private') return undefined;
  const words = isNamed ? 'nothing names a CA for it' : 'nothing says otherwise';
  return `the certificate of ${hostname} is taken for one that every node trusts: ${words}`;
}

/** The `hosts.toml` files of a node. */
export function hostsFilesOf({ registry }: NodeConfiguration): readonly HostsFile[] {
  if (registry.form !== 'hosts-directory') return [];
  const directories = registry.roots.flatMap((root) => [...root.directories.values()]);
  return directories.flatMap((directory) => (directory.kind === 'hosts-file' ? [directory.hostsFile] : []));
}

/** Where the host of a URL is asked. */
export function hostPortOf(scheme: string, host: string): HostPort {
  const [, name = host, port] = /^(.*?)(?::(\d+))?$/s.exec(host) ?? [];
  const hostname = name.replace(/^\[(.*)\]$/s, '$1').toLowerCase();
  return { hostname, port: port === undefined ? (scheme === 'http' ? 80 : 443) : Number(port) };
}

/** Where a URL is asked. */
export function hostPortOfUrl(url: string): HostPort {
  const [, scheme = '', host = ''] = /^([a-z]+):\/\/([^/?]*)/.exec(url) ?? [];
  return hostPortOf(scheme, host);
}

/** `name:port`: the same for the same place. */
export function hostPortText({ hostname, port }: HostPort): string {
  return `${hostname}:${port}`;
}

/** Where a registry host is asked. */
export function askedAt({ scheme, host, httpFallback }: RegistryHost): readonly HostPort[] {
  const schemes = httpFallback ? [scheme, 'http'] : [scheme];
  return schemes.map((each) => hostPortOf(each, host));
}

function hostText({ hostname }: Pick<HostPort, 'hostname'>): string {
  return hostname.includes(':') ? `[${hostname}]` : hostname;
}

/** True for an IP address. */
export function isAddress(hostname: string): boolean {
  return parseIpAddress(hostname) !== undefined;
}
