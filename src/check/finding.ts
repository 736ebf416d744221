import type { Fix, Related } from '../source/fix.ts';
import { compareLocations, type Location } from '../source/location.ts';
import { isAtLeast, severities, type Severity } from '../source/severity.ts';

/** Something in the user's files that breaks a pull, or may. */
export interface Finding {
  /** Id of the check that found it. */
  readonly check: string;
  readonly severity: Severity;
  /** One sentence: what is wrong and what containerd will do. */
  readonly message: string;
  readonly location: Location;
  /** Names of the nodes that it concerns; absent when it concerns no node in particular. */
  readonly nodes?: readonly string[];
  /** The image reference that it concerns, as written. */
  readonly image?: string;
  readonly related?: readonly Related[];
  readonly fix?: Fix;
}

/** True where an error is known already on the line of a finding. */
export function isSaid({ location }: Finding, known: readonly Finding[]): boolean {
  return known.some(
    (finding) =>
      isAtLeast(finding.severity, 'error') &&
      finding.location.file === location.file &&
      finding.location.start.line === location.start.line,
  );
}

/** Orders findings for people who read top down: by place, then worst first. */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    compareLocations(a.location, b.location) ||
    severities.indexOf(a.severity) - severities.indexOf(b.severity) ||
    (a.check < b.check ? -1 : a.check > b.check ? 1 : 0) ||
    (a.message < b.message ? -1 : a.message > b.message ? 1 : 0)
  );
}
