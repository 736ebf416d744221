import { atOnce } from '../atOnce.ts';
import type { Availability, ProofEngine, ProofEvent } from '../engine.ts';
import { EventQueue } from '../eventQueue.ts';
import { assumptionsOf, judgeMissingSecret, shownRequests, withoutLogins } from '../judgement.ts';
import type { NodePull, PlannedNode, ProofPlan } from '../plan.ts';
import type { Outcome, Proof } from '../proof.ts';
import { isSystemError } from '../systemError.ts';
import { chooseBinary, type ChosenBinary, type ContainerdBinary } from './binaries.ts';
import {
  everyAddressIsLocal,
  missingForNamespaces,
  NodeError,
  removeLeftovers,
  startNode,
  type SimulatedNode,
} from './namespace.ts';
import type { NodeAnswer, NodeRequest, NodeStart, PullReport, PullResult } from './nodeProtocol.ts';

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
    const run = new AbortController();
    const onAbort = (): void => {
      run.abort();
      void this.dispose();
    };
    if (signal.aborted) run.abort();
    signal.addEventListener('abort', onAbort);
    const emit = (event: ProofEvent): void => {
      if (!run.signal.aborted) queue.add(event);
    };
    const work = atOnce(this.#options.nodesAtOnce, nodes, async (node) => {
      if (!run.signal.aborted) await this.#proveNode(node, run.signal, emit);
    });
    queue.endWith(work);
    try {
      yield* queue;
    } finally {
      signal.removeEventListener('abort', onAbort);
      run.abort();
      await this.dispose();
      await work.catch(() => undefined);
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
    const binary = chooseBinary(planned.version, this.#binaries);
    const pending = new Map(planned.pulls.map((pull) => [pull.id, pull]));
    const session = new Session(planned, binary, pending, emit);
    for (const pull of planned.pulls) {
      if (pull.unprovable !== undefined)
        session.conclude(pull, { status: 'inconclusive', reason: pull.unprovable });
    }
    if (!planned.setting.ok)
      return session.concludeAll({ status: 'inconclusive', reason: planned.setting.reason });
    if (!binary)
      return session.concludeAll({ status: 'inconclusive', reason: 'there is no containerd to try it with' });
    if (pending.size === 0) return;
    try {
      const node = await this.#startNode(binary);
      try {
        if (!signal.aborted) await this.#run(node, session, planned);
      } finally {
        this.#nodes.delete(node);
        await node.stop();
      }
    } catch (error) {
      if (!isMachineFault(error)) throw error;
      session.concludeAll({ status: 'inconclusive', reason: `the simulated node failed: ${error.message}` });
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

  async #run(node: SimulatedNode, session: Session, { setting }: PlannedNode): Promise<void> {
    if (!setting.ok) return;
    const { pullsAtOnce, deadline } = this.#options;
    const { surroundings } = setting;
    const started = await ask(node, { kind: 'start', surroundings });
    if (started.kind !== 'started') return;
    if (!session.start(started.start)) return;
    const pulls = session.tasks();
    await ask(node, { kind: 'pull', pulls, limit: pullsAtOnce, deadline }, (part) => session.report(part));
    for (const control of session.controls())
      session.control(control, await tryControl(node, control, deadline));
  }
}

/** Proofs without a control that failed mean nothing, and so do those of a node that ends before its control. */
async function tryControl(node: SimulatedNode, pull: NodePull, deadline: number): Promise<PullResult> {
  try {
    const answer = await ask(node, { kind: 'control', pull, deadline });
    return answer.kind === 'control' ? answer.result : { kind: 'crashed', text: answer.kind };
  } catch (error) {
    if (!isMachineFault(error)) throw error;
    return { kind: 'crashed', text: error.message };
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

/** The proofs of one node, as they come to be. */
class Session {
  readonly #planned: PlannedNode;
  readonly #binary: ChosenBinary | undefined;
  readonly #pending: Map<string, NodePull>;
  readonly #emit: (event: ProofEvent) => void;
  readonly #byMirror: NodePull[] = [];
  readonly #byUpstream: NodePull[] = [];
  #runtime: string | undefined;

  constructor(
    planned: PlannedNode,
    binary: ChosenBinary | undefined,
    pending: Map<string, NodePull>,
    emit: (event: ProofEvent) => void,
  ) {
    this.#planned = planned;
    this.#binary = binary;
    this.#pending = pending;
    this.#emit = emit;
  }

  tasks(): readonly NodePull[] {
    return [...this.#pending.values()];
  }

  /** One pull that was proved, rather by a mirror than without: while no registry answers it has to fail. */
  controls(): readonly NodePull[] {
    return [...this.#byMirror, ...this.#byUpstream].slice(0, 1);
  }

  /** False where containerd does not pull at all. */
  start(start: NodeStart): boolean {
    this.#runtime = `containerd ${this.#binary?.version ?? ''}`;
    if (start.kind === 'running') return true;
    const isMachine = start.kind === 'failed' || isMachineText(start.text);
    if (isMachine) this.concludeAll({ status: 'inconclusive', reason: start.text });
    else this.concludeAll(this.#refute(start.text));
    return false;
  }

  report({ id, result, requests, via, isUpstream }: PullReport): void {
    const pull = this.#pending.get(id);
    if (!pull) return;
    const outcome = this.#judge(pull, result, via, isUpstream);
    if (outcome.status === 'proved') (isUpstream ? this.#byUpstream : this.#byMirror).push(pull);
    this.conclude(pull, outcome, requests);
  }

  #judge(pull: NodePull, result: PullResult, via: string | undefined, isUpstream: boolean): Outcome {
    switch (result.kind) {
      case 'pulled':
        return via === undefined
          ? { status: 'inconclusive', reason: 'it was pulled, and no stand-in was asked for it' }
          : { status: 'proved', via, isUpstream };
      case 'hung':
        return { status: 'inconclusive', reason: 'the pull did not come to an end in time' };
      case 'crashed':
        return /^(?:panic|fatal error): /.test(result.text)
          ? this.#refute(`containerd crashed: ${result.text}`)
          : { status: 'inconclusive', reason: 'containerd ended before the pull did' };
      case 'failed':
        return this.#judgeFailure(pull, result.text);
    }
  }

  #judgeFailure(pull: NodePull, text: string): Outcome {
    if (isMachineText(text)) return { status: 'inconclusive', reason: text };
    return judgeMissingSecret(pull, text) ?? this.#refute(text);
  }

  /** The one place where a refuted pull is made: a diagnosis of its text is to be attached here. */
  #refute(error: string): Outcome {
    const { version } = this.#planned;
    if (this.#binary?.nearness !== 'other') return { status: 'refuted', error };
    const reason = `containerd ${this.#binary.version}, which reads other files than ${version}, failed: ${error}`;
    return { status: 'inconclusive', reason };
  }

  concludeAll(outcome: Outcome): void {
    for (const pull of this.tasks()) this.conclude(pull, outcome);
  }

  conclude(pull: NodePull, outcome: Outcome, evidence: Proof['evidence'] = []): void {
    this.#pending.delete(pull.id);
    const proof = {
      pull,
      outcome: withoutLogins(outcome),
      evidence: shownRequests(evidence),
      assumptions:
        outcome.status === 'inconclusive'
          ? []
          : assumptionsOf(this.#planned, pull, outcome, evidence, this.#ownAssumptions()),
      ...(this.#runtime !== undefined && { runtime: this.#runtime }),
    };
    this.#emit({ kind: 'proof', proof });
  }

  #ownAssumptions(): readonly string[] {
    const { version, isVersionAssumed } = this.#planned;
    const binary = this.#binary;
    return binary && !isVersionAssumed && binary.nearness !== 'same'
      ? [`containerd ${binary.version} stands in for ${version}, which is not on this machine`]
      : [];
  }

  control(pull: NodePull, result: PullResult): void {
    const isSound = result.kind === 'failed' || result.kind === 'hung';
    const text = controlText(result);
    this.#emit({ kind: 'control', control: { pull, isSound, text } });
  }
}

function controlText(result: PullResult): string {
  switch (result.kind) {
    case 'pulled':
      return 'it was pulled although no registry answered';
    case 'hung':
      return 'it did not come to an end';
    case 'crashed':
      return 'containerd ended before the control did';
    case 'failed':
      return result.text;
  }
}

/** What the simulated node lacks and a real one has: room, and rights. */
function isMachineText(text: string): boolean {
  return /no space left on device|ENOSPC|permission denied|operation not permitted/i.test(text);
}
