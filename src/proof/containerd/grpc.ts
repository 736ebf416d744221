import {
  connect,
  constants,
  type ClientHttp2Session,
  type ClientHttp2Stream,
  type IncomingHttpHeaders,
} from 'node:http2';
import { connect as connectSocket } from 'node:net';

/** The status codes of gRPC, by number. https://grpc.io/docs/guides/status-codes */
const grpcCodes = [
  'OK',
  'Canceled',
  'Unknown',
  'InvalidArgument',
  'DeadlineExceeded',
  'NotFound',
  'AlreadyExists',
  'PermissionDenied',
  'ResourceExhausted',
  'FailedPrecondition',
  'Aborted',
  'OutOfRange',
  'Unimplemented',
  'Internal',
  'Unavailable',
  'DataLoss',
  'Unauthenticated',
] as const;

export type GrpcCode = (typeof grpcCodes)[number];

/** A call that did not succeed. The message is the server's own text. */
export class GrpcError extends Error {
  override readonly name = 'GrpcError';
  readonly code: GrpcCode;

  constructor(code: GrpcCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** No answer may be larger than that, in bytes: a server that is out of its mind must not fill the memory. */
const largestMessage = 16 * 1024 * 1024;

/** How long after the deadline the server's own error is waited for, in milliseconds: it names the request that was under way. */
const graceAfterDeadline = 1000;

/** A gRPC client for unary calls over a Unix socket. Calls may overlap. */
export class GrpcConnection {
  readonly #session: ClientHttp2Session;
  #failure: Error | undefined;

  constructor(socketPath: string) {
    this.#session = connect('http://localhost', { createConnection: () => connectSocket(socketPath) });
    // Each call under way gets an error of its own; later ones name this one as their cause.
    this.#session.on('error', (error: Error) => {
      this.#failure = error;
    });
  }

  /**
   * Sends a message to a method (`/runtime.v1.RuntimeService/Version`) and waits for the answer, for at most `deadline`
   * milliseconds.
   *
   * @throws GrpcError
   */
  async call(method: string, message: Uint8Array, deadline: number): Promise<Uint8Array> {
    if (this.#session.closed || this.#session.destroyed) {
      throw new GrpcError('Unavailable', 'the connection is closed', { cause: this.#failure });
    }
    const stream = this.#session.request({
      ':method': 'POST',
      ':path': method,
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': `${Math.ceil(deadline)}m`,
    });
    const start = performance.now();
    const timer = setTimeout(() => stream.close(constants.NGHTTP2_CANCEL), deadline + graceAfterDeadline);
    try {
      stream.end(frame(message));
      return await readAnswer(stream);
    } catch (error) {
      if (error instanceof GrpcError && error.code !== 'Unavailable') throw error;
      const reason = error instanceof Error ? error.message : String(error);
      // Some servers answer a late call, some end it without a word.
      const isLate = performance.now() - start >= deadline;
      if (isLate) throw new GrpcError('DeadlineExceeded', 'no answer before the deadline', { cause: error });
      throw new GrpcError('Unavailable', reason, { cause: error });
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends the connection; calls under way fail. */
  close(): void {
    this.#session.destroy();
  }
}

/** A message with its head: not compressed, and its length. */
function frame(message: Uint8Array): Uint8Array {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

async function readAnswer(stream: ClientHttp2Stream): Promise<Uint8Array> {
  let headers: IncomingHttpHeaders = {};
  let trailers: IncomingHttpHeaders | undefined;
  stream.on('response', (received) => {
    headers = received;
  });
  stream.on('trailers', (received: IncomingHttpHeaders) => {
    trailers = received;
  });
  const body = await readBody(stream);
  // An answer without a body has its status among the headers.
  const { 'grpc-status': status, 'grpc-message': message } = trailers ?? headers;
  if (status === undefined) {
    const isAnswer = headers[':status'] !== undefined;
    throw new GrpcError(
      'Unavailable',
      isAnswer ? 'the answer is none of gRPC' : 'the connection ended before an answer',
    );
  }
  const code = grpcCodes[Number(status)] ?? 'Unknown';
  if (code !== 'OK') throw new GrpcError(code, decodePercent(typeof message === 'string' ? message : ''));
  return unframe(body);
}

async function readBody(stream: ClientHttp2Stream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    if (!Buffer.isBuffer(chunk)) continue;
    length += chunk.length;
    if (length > largestMessage) throw new GrpcError('ResourceExhausted', 'the answer is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function unframe(body: Buffer): Uint8Array {
  if (body.length < 5 || body[0] !== 0 || body.readUInt32BE(1) !== body.length - 5) {
    throw new GrpcError('Internal', 'the answer is not one uncompressed message');
  }
  return body.subarray(5);
}

/** Undoes the percent encoding of status messages, byte by byte: it may stop in the middle of a character. */
function decodePercent(text: string): string {
  const bytes = text.replaceAll(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(parseInt(hex, 16)),
  );
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
