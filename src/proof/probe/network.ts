import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { hostPortOfUrl } from '../registryWorld.ts';
import {
  TransportError,
  type RegistryRequest,
  type RegistryResponse,
  type Transport,
  type TransportOptions,
} from '../../resolver/transport.ts';
import { HttpsTransport } from '../../transport/https.ts';
import { refuseAddress } from './addresses.ts';

/** How far one run may go. All times are in milliseconds, all sizes in bytes. */
export interface ProbeLimits {
  /** Different hosts and ports. */
  readonly hosts: number;
  /** Of all answers together. */
  readonly bytes: number;
  /** Of one answer. */
  readonly answerBytes: number;
  /** For a look-up, a connection and a TLS handshake each. */
  readonly connectTime: number;
  /** For an answer, once there is a connection. */
  readonly answerTime: number;
}

/** The names and files of the node for which somebody asks. */
export interface NodeView {
  /** Addresses by name, in small letters. */
  readonly addresses: ReadonlyMap<string, string>;
  /** Hosts, as `name:port`, that do not exist for the node. */
  readonly cutOff: ReadonlySet<string>;
  /** Reads a certificate or key by its path on the node. */
  readonly readFile: (path: string) => string;
  /** No request is sent after this time, as `Date.now()` counts. */
  readonly until: number;
}

/** A request that was not sent. The message says why, in words for people. */
export class NotAskedError extends TransportError {
  constructor(reason: string) {
    super('other', reason);
  }
}

/** A name that does not exist for the node, whatever this machine makes of it. */
export class CutOffError extends TransportError {
  constructor(name: string) {
    // Go net DNSError
    super('no-such-host', `dial tcp: lookup ${name}: no such host`);
  }
}

/** The real network, as far as one run may ask it. Nothing is sent to an address before it was found good. */
export class ProbeNetwork {
  readonly #limits: ProbeLimits;
  readonly #isOnNode: boolean;
  readonly #signal: AbortSignal;
  readonly #hosts = new Set<string>();
  /** Addresses that did not answer: nobody waits for them twice. */
  readonly #silent = new Map<string, TransportError>();
  #bytes = 0;

  constructor(limits: ProbeLimits, isOnNode: boolean, signal: AbortSignal) {
    this.#limits = limits;
    this.#isOnNode = isOnNode;
    this.#signal = signal;
  }

  /** The network as a node sees it. */
  seenFrom(view: NodeView): Transport {
    return { send: (request, options) => this.#send(request, options, view) };
  }

  async #send(
    request: RegistryRequest,
    options: TransportOptions,
    view: NodeView,
  ): Promise<RegistryResponse> {
    const { hostname, port } = hostPortOfUrl(request.url);
    this.#admit(hostname, port, view);
    const addresses = await this.#lookUp(hostname, view);
    const limits = this.#limit(options);
    for (const [index, address] of addresses.entries()) {
      try {
        return await this.#sendTo(address, port, request, limits, view);
      } catch (error) {
        const isLast = index === addresses.length - 1;
        if (isLast || !(error instanceof TransportError) || !error.message.startsWith('dial tcp '))
          throw error;
      }
    }
    throw new TransportError('no-such-host', `dial tcp: lookup ${hostname}: no such host`);
  }

  /** Throws {@link NotAskedError} or {@link CutOffError}. */
  #admit(hostname: string, port: number, { cutOff, until }: NodeView): void {
    if (this.#signal.aborted) throw new NotAskedError('the run was ended');
    if (Date.now() > until) throw new NotAskedError('there was no time left to ask for it');
    if (port < 1) throw new NotAskedError('nothing can be asked at port 0');
    if (this.#bytes > this.#limits.bytes)
      throw new NotAskedError(`all answers together are longer than ${this.#limits.bytes} bytes`);
    const name = `${hostname}:${port}`;
    if (cutOff.has(name)) throw new CutOffError(hostname);
    if (!this.#hosts.has(name) && this.#hosts.size >= this.#limits.hosts)
      throw new NotAskedError(`more than ${this.#limits.hosts} different registries are not asked`);
    this.#hosts.add(name);
  }

  #limit(options: TransportOptions): TransportOptions {
    const { connectTime, answerTime } = this.#limits;
    return {
      ...options,
      dialTimeout: Math.min(options.dialTimeout, connectTime),
      handshakeTimeout: Math.min(options.handshakeTimeout, connectTime),
      responseHeaderTimeout: Math.min(options.responseHeaderTimeout ?? answerTime, answerTime),
    };
  }

  /** The addresses of a name, a few of them. Throws {@link NotAskedError} where one is not to be asked. */
  async #lookUp(hostname: string, { addresses }: NodeView): Promise<readonly string[]> {
    const known = isIP(hostname) > 0 ? hostname : addresses.get(hostname);
    const found = known === undefined ? await lookUp(hostname, this.#limits.connectTime) : [known];
    for (const address of found) {
      const reason = refuseAddress(address, this.#isOnNode);
      if (reason !== undefined) throw new NotAskedError(reason);
    }
    return found;
  }

  async #sendTo(
    address: string,
    port: number,
    request: RegistryRequest,
    options: TransportOptions,
    { readFile }: NodeView,
  ): Promise<RegistryResponse> {
    const place = `${address} ${port}`;
    const silent = this.#silent.get(place);
    if (silent) throw silent;
    const transport = new HttpsTransport({
      readFile,
      // Whatever name the transport finds in the URL: this address was judged, and no other one.
      addresses: { get: () => address },
      maxBodyLength: this.#limits.answerBytes,
      patience: this.#limits.answerTime,
      signal: this.#signal,
    });
    try {
      const response = await transport.send(request, options);
      this.#bytes += response.body.length;
      return response;
    } catch (error) {
      const isSilent = error instanceof TransportError && /^(?:connect-)?timeout$/.test(error.kind);
      if (isSilent) this.#silent.set(place, error);
      throw error;
    }
  }
}

const maxAddresses = 3;

/** Throws {@link TransportError} in the words of Go. */
// Go net DNSError
async function lookUp(hostname: string, time: number): Promise<readonly string[]> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), time);
  const timeout = new Promise<never>((_, reject) => {
    late.signal.addEventListener('abort', () =>
      reject(new TransportError('timeout', `dial tcp: lookup ${hostname}: i/o timeout`)),
    );
  });
  try {
    const found = await Promise.race([lookup(hostname, { all: true, order: 'ipv4first' }), timeout]);
    return found.map(({ address }) => address).slice(0, maxAddresses);
  } catch (error) {
    if (error instanceof TransportError) throw error;
    const isUnknown = error instanceof Error && 'code' in error && error.code === 'ENOTFOUND';
    const words = isUnknown ? 'no such host' : 'server misbehaving';
    throw new TransportError(isUnknown ? 'no-such-host' : 'other', `dial tcp: lookup ${hostname}: ${words}`, {
      cause: error,
    });
  } finally {
    clearTimeout(timer);
  }
}
