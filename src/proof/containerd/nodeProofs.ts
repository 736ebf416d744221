import type { ProofEvent } from '../engine.ts';
import {
  inconclusive,
  isMachineText,
  judgeControl,
  judgeMissingFile,
  judgeMissingSecret,
  makeProof,
  type ControlResult,
} from '../judgement.ts';
import type { Near } from '../nearestVersion.ts';
import type { NodePull, PlannedNode } from '../plan.ts';
import type { Outcome, Proof } from '../proof.ts';
import type { ContainerdBinary } from './binaries.ts';
import { isWritable } from './nodePaths.ts';
import type { NodeStart, PullReport, PullResult } from './nodeProtocol.ts';

/** The proofs of one node, and its control, as they come to be. */
export class NodeProofs {
  readonly #planned: PlannedNode;
  readonly #binary: (ContainerdBinary & Near) | undefined;
  readonly #pending: Map<string, NodePull>;
  readonly #emit: (event: ProofEvent) => void;
  #toControl: { readonly pull: NodePull; readonly isUpstream: boolean } | undefined;
  #runtime: string | undefined;

  constructor(
    planned: PlannedNode,
    binary: (ContainerdBinary & Near) | undefined,
    emit: (event: ProofEvent) => void,
  ) {
    this.#planned = planned;
    this.#binary = binary;
    this.#pending = new Map(planned.pulls.map((pull) => [pull.id, pull]));
    this.#emit = emit;
  }

  /** What is to be pulled yet. */
  get pending(): readonly NodePull[] {
    return [...this.#pending.values()];
  }

  /** A pull that was proved, rather by a mirror than without, until its control has come: while no registry answers it has to fail. */
  get toControl(): NodePull | undefined {
    return this.#toControl?.pull;
  }

  /** False where containerd does not pull at all. */
  start(start: NodeStart): boolean {
    this.#runtime = `containerd ${this.#binary?.version ?? ''}`;
    if (start.kind === 'running') return true;
    const isMachine = start.kind === 'failed' || isMachineText(start.text);
    const outcome = isMachine ? inconclusive(start.text) : this.#refute(start.text);
    for (const pull of this.pending) this.#conclude(pull, outcome);
    return false;
  }

  report({ id, result, requests, via, isUpstream }: PullReport): void {
    const pull = this.#pending.get(id);
    if (!pull) return;
    const outcome = this.#judge(pull, result, via, isUpstream);
    const isBetter = !this.#toControl || (this.#toControl.isUpstream && !isUpstream);
    if (outcome.status === 'proved' && isBetter) this.#toControl = { pull, isUpstream };
    this.#conclude(pull, outcome, requests);
  }

  control(result: PullResult): void {
    this.#concludeControl(controlResult(result));
  }

  /** Nothing is tried any more: neither what is to be pulled yet nor a control. */
  leaveOpen(reason: string): void {
    for (const pull of this.pending) this.leavePullOpen(pull, reason);
    this.#concludeControl({ kind: 'open', reason });
  }

  leavePullOpen(pull: NodePull, reason: string): void {
    this.#conclude(pull, inconclusive(reason));
  }

  #judge(pull: NodePull, result: PullResult, via: string | undefined, isUpstream: boolean): Outcome {
    switch (result.kind) {
      case 'pulled':
        return via === undefined
          ? inconclusive('it was pulled, and no stand-in was asked for it')
          : { status: 'proved', via, isUpstream };
      case 'hung':
        return inconclusive('the pull did not come to an end in time');
      case 'crashed':
        return /^(?:panic|fatal error): /.test(result.text)
          ? this.#refute(`containerd crashed: ${result.text}`)
          : inconclusive('containerd ended before the pull did');
      case 'failed':
        return this.#judgeFailure(pull, result);
    }
  }

  #judgeFailure(pull: NodePull, failure: Failure): Outcome {
    const { text } = failure;
    if (isOfMachine(failure)) return inconclusive(text);
    return (
      judgeMissingSecret(pull, text) ??
      judgeMissingFile(this.#planned, text, isWritable) ??
      this.#refute(text)
    );
  }

  #refute(error: string): Outcome {
    const { version } = this.#planned;
    if (this.#binary?.nearness !== 'other') return { status: 'refuted', error };
    return inconclusive(
      `containerd ${this.#binary.version}, which reads other files than ${version}, failed: ${error}`,
    );
  }

  #conclude(pull: NodePull, outcome: Outcome, evidence: Proof['evidence'] = []): void {
    this.#pending.delete(pull.id);
    const shown = { outcome, evidence, assumptions: this.#assumptions(), runtime: this.#runtime };
    this.#emit({ kind: 'proof', proof: makeProof(this.#planned, pull, shown) });
  }

  #concludeControl(result: ControlResult): void {
    const pull = this.toControl;
    if (!pull) return;
    this.#toControl = undefined;
    this.#emit({ kind: 'control', control: judgeControl(pull, result) });
  }

  #assumptions(): readonly string[] {
    const { version, isVersionAssumed } = this.#planned;
    const binary = this.#binary;
    return binary && !isVersionAssumed && binary.nearness !== 'same'
      ? [`containerd ${binary.version} stands in for ${version}, which is not on this machine`]
      : [];
  }
}

type Failure = Extract<PullResult, { kind: 'failed' }>;

/** `Unavailable` is containerd itself, or the connection to it. */
function isOfMachine({ code, text }: Failure): boolean {
  return code === 'Unavailable' || isMachineText(text);
}

function controlResult(result: PullResult): ControlResult {
  switch (result.kind) {
    case 'pulled':
      return result;
    case 'failed':
      return isOfMachine(result) ? { kind: 'open', reason: result.text } : result;
    case 'hung':
      return { kind: 'open', reason: 'it did not come to an end in time' };
    case 'crashed':
      return { kind: 'open', reason: `containerd ended before it did: ${result.text}` };
  }
}
