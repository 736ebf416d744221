import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Availability, ProofEngine, ProofEvent } from '../engine.ts';
import { EventQueue } from '../eventQueue.ts';
import { leaveOpen } from '../judgement.ts';
import type { ProofPlan } from '../plan.ts';
import { isSystemError } from '../systemError.ts';
import { planCluster, type KindNode } from './cluster.ts';
import { chooseNodeImage } from './nodeImage.ts';
import { namespace } from './pods.ts';
import { makeFolder, nameRun, newRunId, removeAbandonedRuns, removeRun, type KindRun } from './runs.ts';
import { KindSession } from './session.ts';
import { ToolError, Tools } from './tools.ts';

export interface KindEngineSettings {
  /** With PATH, on which docker, kind and kubectl are looked for, and whatever these read. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The image of the nodes; where it is absent, one whose containerd is near to theirs. */
  readonly nodeImage?: string | undefined;
  readonly registryImage?: string | undefined;
  /** The cluster stays after a run that came to its end. */
  readonly isKept?: boolean;
  /** Where the logs of the cluster go after a pull was refuted. */
  readonly logFolder?: string | undefined;
  /** How many nodes the cluster has at most. */
  readonly maxNodes?: number;
  /** What is done next, for people. */
  readonly onProgress?: (text: string) => void;
}

/** Nodes of kind are containers with a kubelet each: more of them are more than a machine can take. */
const defaultMaxNodes = 8;
const defaultRegistryImage = 'registry:2';

/** Proves pulls in a kind cluster, with one node for each distinct node and a plain-HTTP registry beside it. */
export class KindEngine implements ProofEngine {
  readonly name = 'kind';
  /** Of all that it makes. */
  readonly runId = newRunId();
  readonly #settings: KindEngineSettings;
  readonly #tools: Tools;
  #isMade = false;
  #isToStay = false;
  #notes: readonly string[] = [];
  #remains: string | undefined;

  constructor(settings: KindEngineSettings) {
    this.#settings = settings;
    this.#tools = new Tools(settings.environment);
  }

  /** After a run, for people: what took its time, how to look around where the cluster was kept, and what could not be removed. */
  get notes(): readonly string[] {
    return this.#remains === undefined ? this.#notes : [...this.#notes, this.#remains];
  }

  async probe(): Promise<Availability> {
    const problem = await this.#tools.findProblem();
    return problem === undefined ? { isAvailable: true } : { isAvailable: false, reason: problem };
  }

  async *prove(plan: ProofPlan, signal: AbortSignal): AsyncIterable<ProofEvent> {
    const queue = new EventQueue<ProofEvent>();
    const own = new AbortController();
    const end = AbortSignal.any([signal, own.signal]);
    const emit = (event: ProofEvent): void => {
      if (!end.aborted) queue.add(event);
    };
    const work = this.#work(plan, emit, end);
    // What runs in the containers ends with them, and so does the work that waits for it.
    end.addEventListener('abort', () => void this.#remove().catch(() => undefined));
    queue.endWith(work);
    try {
      yield* queue;
    } finally {
      if (!this.#isToStay) own.abort();
      await work.catch(() => undefined);
      await this.dispose();
    }
  }

  async dispose(): Promise<void> {
    if (!this.#isMade || this.#isToStay) return;
    try {
      await this.#remove();
      this.#isMade = false;
      this.#remains = undefined;
    } catch (error) {
      // What was found out is as true as before.
      if (!(error instanceof ToolError) && !isSystemError(error)) throw error;
      this.#remains = `not all that the run ${this.runId} has made could be removed, which the next run tries again: ${error.message}`;
    }
  }

  async #remove(): Promise<void> {
    if (this.#isMade) await removeRun(this.runId, this.#tools);
  }

  async #work(plan: ProofPlan, emit: (event: ProofEvent) => void, signal: AbortSignal): Promise<void> {
    const { isKept = false, maxNodes = defaultMaxNodes } = this.#settings;
    const begin = performance.now();
    const run = nameRun(this.runId, isKept);
    const { nodes, leftOut } = planCluster(plan, run.name, maxNodes);
    for (const { pull, reason } of leftOut) emit({ kind: 'proof', proof: leaveOpen(pull, reason) });
    if (nodes.length === 0 || signal.aborted) return;
    this.#isMade = true;
    const problem = await this.#prepare(run, isKept);
    if (problem !== undefined) {
      const pulls = nodes.flatMap((node) => node.pulls);
      for (const pull of pulls) emit({ kind: 'proof', proof: leaveOpen(pull, problem) });
      return;
    }
    const session = this.#makeSession(run, nodes, emit, signal);
    await session.run();
    if (signal.aborted) return;
    this.#isToStay = isKept;
    const times = describeTimes(performance.now() - begin, session.clusterTime);
    const logs = session.hasRefuted ? await this.#exportLogs(run) : [];
    this.#notes = [times, ...logs, ...(isKept ? describeKept(run) : [])];
  }

  #makeSession(
    run: KindRun,
    nodes: readonly KindNode[],
    emit: (event: ProofEvent) => void,
    signal: AbortSignal,
  ): KindSession {
    const { nodeImage, registryImage, onProgress } = this.#settings;
    return new KindSession({
      run,
      nodes,
      nodeImage: nodeImage ?? chooseNodeImage(nodes),
      registryImage: registryImage ?? defaultRegistryImage,
      tools: this.#toolsOf(run),
      emit,
      onProgress: onProgress ?? (() => undefined),
      signal,
    });
  }

  /** Returns why nothing can be made; undefined where all is well. */
  async #prepare(run: KindRun, isKept: boolean): Promise<string | undefined> {
    try {
      await removeAbandonedRuns(this.#tools);
    } catch (error) {
      // What another run has left keeps this one from nothing.
      if (!(error instanceof ToolError) && !isSystemError(error)) throw error;
    }
    try {
      await makeFolder(run, isKept);
      return undefined;
    } catch (error) {
      if (!isSystemError(error)) throw error;
      return `the files of the run cannot be written: ${error.message}`;
    }
  }

  /**
   * kind and kubectl with a configuration file of this run alone, and without a proxy: kind hands it on to the containerd of its nodes,
   * and no pull would come to the registry.
   */
  // kind pkg/cluster/internal/providers/common/proxy.go GetProxyEnvs
  #toolsOf(run: KindRun): Tools {
    return this.#tools.with({
      ...noProxies,
      KUBECONFIG: kubeconfigOf(run),
      KIND_EXPERIMENTAL_DOCKER_NETWORK: run.name,
      KIND_EXPERIMENTAL_PROVIDER: 'docker',
    });
  }

  async #exportLogs(run: KindRun): Promise<readonly string[]> {
    const { logFolder } = this.#settings;
    if (logFolder === undefined) return [];
    const tools = this.#toolsOf(run);
    try {
      await mkdir(logFolder, { recursive: true });
      await tools.call('kind', ['export', 'logs', logFolder, '--name', run.name]);
      const events = await tools.call('kubectl', ['get', 'events', '--all-namespaces', '--output', 'wide']);
      await writeFile(join(logFolder, 'events.txt'), events);
      return [`the logs of the cluster are in ${logFolder}`];
    } catch (error) {
      if (!(error instanceof ToolError) && !isSystemError(error)) throw error;
      return [`the logs of the cluster could not be written: ${error.message}`];
    }
  }
}

const noProxies = Object.fromEntries(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'http_proxy', 'https_proxy'].map((name) => [name, '']),
);

function kubeconfigOf({ folder }: KindRun): string {
  return join(folder, 'kubeconfig');
}

function describeTimes(total: number, cluster: number): string {
  const seconds = (time: number): string => `${(time / 1000).toFixed(1)} s`;
  return `kind took ${seconds(cluster)} to make the cluster, and all besides ${seconds(total - cluster)}`;
}

function describeKept(run: KindRun): readonly string[] {
  const { name, registry, folder } = run;
  return [
    `the cluster ${name} was kept; to look around:`,
    `  kubectl --kubeconfig ${kubeconfigOf(run)} --namespace ${namespace} get events`,
    `  docker exec -it ${name}-control-plane crictl pull IMAGE`,
    `  docker logs ${registry}`,
    'and to remove it:',
    `  kind delete cluster --name ${name} --kubeconfig ${kubeconfigOf(run)} && docker rm --force --volumes ${registry} && docker network rm ${name} && rm -r ${folder}`,
  ];
}
