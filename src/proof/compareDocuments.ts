import type { ProofDocument, ProofEntry } from './document.ts';

/** A pull that one engine proved and another one refuted. */
export interface Disagreement {
  readonly reference: string;
  readonly node: string;
  readonly provedBy: string;
  readonly refutedBy: string;
  /** The error of the engine that refuted it. */
  readonly error: string;
  /** What one of them took for granted and the other one did not. */
  readonly differences: readonly string[];
}

/**
 * Where two engines that play the registries say the opposite of one pull, of which one has to be wrong. An engine that could not try
 * a pull says nothing, and so does one with several answers for a reference on a node, which has logins in several ways. Nor does the
 * probe: stand-ins have every image, and the real registries may well lack one.
 */
export function compareDocuments(documents: readonly ProofDocument[]): readonly Disagreement[] {
  const [first, ...others] = documents.filter(({ engine }) => engine !== 'probe');
  if (!first) return [];
  const known = byPull(first);
  return others.flatMap((other) =>
    [...byPull(other)].flatMap(([key, entry]) => {
      const same = known.get(key);
      return same ? disagree({ engine: first.engine, ...same }, { engine: other.engine, ...entry }) : [];
    }),
  );
}

interface Answer extends Pick<ProofEntry, 'reference' | 'status'> {
  readonly node: string;
  readonly error: string;
  readonly assumptions: readonly string[];
}

function byPull({ proofs }: ProofDocument): ReadonlyMap<string, Answer> {
  const answers = new Map<string, Answer>();
  const ambiguous = new Set<string>();
  for (const { reference, nodes, status, error = '', assumptions = [] } of proofs) {
    for (const node of nodes) {
      const key = JSON.stringify([reference, node]);
      if (answers.has(key)) ambiguous.add(key);
      answers.set(key, { reference, node, status, error, assumptions });
    }
  }
  for (const key of ambiguous) answers.delete(key);
  return answers;
}

function disagree(
  a: Answer & { readonly engine: string },
  b: Answer & { readonly engine: string },
): readonly Disagreement[] {
  const [proved, refuted] = a.status === 'proved' ? [a, b] : [b, a];
  if (proved.status !== 'proved' || refuted.status !== 'refuted') return [];
  const { reference, node } = a;
  const differences = [
    ...a.assumptions.filter((text) => !b.assumptions.includes(text)),
    ...b.assumptions.filter((text) => !a.assumptions.includes(text)),
  ];
  const { error } = refuted;
  return [{ reference, node, provedBy: proved.engine, refutedBy: refuted.engine, error, differences }];
}

/** Which of the two is wrong, as the end of a sentence. */
export function explainDisagreement({ differences }: Pick<Disagreement, 'differences'>): string {
  const isBug = 'one of them is wrong, which is a bug of mirrorproof';
  return differences.length === 0 ? isBug : `${isBug} unless it comes from this: ${differences.join('; ')}`;
}
