import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net';
import type { KeyPair } from './certificates.ts';
import type { TestImage } from './image.ts';
import { RegistryAnswers, type RegistryDouble, type Reply } from './registryRules.ts';

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
  readonly image: TestImage;
  /** Undefined for plain HTTP. */
  readonly certificate: KeyPair | undefined;
  /** Who signs the certificates of clients, in PEM. */
  readonly clientAuthority: string;
  readonly onRequest: (request: SeenRequest) => void;
}

/** A registry double that listens. */
export interface RunningRegistry {
  /** Stops listening and drops all connections. */
  close(): Promise<void>;
}

/** Starts a registry double where its definition says. */
export async function startRegistry(
  double: RegistryDouble,
  options: RegistryOptions,
): Promise<RunningRegistry> {
  const sockets = new Set<Socket>();
  const serve = connectionHandler(double, options);
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // The client may go away at any time: that is its business.
    socket.on('error', () => socket.destroy());
    serve(socket);
  });
  await listen(server, double);
  return {
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

async function listen(server: TcpServer, { address, port }: RegistryDouble): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, resolve);
  });
}

function connectionHandler(double: RegistryDouble, options: RegistryOptions): (socket: Socket) => void {
  const { connection } = double;
  if (connection === undefined) return protocolHandler(double, options);
  return (socket) => {
    // Closed with something unread, a connection would be reset at times, and at its end at others.
    socket.once('data', () => {
      if (connection === 'closed') socket.end();
      if (connection === 'other-protocol') socket.end('220 mail.test ESMTP ready\r\n');
    });
  };
}

/** Hands a connection on by its first byte: a Go server notices, too, when it is spoken to in the wrong protocol. */
function protocolHandler(double: RegistryDouble, options: RegistryOptions): (socket: Socket) => void {
  const server = createRegistryServer(double, options);
  const isTlsServer = double.certificate !== undefined;
  return (socket) => {
    socket.once('data', (first: Buffer) => {
      const isTlsClient = first[0] === 0x16;
      if (isTlsServer && !isTlsClient) {
        logPlainRequest(first.toString('latin1'), double, options);
        // Go net/http server.go conn.serve, badRequest of a request in clear on a TLS port
        socket.end('HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n');
      } else if (!isTlsServer && isTlsClient) {
        socket.end(
          'HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request',
        );
      } else {
        socket.pause();
        socket.unshift(first);
        server.emit('connection', socket);
        // A TLS server takes what was read already from the paused socket.
        if (!isTlsServer) socket.resume();
      }
    });
  };
}

function createRegistryServer(double: RegistryDouble, options: RegistryOptions): Server {
  const answers = new RegistryAnswers(double, options.image);
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    void answerRequest(request, response, double, options, answers);
  };
  const { certificate, clientAuthority } = options;
  if (!certificate) return createHttpServer({ keepAliveTimeout: 0 }, listener);
  const needsClient = double.certificate?.asksForClientCertificate === true;
  const server = createHttpsServer(
    {
      keepAliveTimeout: 0,
      cert: certificate.certificate,
      key: certificate.key,
      // With TLS 1.3 a client learns at one time or another that its certificate was not enough.
      ...(needsClient && { requestCert: true, ca: clientAuthority, maxVersion: 'TLSv1.2' }),
    },
    listener,
  );
  return server.on('tlsClientError', (_, socket) => socket.destroy());
}

async function answerRequest(
  request: IncomingMessage,
  response: ServerResponse,
  double: RegistryDouble,
  { onRequest }: RegistryOptions,
  answers: RegistryAnswers,
): Promise<void> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  const { method = '', url: target = '' } = request;
  const { authorization = '', host = '' } = request.headers;
  const reply = answers.answer({ method, target, authorization });
  onRequest({
    server: serverName(double),
    scheme: double.certificate ? 'https' : 'http',
    method,
    host,
    target,
    headers: headerList(request.rawHeaders),
    body,
    answer: reply.kind === 'reply' ? String(reply.status) : reply.kind,
  });
  // A client asks once more where a connection that it had used before is closed: here each request has one of its own.
  if (double.rules?.some(({ answer }) => answer.kind === 'close' || answer.kind === 'garbage')) {
    response.setHeader('Connection', 'close');
  }
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

function logPlainRequest(text: string, double: RegistryDouble, { onRequest }: RegistryOptions): void {
  const [head = ''] = text.split('\r\n\r\n');
  const [line = '', ...rest] = head.split('\r\n');
  const [method = '', target = ''] = line.split(' ');
  const headers = rest.map((header): [string, string] => {
    const [name = '', ...value] = header.split(': ');
    return [name, value.join(': ')];
  });
  const [, host = ''] = headers.find(([name]) => name === 'Host') ?? [];
  onRequest({
    server: serverName(double),
    scheme: 'http',
    method,
    host,
    target,
    headers: headers.filter(([name]) => name !== 'Host'),
    body: '',
    answer: '400',
  });
}

/** Address and port, as a URL has them. */
export function serverName({ address, port }: Pick<RegistryDouble, 'address' | 'port'>): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}
