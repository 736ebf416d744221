/** The release lines of containerd that were examined, oldest first. */
export const lines = ['1.5', '1.6', '1.7', '2.0', '2.1', '2.2', '2.3'] as const;

export type Line = (typeof lines)[number];

/** A containerd version. Without a patch it is the newest of its line. */
export interface Version {
  readonly line: Line;
  readonly patch: number | undefined;
}

/** Less than 0 where the first version is the older one. */
export function compareVersions(a: Version, b: Version): number {
  if (a.line !== b.line) return lines.indexOf(a.line) - lines.indexOf(b.line);
  return a.patch === b.patch ? 0 : (a.patch ?? Infinity) - (b.patch ?? Infinity);
}

/** The patch of a release line since which it has a feature. */
export interface Since {
  readonly line: Line;
  readonly from: number;
  /** Later lines do not have it, where they are not named. */
  readonly onlyThisLine?: boolean;
}

/** A behaviour that some versions have: a row of the table in `docs/containerd.md`. */
export interface Feature {
  readonly description: string;
  /** Where it was read: files in containerd/containerd and their functions. */
  readonly source: string;
  readonly since: readonly Since[];
}

/** A behaviour of which each version has one of several: a row of the same table. */
export interface Alternatives<T> {
  readonly description: string;
  readonly source: string;
  /** From the newest to the oldest, which 1.5.0 has. */
  readonly choices: readonly [Choice<T>, ...Choice<T>[]];
}

/** True where a version has a feature: its own line decides, or the last line named before it. */
export function hasFeature({ line, patch }: Version, since: readonly Since[]): boolean {
  const own = since.find((entry) => entry.line === line);
  if (own) return patch === undefined || patch >= own.from;
  const last = since.at(-1);
  return last !== undefined && !last.onlyThisLine && lines.indexOf(last.line) < lines.indexOf(line);
}

/** A value and the versions that have it. */
export type Choice<T> = readonly [T, readonly Since[]];

/**
 * The first value that a version has; the values are ordered from the newest to the oldest, which 1.5.0 has.
 */
export function pick<T>(version: Version, choices: readonly [Choice<T>, ...(readonly Choice<T>[])]): T {
  const [value] = choices.find(([, since]) => hasFeature(version, since)) ?? choices[0];
  return value;
}
