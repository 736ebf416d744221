import { atOnce } from '../atOnce.ts';
import type { Availability, ProofEngine, ProofEvent } from '../engine.ts';
import { EventQueue } from '../eventQueue.ts';
import { chooseNearest } from '../nearestVersion.ts';
import type { PlannedNode, ProofPlan } from '../plan.ts';
import type { Surroundings } from '../surroundings.ts';
import { isSystemError } from '../systemError.ts';
import type { ContainerdBinary } from './binaries.ts';
import {
  everyAddressIsLocal,
  missingForNamespaces,
  NodeError,
  removeLeftovers,
  startNode,
  type SimulatedNode,
} from './namespace.ts';
import { NodeProofs } from './nodeProofs.ts';
import type { NodeAnswer, NodeRequest, PullReport } from './nodeProtocol.ts';

export interface ContainerdEngineOptions {
  /** The program that runs in a simulated node. */
  readonly nodeProgram: string;
  readonly binaries: () => Promise<readonly ContainerdBinary[]>;
  /** How many nodes there are at the same time. */
  readonly nodesAtOnce: number;
  /** How many images a node pulls at the same time. */
  readonly pullsAtOnce: number;
  /** How long a pull may take, in milliseconds. */
  readonly deadline: number;
  /** How much the files of a node may hold, in MiB. */
  readonly disk?: number;
}

export const defaultLimits = { nodesAtOnce: 3, pullsAtOnce: 4, deadline: 20_000 } as const;

/** Proves pulls with one real containerd for each distinct node, in a network of its own with stand-ins for all registries. */
export class ContainerdEngine implements ProofEngine {
  readonly name = 'containerd';
  readonly #options: ContainerdEngineOptions;
  readonly #nodes = new Set<SimulatedNode>();
  #binaries: readonly ContainerdBinary[] = [];

  constructor(options: ContainerdEngineOptions) {
    this.#options = options;
  }

  async probe(): Promise<Availability> {
    const missing = missingForNamespaces();
    if (missing !== undefined) return { isAvailable: false, reason: missing };
    this.#binaries = await this.#options.binaries();
    if (this.#binaries.length > 0) return { isAvailable: true };
    const reason = 'there is no containerd on this machine: name one with --containerd VERSION=PATH';
    return { isAvailable: false, reason };
  }

  async *prove({ nodes }: ProofPlan, signal: AbortSignal): AsyncIterable<ProofEvent> {
    await removeLeftovers();
    if (this.#binaries.length === 0) this.#binaries = await this.#options.binaries();
    const queue = new EventQueue<ProofEvent>();
    const own = new AbortController();
    const end = AbortSignal.any([signal, own.signal]);
    // The calls under way end with their nodes.
    end.addEventListener('abort', () => void this.dispose().catch(() => undefined));
    const emit = (event: ProofEvent): void => {
      if (!end.aborted) queue.add(event);
    };
    const work = atOnce(this.#options.nodesAtOnce, nodes, async (node) => {
      if (!end.aborted) await this.#proveNode(node, end, emit);
    });
    queue.endWith(work);
    try {
      yield* queue;
    } finally {
      own.abort();
      await work.catch(() => undefined);
      await this.dispose();
    }
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#nodes].map((node) => node.stop()));
    this.#nodes.clear();
  }

  async #proveNode(
    planned: PlannedNode,
    signal: AbortSignal,
    emit: (event: ProofEvent) => void,
  ): Promise<void> {
    const binary = chooseNearest(planned.version, this.#binaries);
    const proofs = new NodeProofs(planned, binary, emit);
    for (const pull of planned.pulls)
      if (pull.unprovable !== undefined) proofs.leavePullOpen(pull, pull.unprovable);
    if (!planned.setting.ok) return proofs.leaveOpen(planned.setting.reason);
    if (!binary) return proofs.leaveOpen('there is no containerd to try it with');
    if (proofs.pending.length === 0) return;
    try {
      const node = await this.#startNode(binary);
      try {
        if (!signal.aborted) await this.#run(node, proofs, planned.setting.surroundings);
      } finally {
        this.#nodes.delete(node);
        await node.stop();
      }
    } catch (error) {
      if (!isMachineFault(error)) throw error;
      proofs.leaveOpen(`the simulated node failed: ${error.message}`);
    }
  }

  async #startNode(binary: ContainerdBinary): Promise<SimulatedNode> {
    const { nodeProgram, disk } = this.#options;
    const node = await startNode({
      module: nodeProgram,
      programs: binary.path,
      routes: everyAddressIsLocal,
      ...(disk !== undefined && { disk }),
    });
    this.#nodes.add(node);
    return node;
  }

  async #run(node: SimulatedNode, proofs: NodeProofs, surroundings: Surroundings): Promise<void> {
    const { pullsAtOnce, deadline } = this.#options;
    const started = await ask(node, { kind: 'start', surroundings });
    if (started.kind !== 'started' || !proofs.start(started.start)) return;
    const pulls = proofs.pending;
    await ask(node, { kind: 'pull', pulls, limit: pullsAtOnce, deadline }, (part) => proofs.report(part));
    const pull = proofs.toControl;
    if (!pull) return;
    const answer = await ask(node, { kind: 'control', pull, deadline });
    proofs.control(answer.kind === 'control' ? answer.result : { kind: 'crashed', text: answer.kind });
  }
}

/** What goes wrong with the machine and not with a pull: no more room, no more processes, a process that was killed. */
function isMachineFault(error: unknown): error is Error {
  return error instanceof NodeError || isSystemError(error);
}

async function ask(
  node: SimulatedNode,
  request: NodeRequest,
  onPart?: (part: PullReport) => void,
): Promise<NodeAnswer> {
  // It runs the program that is made beside this one.
  const answer = (await node.call(request, (part) => onPart?.(part as PullReport))) as NodeAnswer;
  if (answer.kind === 'fault') throw new NodeError(answer.text);
  return answer;
}
