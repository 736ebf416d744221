import { logLine } from '../report/workflowCommand.ts';

/** Says something on the standard error, beside what the command prints. */
export function warn(message: string): void {
  process.stderr.write(`${logLine(`mirrorproof: ${message}`)}\n`);
}
