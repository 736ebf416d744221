import type { HeaderField } from '../hosts/hostsFile.ts';
import type { TlsOptions } from './registryHost.ts';

/** A request as it goes over the wire. */
export interface RegistryRequest {
  readonly method: 'HEAD' | 'GET' | 'POST';
  readonly url: string;
  /** In the order of their names; `Host` and `Content-Length` apart. */
  readonly header: readonly HeaderField[];
  /** The form of a request for a token. */
  readonly body?: string | undefined;
}

export interface RegistryResponse {
  readonly status: number;
  /** What follows the status on the first line: `Not Found`. */
  readonly reason: string;
  readonly header: readonly HeaderField[];
  /** Without its content coding. Empty after HEAD. */
  readonly body: Uint8Array;
}

/** How a connection is made. All times are in milliseconds. */
export interface TransportOptions {
  /** Null for plain HTTP. */
  readonly tls: TlsOptions | null;
  readonly dialTimeout: number;
  readonly handshakeTimeout: number;
  /** Absent where a response may take as long as it likes. */
  readonly responseHeaderTimeout?: number | undefined;
}

/** What makes a request and brings its answer. It follows no redirect, and sends a request once. */
export interface Transport {
  /** Rejects with {@link TransportError} where there is no answer, and with nothing else. */
  send(request: RegistryRequest, options: TransportOptions): Promise<RegistryResponse>;
}

/**
 * Why a request got no answer. `timeout` is the time limit of a dial or a look-up, `connect-timeout` that of the system.
 * `http-response`: a TLS client hears HTTP. `eof`: the server hung up.
 */
export type TransportErrorKind =
  | 'refused'
  | 'timeout'
  | 'connect-timeout'
  | 'handshake-timeout'
  | 'header-timeout'
  | 'no-such-host'
  | 'certificate'
  | 'http-response'
  | 'eof'
  | 'other';

/** A request got no answer. The message is Go's: `dial tcp 10.0.0.1:5000: connect: connection refused`. */
export class TransportError extends Error {
  override readonly name = 'TransportError';
  readonly kind: TransportErrorKind;

  /** The text about a certificate begins with `x509: `. */
  constructor(kind: TransportErrorKind, text: string, options?: ErrorOptions) {
    super(text, options);
    this.kind = kind;
  }
}
