import { compareStates } from '../diff/compareStates.ts';
import type { Difference } from '../diff/difference.ts';
import { UserError } from '../errors.ts';
import { analyseFolder, type AnalyseFolderOptions } from './analyseFolder.ts';
import { refuseUnreadable } from './findRegistries.ts';
import type { Analysis } from './run.ts';

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
export async function compareBase(
  head: Analysis,
  root: string,
  options: AnalyseFolderOptions,
): Promise<ComparedBase> {
  try {
    const base = await analyseFolder(root, { ...options, mayLackRegistries: true });
    refuseUnreadable(base.registries);
    return { base, difference: compareStates(base, head) };
  } catch (error) {
    throw sayingBase(error);
  }
}

/**
 * Analyses an older state of a folder as it is, with a registries.yaml that is no YAML too.
 *
 * @throws {@link UserError} where it cannot be read.
 */
export async function analyseBase(root: string, options: AnalyseFolderOptions): Promise<Analysis> {
  try {
    return await analyseFolder(root, { ...options, mayLackRegistries: true });
  } catch (error) {
    throw sayingBase(error);
  }
}

function sayingBase(error: unknown): unknown {
  if (!(error instanceof UserError)) return error;
  return new UserError(`the base: ${error.message}`, error.hint, { cause: error });
}
