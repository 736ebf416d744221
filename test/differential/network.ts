import { isIP } from 'node:net';
import type { TestImage } from '../support/image.ts';
import { serverName } from '../support/registry.ts';
import { RegistryAnswers, type RegistryDouble, type Reply } from '../support/registryRules.ts';
import type { Case } from './case.ts';
import { nameServer } from './addresses.ts';

/** Whom a client trusts, and what it shows. */
export interface ClientTls {
  readonly skipVerify: boolean;
  readonly trustsPrivateAuthority: boolean;
  readonly hasCertificate: boolean;
}

/** A request into the network of a case. */
export interface NetworkRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Host and port as the URL has them. */
  readonly host: string;
  readonly target: string;
  readonly authorization: string;
  readonly tls: ClientTls;
}

export type NetworkResult =
  | { readonly kind: 'reply'; readonly reply: Reply; readonly isSeen: true }
  /** The client fails with Go's text, or never hears anything. A server of the other protocol may have seen the request. */
  | { readonly kind: 'error'; readonly error: string; readonly isSeen: boolean }
  | { readonly kind: 'silence'; readonly isSeen: boolean };

/** The network of a case without a network: what a Go client would meet there, and in which words. */
export class SimulatedNetwork {
  readonly #case: Case;
  readonly #image: TestImage;
  readonly #answers = new Map<RegistryDouble, RegistryAnswers>();

  constructor(given: Case, image: TestImage) {
    this.#case = given;
    this.#image = image;
  }

  send(request: NetworkRequest): NetworkResult {
    const { scheme, host } = request;
    const { name, port } = splitHost(host, scheme === 'https' ? 443 : 80);
    const address = this.#lookUp(name);
    if ('failure' in address) return address.failure;
    const server = this.#case.registries.find((double) => double.address === address.found && double.port === port);
    const at = serverName({ address: address.found, port });
    if (!server) return connectionFailure(address.found, at);
    return this.#talk(server, request, name);
  }

  #lookUp(name: string): { readonly found: string } | { readonly failure: NetworkResult } {
    if (isIP(name) > 0) return { found: name };
    if (name.toLowerCase() === 'localhost') return { found: '127.0.0.1' };
    const known = this.#case.names[name.toLowerCase()];
    if (known === 'silence') return { failure: { kind: 'silence', isSeen: false } };
    if (known !== undefined && known !== 'server-failure') return { found: known };
    const reason = known === undefined ? 'no such host' : 'server misbehaving';
    return { failure: failure(`dial tcp: lookup ${name} on ${nameServer}:53: ${reason}`) };
  }

  #talk(server: RegistryDouble, request: NetworkRequest, name: string): NetworkResult {
    const { scheme, tls } = request;
    if (server.connection === 'silent') return { kind: 'silence', isSeen: false };
    if (server.connection === 'closed') return failure('EOF');
    if (server.connection === 'other-protocol') {
      return scheme === 'https'
        ? failure('tls: first record does not look like a TLS handshake')
        : failure('net/http: HTTP/1.x transport connection broken: malformed HTTP response "220 mail.test ESMTP ready"');
    }
    if (scheme === 'http' && server.certificate) {
      const body = Buffer.from('Client sent an HTTP request to an HTTPS server.\n');
      return { kind: 'reply', reply: { kind: 'reply', status: 400, headers: {}, body }, isSeen: true };
    }
    if (scheme === 'https' && !server.certificate) return failure('http: server gave HTTP response to HTTPS client');
    const distrust = server.certificate && certificateError(server.certificate, name, tls);
    if (distrust !== undefined) return failure(distrust);
    return { kind: 'reply', reply: this.#answersOf(server).answer(request), isSeen: true };
  }

  #answersOf(server: RegistryDouble): RegistryAnswers {
    const known = this.#answers.get(server) ?? new RegistryAnswers(server, this.#image);
    this.#answers.set(server, known);
    return known;
  }
}

function failure(error: string): NetworkResult {
  return { kind: 'error', error, isSeen: false };
}

function splitHost(host: string, defaultPort: number): { readonly name: string; readonly port: number } {
  const [, name = host, port = ''] = /^(.*?)(?::(\d*))?$/.exec(host) ?? [];
  return { name: name.replaceAll(/^\[|\]$/g, ''), port: port === '' ? defaultPort : Number(port) };
}

function connectionFailure(address: string, at: string): NetworkResult {
  if (address.startsWith('10.11.')) return { kind: 'silence', isSeen: false };
  const isOwn = /^(?:10\.10\.|10\.96\.|198\.51\.100\.|127\.|fd00:10:|::1$)/.test(address);
  const reason = isOwn ? 'connection refused' : address.startsWith('10.12.') ? 'no route to host' : 'network is unreachable';
  return failure(`dial tcp ${at}: connect: ${reason}`);
}

// Go crypto/x509 Certificate.Verify: validity, then the name, then the authority
function certificateError(
  { names, authority, expired, asksForClientCertificate }: NonNullable<RegistryDouble['certificate']>,
  name: string,
  { skipVerify, trustsPrivateAuthority, hasCertificate }: ClientTls,
): string | undefined {
  if (!skipVerify) {
    if (expired === true) {
      return 'x509: certificate has expired or is not yet valid: current time <now> is after 2021-01-01T00:00:00Z';
    }
    const mismatch = nameError(names, name);
    if (mismatch !== undefined) return mismatch;
    if (authority === 'private' && !trustsPrivateAuthority) return 'x509: certificate signed by unknown authority';
  }
  return asksForClientCertificate === true && !hasCertificate ? 'remote error: tls: certificate required' : undefined;
}

// Go crypto/x509 Certificate.VerifyHostname and HostnameError
function nameError(names: readonly string[], name: string): string | undefined {
  if (names.includes(name.toLowerCase())) return undefined;
  if (isIP(name) > 0) {
    const addresses = names.filter((known) => isIP(known) > 0);
    return addresses.length === 0
      ? `x509: cannot validate certificate for ${name} because it doesn't contain any IP SANs`
      : `x509: certificate is valid for ${addresses.join(', ')}, not ${name}`;
  }
  const dnsNames = names.filter((known) => isIP(known) === 0);
  if (names.length === 0) return 'x509: certificate relies on legacy Common Name field, use SANs instead';
  return dnsNames.length === 0
    ? `x509: certificate is not valid for any names, but wanted to match ${name}`
    : `x509: certificate is valid for ${dnsNames.join(', ')}, not ${name}`;
}
