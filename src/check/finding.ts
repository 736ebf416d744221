import { compareLocations, type Location } from '../source/location.ts';

export const severities = ['error', 'warning', 'notice'] as const;

/** How bad a finding is: an error will break a pull, a warning may, a notice is worth knowing. */
export type Severity = (typeof severities)[number];

/** Another place that belongs to a finding, and what it has to do with it. */
export interface Related {
  readonly message: string;
  readonly location: Location;
}

/** A change of one stretch of text that mends a finding. */
export interface TextEdit {
  readonly location: Location;
  readonly replacement: string;
}

/** What to do about a finding: always in words, and as an edit where one stretch of text is the whole fix. */
export interface Fix {
  readonly message: string;
  readonly edit?: TextEdit;
}

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

/** True when a finding of severity `severity` is at least as bad as `threshold`. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold);
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
