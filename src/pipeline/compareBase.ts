import { compareStates } from '../diff/compareStates.ts';
import type { Difference } from '../diff/difference.ts';
import { UserError } from '../errors.ts';
import { refuseUnreadable } from './findRegistries.ts';
import { openFolder } from './openFolder.ts';
import { analyse, type Analysis, type AnalyseOptions } from './run.ts';

/** An older state of a repository, and how it differs from the one that was analysed. */
export interface ComparedBase {
  readonly base: Analysis;
  readonly difference: Difference;
}

/**
 * Compares what was analysed with an older state of the same folder.
 *
 * @param root - The folder with the older state.
 * @throws {@link UserError} where that cannot be read.
 */
export function compareBase(
  head: Analysis,
  root: string,
  manifests: readonly string[],
  options: AnalyseOptions,
): ComparedBase {
  try {
    const base = analyse(openFolder(root, manifests), { ...options, mayLackRegistries: true });
    refuseUnreadable(base.registries);
    return { base, difference: compareStates(base, head) };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    throw new UserError(`the base: ${error.message}`, error.hint, { cause: error });
  }
}
