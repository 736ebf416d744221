import type { Location } from '../source/location.ts';
import type { Discovery } from './discovery.ts';
import { factsByName, secretNamesReader } from './factsByName.ts';

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
  const secretsOf = factsByName(discovery.secrets);
  const namedBy = secretNamesReader(discovery.serviceAccounts);
  const byKey = new Map<string, MissingPullSecret>();
  for (const { workload, reference } of discovery.uses) {
    if (!workload) continue;
    for (const { value, location } of namedBy(workload)) {
      // A name with a placeholder in it is not known yet.
      if (/[{}$<>]/.test(value) || secretsOf(value, workload.namespace).length > 0) continue;
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
