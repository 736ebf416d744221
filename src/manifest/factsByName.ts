import type { Located } from '../source/location.ts';
import type { ServiceAccountFact } from './facts.ts';
import type { Workload } from './imageUse.ts';

interface NamedFact {
  readonly name: string;
  readonly namespace?: string;
}

/**
 * Finds what has a name and may be in a namespace, in the order of the facts. A namespace that is not written is chosen when the
 * manifest is applied, and may be any.
 */
export function factsByName<T extends NamedFact>(
  facts: readonly T[],
): (name: string, namespace: string | undefined) => readonly T[] {
  const byName = new Map<string, T[]>();
  for (const fact of facts) {
    const known = byName.get(fact.name);
    if (known) known.push(fact);
    else byName.set(fact.name, [fact]);
  }
  return (name, namespace) =>
    (byName.get(name) ?? []).filter((fact) => mayBeSameNamespace(fact.namespace, namespace));
}

/** True unless both are written and differ. */
export function mayBeSameNamespace(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}

/** Tells which pull secrets the Pods of a workload get: those that it names itself, and those of its ServiceAccount. */
export function secretNamesReader(
  serviceAccounts: readonly ServiceAccountFact[],
): (workload: Workload) => readonly Located<string>[] {
  const accountsOf = factsByName(serviceAccounts);
  return ({ serviceAccountName, namespace, imagePullSecrets }) => {
    const [account] = accountsOf(serviceAccountName ?? 'default', namespace);
    return account ? [...imagePullSecrets, ...account.imagePullSecrets] : imagePullSecrets;
  };
}
