import { diagnose } from '../diagnose/diagnose.ts';
import type { DiagnosedRepository } from '../diagnose/repository.ts';
import type { ProofEngine } from './engine.ts';
import { leaveOpen } from './judgement.ts';
import type { ProofPlan } from './plan.ts';
import type { Control, Proof } from './proof.ts';
import { sortProofs, type ProofRun } from './summary.ts';

/** What a run is to be told apart from the plan. */
export interface RunOptions {
  /** The repository that the plan was made of: the lines to blame are looked for in it. */
  readonly repository: DiagnosedRepository;
  readonly signal: AbortSignal;
  /** Called after each pull. */
  readonly onProgress: (done: number, all: number) => void;
}

/** Has an engine make all proofs of a plan, and explains those that are refuted. What the engine leaves behind is the caller's to remove. */
export async function runProof(
  engine: ProofEngine,
  plan: ProofPlan,
  { repository, signal, onProgress }: RunOptions,
): Promise<ProofRun> {
  const order = plan.nodes.flatMap(({ pulls }) => pulls.map(({ id }) => id));
  const proofs: Proof[] = [];
  const controls: Control[] = [];
  for await (const event of engine.prove(plan, signal)) {
    if (event.kind === 'proof') proofs.push(explain(event.proof, repository));
    else controls.push(event.control);
    onProgress(proofs.length, order.length);
  }
  const all = [...proofs, ...missing(plan, proofs)];
  return { engine: engine.name, proofs: sortProofs(all, order), controls };
}

/** What an engine says nothing of is not proved, be it that it was ended or that it has a bug. */
function missing({ nodes }: ProofPlan, proofs: readonly Proof[]): readonly Proof[] {
  const known = new Set(proofs.map(({ pull }) => pull.id));
  const pulls = nodes.flatMap((node) => node.pulls).filter(({ id }) => !known.has(id));
  return pulls.map((pull) => leaveOpen(pull, 'the run ended before the pull was tried'));
}

/** A refuted pull with what its error means. Nodes that are proved together fail alike, so the first one stands for them. */
function explain(proof: Proof, repository: DiagnosedRepository): Proof {
  const { outcome, pull } = proof;
  if (outcome.status !== 'refuted') return proof;
  const { nodes, reference, image } = pull;
  const [node] = nodes;
  const hint = { reference, image, ...(node !== undefined && { node }) };
  return { ...proof, diagnosis: diagnose(outcome.error, repository, hint) };
}
