import { readFileSync } from 'node:fs';
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { splitHostPort } from '../hosts/goText.ts';
import {
  TransportError,
  type RegistryRequest,
  type RegistryResponse,
  type Transport,
  type TransportOptions,
} from '../resolver/transport.ts';
import { decodeContent } from './contentCoding.ts';
import { dial, type Address } from './dial.ts';
import { responseError } from './responseError.ts';
import { startTls } from './startTls.ts';

export interface HttpsTransportOptions {
  /** Reads a certificate or key of the node. Files are read from this machine where it is absent. */
  readonly readFile?: ((path: string) => string) | undefined;
  /** Addresses that the node knows besides those of DNS, by name. */
  readonly addresses?: Pick<ReadonlyMap<string, string>, 'get'> | undefined;
  /** In bytes; a longer answer is an error. 8 MiB where it is absent. */
  readonly maxBodyLength?: number | undefined;
  /** How long an answer may take once there is a connection, in milliseconds; containerd may wait on for ever. A minute where it is absent. */
  readonly patience?: number | undefined;
  /** Ends all that is under way. */
  readonly signal?: AbortSignal | undefined;
}

const defaultPatience = 60_000;
const defaultMaxBodyLength = 8 * 1024 * 1024;

/**
 * Makes requests over the network, each on a connection of its own, with the errors that a Go client would have. Nothing is
 * sent before the certificate of the server was found good. Proxies are not used.
 */
export class HttpsTransport implements Transport {
  readonly #readFile: (path: string) => string;
  readonly #addresses: Pick<ReadonlyMap<string, string>, 'get'>;
  readonly #maxBodyLength: number;
  readonly #patience: number;
  readonly #signal: AbortSignal | undefined;

  constructor({ readFile, addresses, maxBodyLength, patience, signal }: HttpsTransportOptions = {}) {
    this.#readFile = readFile ?? ((path) => readFileSync(path, 'utf8'));
    this.#addresses = addresses ?? new Map<string, string>();
    this.#maxBodyLength = maxBodyLength ?? defaultMaxBodyLength;
    this.#patience = patience ?? defaultPatience;
    this.#signal = signal;
  }

  async send(request: RegistryRequest, options: TransportOptions): Promise<RegistryResponse> {
    const { address, authority, target } = parseUrl(request.url, options);
    const socket = await dial(this.#resolve(address), options.dialTimeout, this.#signal);
    let isOver = false;
    const timer = setTimeout(() => {
      isOver = true;
      socket.destroy();
    }, this.#patience);
    const abort = (): void => void socket.destroy();
    this.#signal?.addEventListener('abort', abort);
    try {
      const stream = options.tls
        ? await startTls(socket, address.host, options.tls, options.handshakeTimeout, this.#readFile)
        : socket;
      const ends = `${socket.localAddress}:${socket.localPort}->${socket.remoteAddress}:${socket.remotePort}`;
      return await exchange(stream, {
        ends,
        request,
        authority,
        target,
        options,
        maxBodyLength: this.#maxBodyLength,
      });
    } catch (error) {
      if (!isOver) throw error;
      const text = `no answer within ${this.#patience} ms, where containerd may wait for ever`;
      throw new TransportError('other', text, { cause: error });
    } finally {
      clearTimeout(timer);
      this.#signal?.removeEventListener('abort', abort);
      socket.destroy();
    }
  }

  #resolve({ host, port }: Address): Address {
    return { host: this.#addresses.get(host) ?? host, port };
  }
}

interface Target {
  readonly address: Address;
  /** Host and port as the URL has them. */
  readonly authority: string;
  /** Path and query. */
  readonly target: string;
}

function parseUrl(url: string, { tls }: TransportOptions): Target {
  const [, authority = '', rest = ''] = /^https?:\/\/([^/?]*)([^]*)$/.exec(url) ?? [];
  const { host, port } = splitHostPort(authority) ?? { host: authority, port: '' };
  const address = {
    host: host.replaceAll(/^\[|\]$/g, ''),
    port: port === '' ? (tls ? 443 : 80) : Number(port),
  };
  if (address.port > 65_535) throw new TransportError('other', `dial tcp: address ${port}: invalid port`);
  return { address, authority, target: rest.startsWith('/') ? rest : `/${rest}` };
}

interface Exchange {
  /** The addresses of the connection, as Go prints them. */
  readonly ends: string;
  readonly request: RegistryRequest;
  readonly authority: string;
  readonly target: string;
  readonly options: TransportOptions;
  readonly maxBodyLength: number;
}

/** Sends a request on a connection and reads the answer. */
async function exchange(stream: Duplex, given: Exchange): Promise<RegistryResponse> {
  const response = await head(stream, given);
  const { method } = given.request;
  const { statusCode = 0, statusMessage = '', rawHeaders } = response;
  const header = pairs(rawHeaders).map(([name, value]) => ({ name, values: [value] }));
  const raw = method === 'HEAD' ? Buffer.alloc(0) : await readBody(response, given.maxBodyLength);
  const body = decodeContent(raw, response.headers['content-encoding'], given.maxBodyLength);
  return { status: statusCode, reason: statusMessage, header, body };
}

function head(stream: Duplex, given: Exchange): Promise<IncomingMessage> {
  const { responseHeaderTimeout } = given.options;
  return new Promise((resolve, reject) => {
    const timer =
      responseHeaderTimeout === undefined
        ? undefined
        : setTimeout(() => {
            reject(new TransportError('header-timeout', 'net/http: timeout awaiting response headers'));
          }, responseHeaderTimeout);
    const settle = (): void => clearTimeout(timer);
    try {
      const sent = start(stream, given);
      sent.once('response', (response) => {
        settle();
        resolve(response);
      });
      sent.once('error', (error) => {
        settle();
        reject(responseError(error, given.ends));
      });
    } catch (error) {
      settle();
      // What Node.js refuses to write: characters in a path that Go would not let through either.
      reject(
        new TransportError('other', error instanceof Error ? error.message : String(error), { cause: error }),
      );
    }
  });
}

function start(stream: Duplex, { request, authority, target }: Exchange): ClientRequest {
  const { method, header, body } = request;
  const fields = [
    ['Host', authority],
    ...header.flatMap(({ name, values }) => values.map((value) => [name, asLatin1(value)])),
    ...(body === undefined ? [] : [['Content-Length', `${Buffer.byteLength(body)}`]]),
  ];
  const sent = httpRequest({
    method,
    path: target,
    headers: fields.flat(),
    // Without an agent, which would make a connection of its own.
    createConnection: () => stream,
  });
  sent.end(body);
  return sent;
}

/** Bytes of UTF-8 as characters, which is how Node.js takes them. */
function asLatin1(value: string): string {
  return Buffer.from(value, 'utf8').toString('latin1');
}

function pairs(raw: readonly string[]): readonly (readonly [string, string])[] {
  return raw.flatMap((name, index): [string, string][] =>
    index % 2 === 0 ? [[name, raw[index + 1] ?? '']] : [],
  );
}

async function readBody(response: IncomingMessage, maxLength: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    for await (const chunk of response as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxLength)
        throw new TransportError('other', `the answer is longer than ${maxLength} bytes`);
    }
  } catch (error) {
    if (error instanceof TransportError) throw error;
    throw new TransportError('eof', 'unexpected EOF', { cause: error });
  }
  return Buffer.concat(chunks);
}
