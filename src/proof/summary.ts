import type { Control, Proof } from './proof.ts';

/** What a run found out. */
export interface ProofRun {
  readonly engine: string;
  readonly proofs: readonly Proof[];
  readonly controls: readonly Control[];
}

/**
 * What it comes to: a control that pulled makes the whole run worthless; one refuted pull outweighs all that is inconclusive,
 * and no pull that is inconclusive counts as proved.
 */
export type ProofVerdict = 'worthless' | 'refuted' | 'inconclusive' | 'proved';

export function verdictOf({ proofs, controls }: ProofRun): ProofVerdict {
  if (controls.some(({ isSound }) => !isSound)) return 'worthless';
  const has = (status: Proof['outcome']['status']): boolean =>
    proofs.some(({ outcome }) => outcome.status === status);
  if (has('refuted')) return 'refuted';
  return has('inconclusive') ? 'inconclusive' : 'proved';
}

/** How many pulls came out how. */
export function countOutcomes({ proofs }: ProofRun): Readonly<Record<Proof['outcome']['status'], number>> {
  const counts = { proved: 0, refuted: 0, inconclusive: 0 };
  for (const { outcome } of proofs) counts[outcome.status] += 1;
  return counts;
}

/** In the order of the plan, whichever pull was the first to end. */
export function sortProofs(proofs: readonly Proof[], order: readonly string[]): readonly Proof[] {
  const places = new Map(order.map((id, index) => [id, index]));
  return [...proofs].sort((a, b) => (places.get(a.pull.id) ?? 0) - (places.get(b.pull.id) ?? 0));
}
