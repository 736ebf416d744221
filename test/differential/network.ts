import { STATUS_CODES } from 'node:http';
import { isIP } from 'node:net';
import type { TlsOptions } from '../../src/resolver/registryHost.ts';
import {
  TransportError,
  type RegistryRequest,
  type RegistryResponse,
  type Transport,
  type TransportErrorKind,
  type TransportOptions,
} from '../../src/resolver/transport.ts';
import type { SyntheticImage } from '../../src/proof/standIn/image.ts';
import { serverName, type SeenRequest } from '../support/registry.ts';
import type { Reply } from '../../src/proof/standIn/server.ts';
import { RegistryAnswers, type RegistryDouble } from '../support/registryRules.ts';
import { connectError, isOwnAddress, isSilentAddress, nameServer } from './addresses.ts';
import { placeholders, type Case } from './case.ts';

/** A request that is never answered: the pull hangs. */
export class Silence extends Error {
  override readonly name = 'Silence';
}

/** A request on its way. */
interface Sent {
  readonly request: RegistryRequest;
  readonly isTls: boolean;
  /** The Host header. */
  readonly host: string;
  readonly target: string;
}

/**
 * The network of a case without a network: the same registries answer the same, and what gets no answer fails in the words of
 * Go. Its `send` rejects with {@link Silence} where nothing would ever come.
 */
export class SimulatedNetwork implements Transport {
  readonly #case: Case;
  readonly #image: SyntheticImage;
  readonly #answers = new Map<RegistryDouble, RegistryAnswers>();
  /** What the registries saw, in order. */
  readonly seen: SeenRequest[] = [];

  constructor(given: Case, image: SyntheticImage) {
    this.#case = given;
    this.#image = image;
  }

  async send(request: RegistryRequest, { tls }: TransportOptions): Promise<RegistryResponse> {
    const [, scheme, host = '', target = ''] = /^(https?):\/\/([^/?]*)(.*)$/.exec(request.url) ?? [];
    const isTls = scheme === 'https';
    const { name, port } = splitHost(host, isTls ? 443 : 80);
    const server = this.#connect(name, port);
    // Go sends no empty port, and for an empty path a slash.
    const sent = {
      request,
      isTls,
      host: host.replace(/:$/, ''),
      target: target.startsWith('/') ? target : `/${target}`,
    };
    if (server.connection !== undefined) return meetFault(server.connection, isTls);
    if (!isTls && server.certificate) return this.#refusePlainRequest(server, sent);
    if (isTls && !server.certificate) {
      throw new TransportError('http-response', 'http: server gave HTTP response to HTTPS client');
    }
    if (server.certificate && tls) this.#shakeHands(server.certificate, name, tls);
    return this.#answer(server, sent);
  }

  #connect(name: string, port: number): RegistryDouble {
    if (port > 65_535) throw new TransportError('other', `dial tcp: address ${port}: invalid port`);
    const address = this.#lookUp(name);
    const server = this.#case.registries.find((double) => double.address === address && double.port === port);
    if (server) return server;
    const at = serverName({ address, port });
    if (isSilentAddress(address)) throw new Silence();
    const kind = isOwnAddress(address) ? 'refused' : 'other';
    throw new TransportError(kind, `dial tcp ${at}: connect: ${connectError(address)}`);
  }

  #lookUp(name: string): string {
    if (isIP(name) > 0) return name;
    if (name.toLowerCase() === 'localhost') return '127.0.0.1';
    const known = this.#case.names[name.toLowerCase()];
    if (known === 'silence') throw new Silence();
    if (known !== undefined && known !== 'server-failure') return known;
    const reason = known === undefined ? 'no such host' : 'server misbehaving';
    const kind = known === undefined ? 'no-such-host' : 'other';
    // Go net isDomainName: a name that cannot be one is not asked for.
    const server = /^[\w.-]+$/.test(name) ? ` on ${nameServer}:53` : '';
    throw new TransportError(kind, `dial tcp: lookup ${name}${server}: ${reason}`);
  }

  #shakeHands(certificate: NonNullable<RegistryDouble['certificate']>, name: string, tls: TlsOptions): void {
    const trustsPrivate = tls.ca.some((path) =>
      this.#case.files[path]?.includes(placeholders.privateAuthority),
    );
    const error = tls.skipVerify ? undefined : certificateError(certificate, name, trustsPrivate);
    if (error !== undefined) throw new TransportError('certificate', error);
    if (certificate.asksForClientCertificate === true && tls.client.length === 0) {
      throw new TransportError('other', 'remote error: tls: handshake failure');
    }
  }

  #answer(server: RegistryDouble, sent: Sent): RegistryResponse {
    const { request, target } = sent;
    const known = this.#answers.get(server) ?? new RegistryAnswers(server, this.#image);
    this.#answers.set(server, known);
    const authorization =
      request.header.find(({ name }) => name.toLowerCase() === 'authorization')?.values[0] ?? '';
    const reply = known.answer({ method: request.method, target, authorization });
    this.#see(server, sent, reply.kind === 'reply' ? String(reply.status) : reply.kind);
    return responseOf(reply, request.method);
  }

  #refusePlainRequest(server: RegistryDouble, sent: Sent): RegistryResponse {
    this.#see(server, sent, '400');
    const body = Buffer.from('Client sent an HTTP request to an HTTPS server.\n');
    return { status: 400, reason: 'Bad Request', header: [], body };
  }

  #see(server: RegistryDouble, { request, isTls, host, target }: Sent, answer: string): void {
    const { method, header, body = '' } = request;
    this.seen.push({
      server: serverName(server),
      scheme: isTls ? 'https' : 'http',
      method,
      host,
      target,
      headers: header.flatMap(({ name, values }) => values.map((value): [string, string] => [name, value])),
      body,
      answer,
    });
  }
}

function splitHost(host: string, defaultPort: number): { readonly name: string; readonly port: number } {
  const [, name = host, port = ''] = /^(.*?)(?::(\d*))?$/.exec(host) ?? [];
  return { name: name.replaceAll(/^\[|\]$/g, ''), port: port === '' ? defaultPort : Number(port) };
}

function meetFault(fault: NonNullable<RegistryDouble['connection']>, isTls: boolean): never {
  if (fault === 'silent') throw new Silence();
  if (fault === 'closed') throw new TransportError('eof', 'EOF');
  throw isTls
    ? new TransportError('other', 'tls: first record does not look like a TLS handshake')
    : brokenResponse('malformed HTTP status code "mail.test"');
}

function responseOf(reply: Reply, method: string): RegistryResponse {
  if (reply.kind === 'silence') throw new Silence();
  if (reply.kind === 'close') throw new TransportError('eof', 'EOF');
  if (reply.kind === 'garbage') throw brokenResponse('malformed HTTP status code "is"');
  const { status, headers, body } = reply;
  const all = { 'Content-Length': `${body.length}`, ...headers };
  return {
    status,
    reason: STATUS_CODES[status] ?? 'unknown',
    header: Object.entries(all).map(([name, value]) => ({ name, values: [value] })),
    body: method === 'HEAD' ? new Uint8Array() : body,
  };
}

function brokenResponse(reason: string, kind: TransportErrorKind = 'other'): TransportError {
  return new TransportError(kind, `net/http: HTTP/1.x transport connection broken: ${reason}`);
}

// Go crypto/x509 Certificate.Verify: validity, then the name, then the authority
function certificateError(
  { names, authority, expired }: NonNullable<RegistryDouble['certificate']>,
  name: string,
  trustsPrivate: boolean,
): string | undefined {
  if (expired === true) {
    return 'x509: certificate has expired or is not yet valid: current time <now> is after 2021-01-01T00:00:00Z';
  }
  const mismatch = nameError(names, name);
  if (mismatch !== undefined) return mismatch;
  const isTrusted = authority === 'system' || trustsPrivate;
  return isTrusted ? undefined : 'x509: certificate signed by unknown authority';
}

// Go crypto/x509 Certificate.VerifyHostname and HostnameError
function nameError(names: readonly string[], name: string): string | undefined {
  if (names.includes(name.toLowerCase())) return undefined;
  const addresses = names.filter((known) => isIP(known) > 0);
  const dnsNames = names.filter((known) => isIP(known) === 0);
  if (isIP(name) > 0) {
    return addresses.length === 0
      ? `x509: cannot validate certificate for ${name} because it doesn't contain any IP SANs`
      : `x509: certificate is valid for ${addresses.join(', ')}, not ${name}`;
  }
  return dnsNames.length === 0
    ? `x509: certificate is not valid for any names, but wanted to match ${name}`
    : `x509: certificate is valid for ${dnsNames.join(', ')}, not ${name}`;
}
