import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import type { KeyPair } from './certificates.ts';

/** A request as a server saw it. */
export interface ReceivedRequest {
  readonly scheme: 'http' | 'https';
  readonly method: string;
  /** The Host header. */
  readonly host: string;
  /** Path and query, as on the request line. */
  readonly target: string;
  /** All headers but Host, named as they were sent. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly authorization: string;
  readonly body: string;
}

/** What a server does with a request: an answer, none at all, an end of the connection, or something that is no HTTP. */
export type Reply =
  | {
      readonly kind: 'reply';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: Buffer;
    }
  | { readonly kind: 'silence' }
  | { readonly kind: 'close' }
  | { readonly kind: 'garbage' };

export interface ServerOptions {
  readonly address: string;
  readonly port: number;
  /** Plain HTTP is spoken. */
  readonly hasPlain: boolean;
  /** For HTTPS; undefined where that is not spoken. */
  readonly certificate: KeyPair | undefined;
  /** Who signs the certificates that clients have to show, in PEM; undefined where they need none. */
  readonly clientAuthority?: string | undefined;
  /** Each answer is the last on its connection. */
  readonly closesConnections?: boolean;
  /** Takes a connection over at its first byte. True where it did. */
  readonly intercept?: (socket: Socket) => boolean;
  readonly answer: (request: ReceivedRequest) => Reply | Promise<Reply>;
  /** A request in clear on a port of HTTPS, which is answered with 400. */
  readonly onPlainRequest?: (request: ReceivedRequest) => void;
}

/** A server that listens. */
export interface RunningServer {
  /** The one that was given to it where it was to listen on port 0. */
  readonly port: number;
  /** Stops listening and drops all connections. */
  close(): Promise<void>;
}

/** Starts a server that speaks HTTP, HTTPS or both on one port, and treats clients of the wrong protocol as Go's server does. */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const sockets = new Set<Socket>();
  const serve = connectionHandler(options);
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The client may go away at any time: that is its business.
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  await listen(server, options);
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound ? bound.port : options.port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function listen(server: TcpServer, { address, port }: ServerOptions): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
}

/** Hands a connection on by its first byte: a Go server notices, too, when it is spoken to in the wrong protocol. */
function connectionHandler(options: ServerOptions): (socket: Socket) => void {
  const plain = options.hasPlain
    ? createHttpServer({ keepAliveTimeout: 0 }, listener(options, 'http'))
    : undefined;
  const encrypted = options.certificate && createTlsServer(options, options.certificate);
  return (socket) => {
    if (options.intercept?.(socket)) return;
    socket.once('data', (first: Buffer) => {
      const isTlsClient = first[0] === 0x16;
      const server = isTlsClient ? encrypted : plain;
      if (server) {
        socket.pause();
        socket.unshift(first);
        server.emit('connection', socket);
        // A TLS server takes what was read already from the paused socket.
        if (!isTlsClient) socket.resume();
      } else if (isTlsClient) {
        socket.end(
          'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request',
        );
      } else {
        options.onPlainRequest?.(readPlainRequest(first.toString('latin1')));
        // Go net/http server.go conn.serve, badRequest of a request in clear on a TLS port
        socket.end('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
      }
    });
  };
}

function createTlsServer(options: ServerOptions, { certificate, key }: KeyPair): Server {
  const { clientAuthority } = options;
  const server = createHttpsServer(
    {
      keepAliveTimeout: 0,
      cert: certificate,
      key,
      // With TLS 1.3 a client learns at one time or another that its certificate was not enough.
      ...(clientAuthority !== undefined && { requestCert: true, ca: clientAuthority, maxVersion: 'TLSv1.2' }),
    },
    listener(options, 'https'),
  );
  return server.on('tlsClientError', (_, socket) => socket.destroy());
}

function listener(
  options: ServerOptions,
  scheme: ReceivedRequest['scheme'],
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => void answerRequest(request, response, options, scheme);
}

async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  { answer, closesConnections }: ServerOptions,
  scheme: ReceivedRequest['scheme'],
): Promise<void> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  const { method = '', url: target = '' } = request;
  const { authorization = '', host = '' } = request.headers;
  const headers = headerList(request.rawHeaders);
  const reply = await answer({ scheme, method, host, target, headers, authorization, body });
  if (closesConnections) response.setHeader('Connection', 'close');
  send(reply, request, response);
}

function headerList(raw: readonly string[]): readonly (readonly [string, string])[] {
  const pairs = raw.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : [],
  );
  return pairs.filter(([name]) => name.toLowerCase() !== 'host');
}

function send(reply: Reply, request: IncomingMessage, response: ServerResponse): void {
  switch (reply.kind) {
    case 'silence':
      return;
    case 'close':
      request.socket.destroy();
      return;
    case 'garbage':
      request.socket.end('this is no HTTP\r\n\r\n');
      return;
    case 'reply':
      response.writeHead(reply.status, { 'Content-Length': reply.body.length, ...reply.headers });
      response.end(request.method === 'HEAD' ? undefined : reply.body);
  }
}

function readPlainRequest(text: string): ReceivedRequest {
  const [head = ''] = text.split('\r\n\r\n');
  const [line = '', ...rest] = head.split('\r\n');
  const [method = '', target = ''] = line.split(' ');
  const all = rest.map((header): [string, string] => {
    const [name = '', ...value] = header.split(': ');
    return [name, value.join(': ')];
  });
  const [, host = ''] = all.find(([name]) => name === 'Host') ?? [];
  const [, authorization = ''] = all.find(([name]) => name === 'Authorization') ?? [];
  const headers = all.filter(([name]) => name !== 'Host');
  return { scheme: 'http', method, host, target, headers, authorization, body: '' };
}
