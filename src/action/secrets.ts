import { setSecret } from '@actions/core';

/** Shorter values are no secrets, and masking one would make the log unreadable. */
const shortest = 4;

/** Has the runner hide these values in everything that is printed from here on. */
export function maskSecrets(values: Iterable<string | undefined>): void {
  for (const value of values) {
    if (value !== undefined && value.trim().length >= shortest) setSecret(value);
  }
}
