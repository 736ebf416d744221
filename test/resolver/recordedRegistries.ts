import { splitHostPort } from '../../src/hosts/goText.ts';
import type { HeaderField } from '../../src/hosts/hostsFile.ts';
import {
  TransportError,
  type RegistryRequest,
  type RegistryResponse,
  type Transport,
  type TransportOptions,
} from '../../src/resolver/transport.ts';

/** A registry of a recorded case. The first rule that fits answers; without one the answer is 404. */
export interface RecordedRegistry {
  readonly rules?: readonly RecordedRule[];
  /** Nobody listens. */
  readonly closed?: boolean;
  /** The connection is closed at once, or nothing is ever said. */
  readonly raw?: 'close' | 'hang';
  /** The certificate: signed by the test CA for 127.0.0.1 and localhost, or wrong in the way that it says. */
  readonly tls?: 'ca' | 'cnonly' | 'badname' | 'expired';
}

export interface RecordedRule {
  readonly method?: string;
  /** Regular expression on path and query. */
  readonly match?: string;
  /** Regular expression on the `Authorization` field. */
  readonly auth?: string;
  readonly status?: number;
  readonly hdr?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** How often the rule answers; always where it is absent. */
  readonly times?: number;
  /** Instead of an answer the connection is closed, or something that is no HTTP is said. */
  readonly fault?: 'close' | 'garbage';
}

export interface RecordedRegistriesOptions {
  readonly registries: ReadonlyMap<string, RecordedRegistry>;
  /** Where a registry listens. */
  readonly addressOf: (name: string) => string;
  /** Fills in what stands for the test image. */
  readonly fill: (text: string) => string;
  /** What is read where a server closes the connection: EOF, or a reset of it. */
  readonly closeError: string;
}

const reasons: ReadonlyMap<number, string> = new Map([
  [200, 'OK'],
  [300, 'Multiple Choices'],
  [301, 'Moved Permanently'],
  [302, 'Found'],
  [303, 'See Other'],
  [307, 'Temporary Redirect'],
  [308, 'Permanent Redirect'],
  [400, 'Bad Request'],
  [401, 'Unauthorized'],
  [403, 'Forbidden'],
  [404, 'Not Found'],
  [405, 'Method Not Allowed'],
  [408, 'Request Timeout'],
  [410, 'Gone'],
  [418, "I'm a teapot"],
  [429, 'Too Many Requests'],
  [500, 'Internal Server Error'],
  [502, 'Bad Gateway'],
  [503, 'Service Unavailable'],
]);

/** The recordings were made with a limit on the whole of a pull. In milliseconds. */
const deadline = 45_000;

/** The registries of a recorded case as a transport, with the errors that a Go client meets there. */
export class RecordedRegistries implements Transport {
  readonly #options: RecordedRegistriesOptions;
  /** One line for each request that a registry saw. */
  readonly log: string[] = [];
  readonly #used = new Map<RecordedRule, number>();
  #elapsed = 0;

  constructor(options: RecordedRegistriesOptions) {
    this.#options = options;
  }

  async send(request: RegistryRequest, options: TransportOptions): Promise<RegistryResponse> {
    await Promise.resolve();
    const [, host = '', rest = ''] = /^https?:\/\/([^/?]*)(.*)$/.exec(request.url) ?? [];
    const target = rest.startsWith('/') ? rest : `/${rest}`;
    const found = this.#find(host);
    if (!found) {
      const text = `dial tcp: lookup ${splitHostPort(host)?.host ?? host} on 10.255.255.53:53: no such host`;
      throw new TransportError('no-such-host', text);
    }
    const [name, registry] = found;
    if (registry.closed === true) {
      throw new TransportError(
        'refused',
        `dial tcp ${this.#options.addressOf(name)}: connect: connection refused`,
      );
    }
    if (registry.raw) this.#fail(registry.raw, options);
    if (!options.tls && registry.tls) return respond(400, {}, '');
    if (options.tls && !registry.tls) {
      throw new TransportError('http-response', 'http: server gave HTTP response to HTTPS client');
    }
    if (options.tls && registry.tls) checkCertificate(registry.tls, host, options.tls);
    return this.#answer(name, registry, request, target);
  }

  #find(host: string): readonly [string, RecordedRegistry] | undefined {
    const { port } = splitHostPort(host) ?? {};
    for (const [name, registry] of this.#options.registries) {
      if (splitHostPort(this.#options.addressOf(name))?.port === port) return [name, registry];
    }
    return undefined;
  }

  #fail(raw: 'close' | 'hang', { tls, handshakeTimeout }: TransportOptions): never {
    const { closeError } = this.#options;
    if (raw === 'close') throw new TransportError(closeError === 'EOF' ? 'eof' : 'other', closeError);
    if (!tls) throw new Error('a registry that says nothing to an HTTP client was never recorded');
    this.#elapsed += handshakeTimeout;
    if (this.#elapsed > deadline) throw new TransportError('other', 'context deadline exceeded');
    throw new TransportError('handshake-timeout', 'net/http: TLS handshake timeout');
  }

  #answer(
    name: string,
    { rules = [] }: RecordedRegistry,
    { method, header, body }: RegistryRequest,
    target: string,
  ): RegistryResponse {
    const authorization = header.find((field) => field.name === 'Authorization')?.values[0] ?? '';
    const rule = rules.find((each) => this.#fits(each, method, target, authorization));
    if (rule) this.#used.set(rule, (this.#used.get(rule) ?? 0) + 1);
    const { status = rule ? 200 : 404, hdr = {}, body: content = '', fault } = rule ?? {};
    const extras = [
      ...(body === undefined ? [] : [` body=${body}`]),
      ...(authorization === '' ? [] : [` auth=${authorization}`]),
    ];
    const answer = fault ?? `${status}${rule ? '' : '(default)'}`;
    this.log.push(`${name} ${method} ${target}${extras.join('')} -> ${answer}`);
    if (fault) throw faults[fault]();
    const { fill } = this.#options;
    const filled = Object.entries(hdr).map(([key, value]): [string, string] => [key, fill(value)]);
    const response = respond(status, Object.fromEntries(filled), fill(content));
    return method === 'HEAD' ? { ...response, body: new Uint8Array() } : response;
  }

  #fits(rule: RecordedRule, method: string, target: string, authorization: string): boolean {
    if ((this.#used.get(rule) ?? 0) >= (rule.times ?? Infinity)) return false;
    if ((rule.method ?? method) !== method) return false;
    return new RegExp(rule.match ?? '').test(target) && new RegExp(rule.auth ?? '').test(authorization);
  }
}

const faults = {
  close: () => new TransportError('eof', 'EOF'),
  garbage: () => {
    const text = 'net/http: HTTP/1.x transport connection broken: malformed HTTP status code "is"';
    return new TransportError('other', text);
  },
};

function respond(status: number, header: Readonly<Record<string, string>>, text: string): RegistryResponse {
  const body = new TextEncoder().encode(text);
  const fields = Object.entries({ 'Content-Length': `${body.length}`, ...header });
  return {
    status,
    reason: reasons.get(status) ?? '',
    header: fields.map(([name, value]): HeaderField => ({ name, values: [value] })),
    body,
  };
}

// Go crypto/x509 verify.go: the name is looked at first
function checkCertificate(
  kind: NonNullable<RecordedRegistry['tls']>,
  host: string,
  { skipVerify, ca }: NonNullable<TransportOptions['tls']>,
): void {
  if (skipVerify) return;
  const name = splitHostPort(host)?.host ?? host;
  const fail = (text: string): never => {
    throw new TransportError('certificate', `x509: ${text}`);
  };
  if (kind === 'badname') fail(`certificate is valid for other.example.com, not ${name}`);
  if (kind === 'cnonly')
    fail(`cannot validate certificate for ${name} because it doesn't contain any IP SANs`);
  if (kind === 'expired') {
    fail('certificate has expired or is not yet valid: current time NOW is after 2021-01-01T00:00:00Z');
  }
  if (ca.length === 0) fail('certificate signed by unknown authority');
}
