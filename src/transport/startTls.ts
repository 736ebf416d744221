import { isIP, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import * as tls from 'node:tls';
import type { TlsOptions } from '../resolver/registryHost.ts';
import { TransportError } from '../resolver/transport.ts';
import { certificateError } from './certificateError.ts';
import { codeOf } from './dial.ts';

/**
 * Speaks TLS on a connection. Resolves when the certificate of the server was found good, or need not be. Rejects with
 * {@link TransportError} in the words of Go.
 */
// Go crypto/tls Conn.Handshake
export async function startTls(
  socket: Socket,
  host: string,
  options: TlsOptions,
  timeout: number,
  readFile: (path: string) => string,
): Promise<Duplex> {
  const connection = new TappedConnection(socket);
  const secured = start(connection, host, options, readFile);
  await handshake(secured, connection, timeout);
  const error = options.skipVerify ? undefined : certificateError(secured, host, new Date());
  if (error !== undefined) {
    secured.destroy();
    throw new TransportError('certificate', error);
  }
  return secured;
}

/** A file that cannot be read or used is an error of the connection too; containerd finds it before. */
function start(
  socket: Duplex,
  host: string,
  options: TlsOptions,
  readFile: (path: string) => string,
): tls.TLSSocket {
  try {
    return tls.connect({
      socket,
      ...(isIP(host) === 0 && { servername: host }),
      ca: authorities(options, readFile),
      ...clientCertificate(options, readFile),
      // Judged later, in the order in which Go does.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      ALPNProtocols: [],
    });
  } catch (error) {
    throw new TransportError('other', error instanceof Error ? error.message : String(error), {
      cause: error,
    });
  }
}

function authorities({ ca }: TlsOptions, readFile: (path: string) => string): string[] {
  const system = 'getCACertificates' in tls ? tls.getCACertificates('system') : [];
  const own = ca.map((path) => readFile(path));
  return [...(system.length > 0 ? system : tls.rootCertificates), ...own];
}

/** Go offers the certificate that the server's request fits; here it is the last one of several. */
function clientCertificate(
  { client }: TlsOptions,
  readFile: (path: string) => string,
): Pick<tls.ConnectionOptions, 'cert' | 'key'> {
  const pair = client.at(-1);
  return pair ? { cert: readFile(pair.cert), key: readFile(pair.key ?? pair.cert) } : {};
}

/** A connection that keeps the first bytes that it received: a TLS socket does not show them. */
class TappedConnection extends Duplex {
  readonly #socket: Socket;
  first: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on('data', (chunk) => {
      if (this.first.length < recordHeaderLength) this.first = Buffer.concat([this.first, chunk]);
      if (!this.push(chunk)) socket.pause();
    });
    socket.once('end', () => this.push(null));
    socket.once('close', () => this.destroy());
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: () => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}

const recordHeaderLength = 5;

function handshake(secured: tls.TLSSocket, connection: TappedConnection, timeout: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      secured.destroy();
      reject(new TransportError('handshake-timeout', 'net/http: TLS handshake timeout'));
    }, timeout);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      reject(handshakeError(error, connection.first));
    };
    secured.once('secureConnect', () => {
      clearTimeout(timer);
      secured.off('error', fail);
      secured.on('error', () => secured.destroy());
      resolve();
    });
    secured.once('error', fail);
    secured.once('close', () => fail(new Error('the connection was closed')));
  });
}

// Go crypto/tls alert.go
const alerts: ReadonlyMap<string, string> = new Map([
  ['BAD_CERTIFICATE', 'bad certificate'],
  ['CERTIFICATE_REQUIRED', 'certificate required'],
  ['CERTIFICATE_UNKNOWN', 'unknown certificate'],
  ['CERTIFICATE_EXPIRED', 'expired certificate'],
  ['UNKNOWN_CA', 'unknown certificate authority'],
  ['HANDSHAKE_FAILURE', 'handshake failure'],
  ['PROTOCOL_VERSION', 'protocol version not supported'],
  ['UNRECOGNIZED_NAME', 'unrecognized name'],
  ['INTERNAL_ERROR', 'internal error'],
  ['ACCESS_DENIED', 'access denied'],
]);

/** Go's words for what the server found wrong with the client; undefined for another error. */
export function alertText(error: Error): string | undefined {
  const alert = [...alerts].find(([name]) => codeOf(error).includes(`ALERT_${name}`));
  return alert && `remote error: tls: ${alert[1]}`;
}

/** Why a handshake failed, by the error of Node.js and the first bytes that the server sent. */
// Go crypto/tls conn.go readRecordOrCCS, net/http transport.go dialConn
function handshakeError(error: Error, first: Buffer): TransportError {
  const fail = (text: string): TransportError => new TransportError('other', text, { cause: error });
  if (first.toString('latin1', 0, recordHeaderLength) === 'HTTP/') {
    const text = 'http: server gave HTTP response to HTTPS client';
    return new TransportError('http-response', text, { cause: error });
  }
  if (first.length > 0 && !isTlsRecord(first))
    return fail('tls: first record does not look like a TLS handshake');
  const alert = alertText(error);
  if (alert !== undefined) return fail(alert);
  if (codeOf(error).startsWith('ERR_SSL_')) return fail(`tls: ${error.message}`);
  return new TransportError('eof', 'EOF', { cause: error });
}

/** True for the start of an alert or a handshake of a version that exists. */
function isTlsRecord([type = 0, version = 0]: Buffer): boolean {
  return (type === 21 || type === 22) && version < 16;
}
