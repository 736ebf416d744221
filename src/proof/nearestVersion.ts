interface Versioned {
  readonly version: string;
}

/** How near a containerd is to a node's own. */
export interface Near {
  /** The same version, another patch of its line, another line of its major version, or another major version. */
  readonly nearness: 'same' | 'line' | 'major' | 'other';
}

/**
 * The nearest containerd to a version, `1.6.20` or `1.6`; the newest of those that are equally near, and of the same version the
 * first.
 */
export function chooseNearest<T extends Versioned>(
  version: string,
  candidates: readonly T[],
): (T & Near) | undefined {
  const wanted = numbersOf(version);
  const ranked = candidates.map((candidate) => ({
    candidate,
    distance: distanceBetween(wanted, numbersOf(candidate.version)),
  }));
  ranked.sort(
    (a, b) =>
      compare(a.distance, b.distance) ||
      compare(numbersOf(b.candidate.version), numbersOf(a.candidate.version)),
  );
  const [nearest] = ranked;
  if (!nearest) return undefined;
  const [major = 0, minor = 0, patch = 0] = nearest.distance;
  const nearness = major > 0 ? 'other' : minor > 0 ? 'major' : patch > 0 ? 'line' : 'same';
  return { ...nearest.candidate, nearness };
}

/** A patch that is not known is none to be far from. */
function distanceBetween(wanted: readonly number[], found: readonly number[]): readonly number[] {
  return [0, 1, 2].map((index) => {
    const part = wanted[index];
    return part === undefined ? 0 : Math.abs(part - (found[index] ?? 0));
  });
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map(Number);
}

function compare(a: readonly number[], b: readonly number[]): number {
  const index = a.findIndex((part, at) => part !== b[at]);
  return index < 0 ? 0 : (a[index] ?? 0) - (b[index] ?? 0);
}
