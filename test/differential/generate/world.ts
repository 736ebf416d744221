import { isIP } from 'node:net';
import type { DnsAnswer } from '../../../src/proof/standIn/nameServer.ts';
import { isOwnAddress } from '../addresses.ts';

// The small world in which all cases play: few hosts, so that the parts of a case meet.

/** Every name that the node's name server knows. `gone.test` is not among them. */
export const names: Readonly<Record<string, DnsAnswer>> = {
  'docker.io': '198.51.100.11',
  'registry-1.docker.io': '198.51.100.10',
  'reg.test': '10.10.1.1',
  'mirror.test': '10.10.1.2',
  'other.test': '10.10.1.3',
  'reg.local': '10.10.1.4',
  // By their names what happens there: packets vanish, no route to host, network is unreachable, the name server is out of order.
  'silent.test': '10.11.0.1',
  'unreachable.test': '10.12.0.1',
  'no-route.test': '203.0.113.1',
  'broken.test': 'server-failure',
};

/** Hosts that a reference or a URL may name, without a port; the likely ones first. */
export const likelyHosts = ['reg.test', 'mirror.test', 'other.test', '10.10.1.106', 'docker.io'] as const;
export const oddHosts = [
  'localhost',
  '127.0.0.1',
  'registry-1.docker.io',
  'gone.test',
  'reg.local',
  'Reg.Test',
  '[fd00:10::1]',
  'unreachable.test',
  'no-route.test',
  'broken.test',
] as const;

/** A URL as it stands in a configuration. */
export interface UrlParts {
  /** `https://`, or nothing. */
  readonly scheme: string;
  /** Null for the host and port of the reference. */
  readonly host: string | null;
  /** `:5000`, or nothing. */
  readonly port: string;
  readonly path: string;
}

/** Host and port as a reference has them. */
export interface HostPort {
  readonly host: string;
  readonly port: string;
}

export function hostAndPort(text: string): HostPort {
  const [, host = text, port = ''] = /^(.*?)(:\d+)?$/.exec(text) ?? [];
  return { host, port };
}

/** The text of a URL for references to `own`. */
export function urlText({ scheme, host, port, path }: UrlParts, own: HostPort): string {
  return scheme + (host === null ? own.host + own.port : host + port) + path;
}

/** Somewhere that containerd may connect to. */
export interface Endpoint {
  readonly isTls: boolean;
  readonly host: string;
  readonly port: number;
}

export function endpointOf({ scheme, host, port }: UrlParts, own: HostPort): Endpoint {
  const isTls = scheme !== 'http://';
  const number = (host === null ? own.port : port).slice(1);
  return { isTls, host: host ?? own.host, port: number === '' ? (isTls ? 443 : 80) : Number(number) };
}

/** The address of a host, where a registry may listen on it. */
export function addressOf(host: string): string | undefined {
  const plain = host.toLowerCase().replaceAll(/^\[|\]$/g, '');
  const address = plain === 'localhost' ? '127.0.0.1' : isIP(plain) > 0 ? plain : names[plain];
  return address !== undefined && isOwnAddress(address) ? address : undefined;
}

/** The names of the name server that a text may lead to. */
export function namesIn(text: string): Readonly<Record<string, DnsAnswer>> {
  const small = text.toLowerCase();
  return Object.fromEntries(Object.entries(names).filter(([name]) => small.includes(name)));
}
