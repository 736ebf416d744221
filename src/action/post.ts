import { getState } from '@actions/core';
import { cleanUpKind } from '../proof/kind/runs.ts';
import { printLine } from './log.ts';
import { provedWithKind } from './proofs.ts';

// After a step that was cancelled or killed its cluster may still be there: what belongs to runs whose process is gone is removed.
if (getState(provedWithKind) === 'true') {
  try {
    await cleanUpKind(process.env);
  } catch (error) {
    printLine(
      `The kind cluster could not be removed: ${error instanceof Error ? error.message : String(error)}.`,
    );
  }
}
