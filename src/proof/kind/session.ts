import type { ProofEvent } from '../engine.ts';
import { judgeControl, leaveOpen } from '../judgement.ts';
import type { NodePull } from '../plan.ts';
import type { Control } from '../proof.ts';
import { CertificateAuthority } from '../standIn/certificates.ts';
import { NameServer } from '../standIn/nameServer.ts';
import { startServer, type Reply, type RunningServer } from '../standIn/server.ts';
import { isSystemError } from '../systemError.ts';
import { clusterConfig, type KindNode } from './cluster.ts';
import { judgePull, type PullResults } from './judge.ts';
import { createNetwork, inspectNetwork, type ClusterNetwork } from './network.ts';
import { NodeSession, type Here, type NodeWorld } from './nodeSession.ts';
import { pullByPods } from './podPulls.ts';
import { isForCrictl, isSandbox } from './pullKinds.ts';
import { Registry } from './registry.ts';
import { imagesOf, type NodeRequest } from './requests.ts';
import type { KindRun } from './runs.ts';
import { lastLine, ToolError, type Tools } from './tools.ts';

export interface SessionOptions {
  readonly run: KindRun;
  readonly nodes: readonly KindNode[];
  readonly nodeImage?: string | undefined;
  readonly registryImage: string;
  /** With the run's own kubeconfig and network. */
  readonly tools: Tools;
  readonly emit: (event: ProofEvent) => void;
  readonly onProgress: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A cluster and what is proved in it, from its beginning to the last control. It does not remove anything. */
export class KindSession {
  readonly #options: SessionOptions;
  readonly #pending: Map<string, NodePull>;
  readonly #results = new Map<string, PullResults>();
  readonly #names = new NameServer();
  #door: RunningServer | undefined;
  #sessions: readonly NodeSession[] = [];
  /** How long kind took to make the cluster, in milliseconds. */
  clusterTime = 0;
  hasRefuted = false;

  constructor(options: SessionOptions) {
    this.#options = options;
    const pulls = options.nodes.flatMap((node) => node.pulls);
    this.#pending = new Map(pulls.map((pull) => [pull.id, pull]));
  }

  /** Ends once each pull has its proof, or after an abort. */
  async run(): Promise<void> {
    try {
      await this.#prove();
    } catch (error) {
      if (!(error instanceof ToolError) && !isSystemError(error)) throw error;
      this.#leaveAllOpen(error.message);
    } finally {
      await Promise.all(this.#sessions.map((session) => session.close()));
      await this.#door?.close();
      this.#names.close();
    }
  }

  async #prove(): Promise<void> {
    const { run, nodes, nodeImage, tools, onProgress, signal } = this.#options;
    const image = nodeImage === undefined ? '' : ` of ${nodeImage.replace(/@.*/, '')}`;
    onProgress(`creating the cluster ${run.name}${image}`);
    await createNetwork(run, tools);
    const [registry] = await all([this.#fillRegistry(), this.#createCluster()]);
    if (signal.aborted) return;
    onProgress('preparing the nodes');
    const world = await this.#makeWorld(registry);
    this.#sessions = nodes.map((node) => new NodeSession(node, world));
    await this.#eachNode((session) => this.#setUp(session));
    onProgress('pulling with crictl on each node');
    await this.#eachNode((session) => this.#pullByCrictl(session, (pull) => !isSandbox(pull)));
    onProgress('pulling with the kubelets');
    await this.#pullByKubelets();
    // As the last ones: where it is the sandbox image of the node itself, no Pod could start after that.
    await this.#eachNode((session) => this.#pullByCrictl(session, isSandbox));
    if (signal.aborted) return;
    await this.#judge(registry);
    this.#leaveAllOpen('the cluster ended before the pull did');
  }

  async #makeWorld(registry: Registry): Promise<NodeWorld> {
    const { run, nodes, tools } = this.#options;
    const network = await inspectNetwork(run, tools);
    return {
      tools,
      registry,
      network,
      here: await this.#listen(network),
      authorities: {
        system: new CertificateAuthority('system authority'),
        private: new CertificateAuthority('private authority'),
      },
      nodeNames: nodes.map(({ name }) => name),
    };
  }

  /** A place for the nodes to find out whether they reach this process, and a name server that knows them alone. */
  async #listen({ gateway: address, addresses }: ClusterNetwork): Promise<Here> {
    const answer = (): Reply => ({ kind: 'close' });
    this.#names.zone = new Map([...addresses].map(([name, at]) => [name.toLowerCase(), at]));
    try {
      const options = { address, port: 0, hasPlain: true, certificate: undefined, answer };
      this.#door = await startServer(options);
      return { ok: true, address, port: this.#door.port, namePort: await this.#names.listen(address, 0) };
    } catch (error) {
      if (!isSystemError(error)) throw error;
      const problem = `registries with TLS or a login are played by this process, which cannot listen on Docker's network (${error.message})`;
      return { ok: false, problem };
    }
  }

  async #fillRegistry(): Promise<Registry> {
    const { run, nodes, registryImage, tools, signal } = this.#options;
    const registry = await Registry.start(run, registryImage, tools, signal);
    const held = nodes.flatMap(({ pulls }) => pulls.flatMap(imagesOf));
    const byName = new Map(held.map((image) => [`${image.repository} ${image.name}`, image]));
    await registry.push([...byName.values()]);
    return registry;
  }

  /** @throws ToolError with the last words of kind */
  async #createCluster(): Promise<void> {
    const { run, nodes, nodeImage, tools, signal } = this.#options;
    const config = clusterConfig({ nodes });
    const image = nodeImage === undefined ? [] : ['--image', nodeImage];
    const args = ['create', 'cluster', '--name', run.name, '--config', '-', '--retain', ...image];
    const begin = performance.now();
    try {
      await tools.callLong('kind', args, signal, config);
    } catch (error) {
      if (!(error instanceof ToolError)) throw error;
      throw new ToolError(`kind could not create the cluster: ${reasonOf(error.message)}`, { cause: error });
    } finally {
      this.clusterTime = performance.now() - begin;
    }
  }

  /** What fails on one node is no matter of the others. */
  async #eachNode(act: (session: NodeSession) => Promise<void>): Promise<void> {
    const open = this.#sessions.filter(({ node }) => node.pulls.some(({ id }) => this.#pending.has(id)));
    await Promise.all(
      open.map(async (session) => {
        try {
          if (!this.#options.signal.aborted) await act(session);
        } catch (error) {
          if (!(error instanceof ToolError)) throw error;
          this.#leaveNodeOpen(session, `the kind node failed: ${error.message}`);
        }
      }),
    );
  }

  async #setUp(session: NodeSession): Promise<void> {
    const problem = await session.setUp();
    if (problem !== undefined) this.#leaveNodeOpen(session, problem);
  }

  async #pullByCrictl(session: NodeSession, isWanted: (pull: NodePull) => boolean): Promise<void> {
    const pulls = session.node.pulls.filter((pull) => isForCrictl(pull) && isWanted(pull));
    for (const [id, crictl] of await session.pull(pulls)) this.#results.set(id, { crictl });
  }

  async #pullByKubelets(): Promise<void> {
    const { tools, signal, nodes } = this.#options;
    const usable = this.#sessions.filter(({ facts }) => facts !== undefined).map(({ node }) => node);
    const open = nodes.filter(
      (node) => usable.includes(node) && node.pulls.some(({ id }) => this.#pending.has(id)),
    );
    await pullByPods(
      open,
      tools,
      (id, kubelet) => this.#results.set(id, { ...this.#results.get(id), kubelet }),
      signal,
    );
  }

  async #judge(registry: Registry): Promise<void> {
    const seen = await registry.requests();
    const isRegistryAlive = await registry.isAlive();
    await this.#eachNode(async (session) => {
      const { facts, address } = session;
      if (!facts) return;
      const requests = [...(seen.get(address) ?? []), ...session.requests].sort((a, b) => a.time - b.time);
      const proved = this.#judgeNode(session, requests, isRegistryAlive);
      const control = proved.find(isForCrictl) ?? proved[0];
      if (control && !this.#options.signal.aborted)
        this.#options.emit({ kind: 'control', control: await tryControl(session, control) });
    });
  }

  /** Returns what was proved, rather by a mirror than without. */
  #judgeNode(
    { node, facts }: NodeSession,
    requests: readonly NodeRequest[],
    isRegistryAlive: boolean,
  ): readonly NodePull[] {
    const [byMirror, byUpstream]: [NodePull[], NodePull[]] = [[], []];
    for (const pull of node.pulls) {
      if (!facts || !this.#pending.has(pull.id)) continue;
      const proof = judgePull(facts, pull, this.#results.get(pull.id) ?? {}, requests);
      const { outcome } = proof;
      if (outcome.status === 'proved') (outcome.isUpstream ? byUpstream : byMirror).push(pull);
      if (outcome.status === 'refuted' && !isRegistryAlive) {
        this.#leaveOpen(pull, `the registry of the cluster ended before the pull did: ${outcome.error}`);
        continue;
      }
      this.hasRefuted ||= outcome.status === 'refuted';
      this.#pending.delete(pull.id);
      this.#options.emit({ kind: 'proof', proof });
    }
    return [...byMirror, ...byUpstream];
  }

  #leaveAllOpen(reason: string): void {
    for (const pull of this.#pending.values()) this.#leaveOpen(pull, reason);
  }

  #leaveNodeOpen({ node }: NodeSession, reason: string): void {
    for (const pull of node.pulls) this.#leaveOpen(pull, reason);
  }

  #leaveOpen(pull: NodePull, reason: string): void {
    if (this.#pending.delete(pull.id)) this.#options.emit({ kind: 'proof', proof: leaveOpen(pull, reason) });
  }
}

/** Proofs without a control that failed mean nothing, and so do those of a node that is gone before its control. */
async function tryControl(session: NodeSession, pull: NodePull): Promise<Control> {
  try {
    return await session.control(pull);
  } catch (error) {
    if (!(error instanceof ToolError)) throw error;
    return judgeControl(pull, { kind: 'open', reason: error.message });
  }
}

/** Both to their end, so that nothing goes on behind the back of whoever cleans up. */
async function all<A, B>([first, second]: readonly [Promise<A>, Promise<B>]): Promise<readonly [A, B]> {
  await Promise.allSettled([first, second]);
  return [await first, await second];
}

/** kind prints its steps, and what went wrong behind `ERROR:`. */
function reasonOf(said: string): string {
  const [, error] = /ERROR: ([^\n]*)/.exec(said) ?? [];
  return error ?? lastLine(said);
}
