export const severities = ['error', 'warning', 'notice'] as const;

/** How bad a finding is: an error will break a pull, a warning may, a notice is worth knowing. */
export type Severity = (typeof severities)[number];

/** The mildest severity that makes a run fail; `never` for none. */
export const thresholds = [...severities, 'never'] as const;

export type Threshold = (typeof thresholds)[number];

/** True when `severity` is at least as bad as `threshold`. */
export function isAtLeast(severity: Severity, threshold: Severity): boolean {
  return severities.indexOf(severity) <= severities.indexOf(threshold);
}
