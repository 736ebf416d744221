import { connect, type Socket } from 'node:net';
import { TransportError, type TransportErrorKind } from '../resolver/transport.ts';

export interface Address {
  /** Name or address, IPv6 without brackets. */
  readonly host: string;
  readonly port: number;
}

/** Connects, unless an abort comes first. Rejects with {@link TransportError} in the words of Go, which cannot know the name server that was asked. */
// Go net Dialer.DialContext
export function dial({ host, port }: Address, timeout: number, signal?: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port });
    let tried: string | undefined;
    const timer = setTimeout(() => {
      settle();
      socket.destroy();
      const where = tried === undefined ? `: lookup ${host}` : ` ${tried}`;
      reject(new TransportError('timeout', `dial tcp${where}: i/o timeout`));
    }, timeout);
    socket.on('connectionAttempt', (ip: string) => {
      tried ??= printAddress(ip, port);
    });
    // Not by the option of connect: that keeps its listener as long as the signal lives.
    const abort = (): void => void socket.destroy(new Error('the connection was given up'));
    signal?.addEventListener('abort', abort);
    if (signal?.aborted === true) abort();
    const settle = (): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    socket.once('connect', () => {
      settle();
      socket.removeAllListeners('error');
      // Whoever uses the socket listens for itself.
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
    socket.once('error', (error) => {
      settle();
      reject(dialError(error, host, tried ?? printAddress(host, port)));
    });
  });
}

// Go syscall errors
const connectErrors: ReadonlyMap<string, readonly [TransportErrorKind, string]> = new Map([
  ['ECONNREFUSED', ['refused', 'connection refused']],
  ['EHOSTUNREACH', ['other', 'no route to host']],
  ['ENETUNREACH', ['other', 'network is unreachable']],
  ['ETIMEDOUT', ['connect-timeout', 'connection timed out']],
  ['ECONNRESET', ['other', 'connection reset by peer']],
  ['EACCES', ['other', 'permission denied']],
  ['EADDRNOTAVAIL', ['other', 'cannot assign requested address']],
]);

function dialError(error: Error, host: string, address: string): TransportError {
  const first = error instanceof AggregateError ? asError(error.errors[0]) : error;
  const code = codeOf(first);
  if (code === 'ENOTFOUND') {
    return new TransportError('no-such-host', `dial tcp: lookup ${host}: no such host`, { cause: error });
  }
  if (code === 'EAI_AGAIN') {
    return new TransportError('other', `dial tcp: lookup ${host}: server misbehaving`, { cause: error });
  }
  const [kind, words] = connectErrors.get(code) ?? ['other', first.message];
  return new TransportError(kind, `dial tcp ${address}: connect: ${words}`, { cause: error });
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** The code that Node.js gives an error of the system; empty where there is none. */
export function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function printAddress(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
