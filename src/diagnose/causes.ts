import type { Cause } from './cause.ts';
import { contentCauses } from './causes/content.ts';
import { kubeletCauses, wrappers } from './causes/kubelet.ts';
import { loginCauses } from './causes/login.ts';
import { networkCauses } from './causes/network.ts';
import { runtimeCauses } from './causes/runtime.ts';
import { tlsCauses } from './causes/tls.ts';

/** Every cause that is known. The first one that a text fits is its cause, so the more special ones come first. */
export const causes: readonly Cause[] = [
  ...runtimeCauses,
  ...kubeletCauses,
  ...tlsCauses,
  ...loginCauses,
  ...networkCauses,
  ...contentCauses,
  ...wrappers,
];

/** A cause, and where in the text its sign stands. */
export interface FoundCause {
  readonly cause: Cause;
  readonly index: number;
}

/** The cause of an error; undefined where it is not known. */
export function findCause(text: string): FoundCause | undefined {
  for (const cause of causes) {
    for (const pattern of cause.patterns) {
      const index = text.search(pattern);
      if (index >= 0) return { cause, index };
    }
  }
  return undefined;
}
