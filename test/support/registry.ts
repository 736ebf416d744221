import type { Socket } from 'node:net';
import type { KeyPair } from '../../src/proof/standIn/certificates.ts';
import type { SyntheticImage } from '../../src/proof/standIn/image.ts';
import { startServer, type ReceivedRequest, type RunningServer } from '../../src/proof/standIn/server.ts';
import { RegistryAnswers, type RegistryDouble } from './registryRules.ts';

/** A request that a registry double saw, and what it answered. */
export interface SeenRequest {
  /** Address and port of the double. */
  readonly server: string;
  readonly scheme: 'http' | 'https';
  readonly method: string;
  /** The Host header. */
  readonly host: string;
  /** Path and query, as on the request line. */
  readonly target: string;
  /** All headers but Host, named as they were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** The status, or the fault. */
  readonly answer: string;
}

export interface RegistryOptions {
  readonly image: SyntheticImage;
  /** Undefined for plain HTTP. */
  readonly certificate: KeyPair | undefined;
  /** Who signs the certificates of clients, in PEM. */
  readonly clientAuthority: string;
  readonly onRequest: (request: SeenRequest) => void;
}

/** Starts a registry double where its definition says. */
export function startRegistry(
  double: RegistryDouble,
  { image, certificate, clientAuthority, onRequest }: RegistryOptions,
): Promise<RunningServer> {
  const answers = new RegistryAnswers(double, image);
  const needsClient = double.certificate?.asksForClientCertificate === true;
  return startServer({
    address: double.address,
    port: double.port,
    hasPlain: double.certificate === undefined,
    certificate: double.certificate && certificate,
    clientAuthority: needsClient ? clientAuthority : undefined,
    // A client asks once more where a connection that it had used before is closed: here each request has one of its own.
    closesConnections:
      double.rules?.some(({ answer }) => answer.kind === 'close' || answer.kind === 'garbage') ?? false,
    intercept: (socket) => intercept(socket, double),
    answer: (request) => {
      const reply = answers.answer(request);
      onRequest(describe(request, double, reply.kind === 'reply' ? String(reply.status) : reply.kind));
      return reply;
    },
    onPlainRequest: (request) => onRequest(describe(request, double, '400')),
  });
}

function intercept(socket: Socket, { connection }: RegistryDouble): boolean {
  if (connection === undefined) return false;
  // Closed with something unread, a connection would be reset at times, and at its end at others.
  socket.once('data', () => {
    if (connection === 'closed') socket.end();
    if (connection === 'other-protocol') socket.end('220 mail.test ESMTP ready\r\n');
  });
  return true;
}

function describe(request: ReceivedRequest, double: RegistryDouble, answer: string): SeenRequest {
  const { authorization: _, ...seen } = request;
  return { server: serverName(double), ...seen, answer };
}

/** Address and port, as a URL has them. */
export function serverName({ address, port }: Pick<RegistryDouble, 'address' | 'port'>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
