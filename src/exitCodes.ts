import { isAtLeast, type Severity, type Threshold } from './source/severity.ts';

/** With what the command line and the Action's step end. */
export const exitCodes = {
  /** Nothing was found at or over `--fail-on`. */
  clean: 0,
  /** Findings at or over `--fail-on`. */
  findings: 1,
  /** A wrong invocation, or input that cannot be read. */
  usage: 2,
  /** A proof that was asked for could not be made. */
  unproved: 3,
  /** A bug of mirrorproof. */
  bug: 70,
} as const;

/** The exit code of a run with these findings. */
export function exitCodeOf(
  findings: readonly { readonly severity: Severity }[],
  failOn: Threshold,
): typeof exitCodes.clean | typeof exitCodes.findings {
  const fails = failOn !== 'never' && findings.some(({ severity }) => isAtLeast(severity, failOn));
  return fails ? exitCodes.findings : exitCodes.clean;
}
