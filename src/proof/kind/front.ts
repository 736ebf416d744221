import { hostPortText } from '../registryWorld.ts';
import { serverAt, type Authorities, type Place } from '../standIn/places.ts';
import { answerRequest, type Contents } from '../standIn/registry.ts';
import { startServer, type ReceivedRequest, type Reply, type RunningServer } from '../standIn/server.ts';
import type { StandIn } from '../surroundings.ts';
import type { Translation } from './nodeScript.ts';
import type { Registry } from './registry.ts';
import { readRequest, type NodeRequest } from './requests.ts';

/** True where the plain registry alone is not what stands there: it has TLS, a login, not all images, or a folder of its own. */
export function needsFront({ standIns }: Place, prefixed: ReadonlySet<string>): boolean {
  return standIns.some(
    (standIn) =>
      standIn.protocols.includes('https') ||
      standIn.logins.length + standIn.ownLogins.length + standIn.catalogs.length > 0 ||
      prefixed.has(hostPortText(standIn)),
  );
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
  async open(place: Place, listenAt: string): Promise<Translation> {
    const server = await startServer({
      address: listenAt,
      port: 0,
      ...serverAt(place, this.#authorities, (request, standIn) => this.#answer(request, standIn)),
    });
    this.#servers.push(server);
    const { address, port } = place;
    return { address, port, to: `${listenAt}:${server.port}` };
  }

  async close(): Promise<void> {
    await Promise.all(this.#servers.splice(0).map((server) => server.close()));
  }

  async #answer(request: ReceivedRequest, standIn: StandIn): Promise<Reply> {
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
}
