import type { Location } from '../source/location.ts';
import type { Discovery } from './discover.ts';
import type { Workload } from './imageUse.ts';

/** A pull secret that workloads name and that no manifest of the repository makes. */
export interface MissingPullSecret {
  readonly name: string;
  /** Absent where the manifest leaves it to the apply command. */
  readonly namespace?: string;
  /** The registries of the images that it is named for, sorted. */
  readonly namespaceHosts: readonly string[];
  /** Where it is named first. */
  readonly location: Location;
}

/** The pull secrets that Pods name, themselves or by their ServiceAccount, and that are not in the repository. */
export function missingPullSecrets(discovery: Discovery): MissingPullSecret[] {
  const byKey = new Map<string, MissingPullSecret>();
  for (const { workload, reference } of discovery.uses) {
    if (!workload) continue;
    for (const { value, location } of namedBy(workload, discovery)) {
      if (isThere(value, workload, discovery)) continue;
      const { namespace } = workload;
      const key = JSON.stringify([namespace, value]);
      const known = byKey.get(key)?.namespaceHosts ?? [];
      const namespaceHosts = [...new Set([...known, ...(reference ? [reference.domain] : [])])].sort();
      const first = byKey.get(key)?.location ?? location;
      byKey.set(key, {
        name: value,
        ...(namespace !== undefined && { namespace }),
        namespaceHosts,
        location: first,
      });
    }
  }
  return [...byKey.values()];
}

function namedBy(workload: Workload, { serviceAccounts }: Discovery): Workload['imagePullSecrets'] {
  const account = serviceAccounts.find(
    ({ name, namespace }) =>
      name === (workload.serviceAccountName ?? 'default') && mayBeSame(namespace, workload.namespace),
  );
  return [...workload.imagePullSecrets, ...(account?.imagePullSecrets ?? [])];
}

/** Also true for a name that is not known yet. */
function isThere(name: string, { namespace }: Workload, { secrets }: Discovery): boolean {
  return (
    /[{}$<>]/.test(name) ||
    secrets.some((secret) => secret.name === name && mayBeSame(secret.namespace, namespace))
  );
}

/** A namespace that is not written is chosen when the manifest is applied, and may be any. */
function mayBeSame(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b;
}
