import { UserError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { logLine } from '../report/workflowCommand.ts';

const issues = 'https://github.com/mirrorproof/mirrorproof/issues';

/** What is said of an error that ends a command, and the exit code for it. */
export function describeFailure(error: unknown): { readonly text: string; readonly exitCode: number } {
  if (error instanceof UserError) {
    const hint = error.hint === undefined ? '' : `: ${error.hint}`;
    return { text: `${logLine(`mirrorproof: ${error.message}${hint}`)}\n`, exitCode: exitCodes.usage };
  }
  // What JSON.stringify throws for a text beyond 512 MiB.
  if (error instanceof RangeError && error.message === 'Invalid string length') {
    const hint = 'check fewer files at once with --manifests, or mend the first findings';
    return {
      text: `mirrorproof: the report is too large to be written: ${hint}\n`,
      exitCode: exitCodes.usage,
    };
  }
  const bug = error instanceof Error ? error : new Error(String(error));
  const stack = (bug.stack ?? bug.message).split('\n').map(logLine).join('\n');
  return {
    text: `mirrorproof has a bug. Please report it at ${issues}\n${stack}\n`,
    exitCode: exitCodes.bug,
  };
}
