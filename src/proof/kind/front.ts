import { isIP } from 'node:net';
import type { CertificateAuthority, KeyPair } from '../standIn/certificates.ts';
import { answerRequest, type Contents } from '../standIn/registry.ts';
import { startServer, type ReceivedRequest, type Reply, type RunningServer } from '../standIn/server.ts';
import type { StandIn } from '../surroundings.ts';
import type { Translation } from './nodeScript.ts';
import type { Registry } from './registry.ts';
import { readRequest, type NodeRequest } from './requests.ts';

/** Registries of a node that answer at the same address and port. */
export interface Place {
  readonly address: string;
  readonly port: number;
  readonly standIns: readonly [StandIn, ...StandIn[]];
}

/** The places at which a node asks registries, those with an IPv4 address. */
export function placesOf(standIns: readonly StandIn[]): readonly Place[] {
  const places = new Map<string, Place>();
  for (const standIn of standIns) {
    const { address, port } = standIn;
    if (isIP(address) !== 4) continue;
    const key = `${address}:${port}`;
    const known = places.get(key);
    places.set(key, { address, port, standIns: known ? [...known.standIns, standIn] : [standIn] });
  }
  return [...places.values()];
}

/** True where the plain registry alone is not what stands there: it has TLS, a login, not all images, or a folder of its own. */
export function needsFront({ standIns }: Place, prefixed: ReadonlySet<string>): boolean {
  return standIns.some(
    ({ protocols, logins, ownLogins, catalogs, hostname, port }) =>
      protocols.includes('https') ||
      logins.length + ownLogins.length + catalogs.length > 0 ||
      prefixed.has(`${hostname}:${port}`),
  );
}

/** Who signs the certificates of registries. */
export interface Authorities {
  readonly system: CertificateAuthority;
  readonly private: CertificateAuthority;
}

/**
 * What stands in front of the registry for one node: TLS, logins and catalogs, in this process. What it lets through the registry
 * answers.
 */
export class Front {
  readonly #registry: Registry;
  readonly #contents: Contents;
  readonly #authorities: Authorities;
  readonly #servers: RunningServer[] = [];
  readonly requests: NodeRequest[] = [];

  constructor(registry: Registry, contents: Contents, authorities: Authorities) {
    this.#registry = registry;
    this.#contents = contents;
    this.#authorities = authorities;
  }

  /**
   * Listens for a place at an address of this machine that the nodes reach.
   *
   * @throws Error with the code of the system where nobody can listen there
   */
  async open({ address, port, standIns }: Place, listenAt: string): Promise<Translation> {
    const protocols = new Set(standIns.flatMap((standIn) => standIn.protocols));
    const server = await startServer({
      address: listenAt,
      port: 0,
      hasPlain: protocols.has('http'),
      certificate: protocols.has('https') ? this.#certificate(standIns) : undefined,
      answer: (request) => this.#answer(request, standIns),
    });
    this.#servers.push(server);
    return { address, port, to: `${listenAt}:${server.port}` };
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.close()));
  }

  async #answer(request: ReceivedRequest, standIns: Place['standIns']): Promise<Reply> {
    const [name = ''] = request.host.toLowerCase().split(':');
    const standIn = standIns.find(({ hostname }) => hostname === name) ?? standIns[0];
    const own = answerRequest(request, standIn, this.#contents, () => undefined);
    const isLetThrough =
      own.kind === 'reply' && own.status === 200 && /\/(?:manifests|blobs)\//.test(request.target);
    const target = request.target.slice(Math.max(0, request.target.indexOf('/v2/')));
    const reply = isLetThrough ? await this.#registry.answer({ ...request, target }) : own;
    const status = reply.kind === 'reply' ? reply.status : 0;
    const seen = readRequest({ ...request, status, time: Date.now() });
    if (seen) this.requests.push(seen);
    return reply;
  }

  #certificate(standIns: Place['standIns']): KeyPair {
    const authority = standIns.some((standIn) => standIn.authority === 'private') ? 'private' : 'system';
    const names = [...new Set(standIns.flatMap(({ hostname, address }) => [hostname, address]))];
    return this.#authorities[authority].issue({ commonName: 'registry', names });
  }
}
