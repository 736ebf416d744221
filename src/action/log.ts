import { formatWorkflowCommand, logLine } from '../report/workflowCommand.ts';

/** Prints a line that the runner takes for nothing but text. */
export function printLine(text: string): void {
  printCommand(logLine(text));
}

/** Prints a line that {@link formatWorkflowCommand} made. */
export function printCommand(command: string): void {
  process.stdout.write(`${command}\n`);
}

/** Prints lines under a title that unfolds them. */
export function printGroup(title: string, lines: Iterable<string>): void {
  printCommand(formatWorkflowCommand('group', {}, title));
  for (const line of lines) printLine(line);
  printCommand(formatWorkflowCommand('endgroup', {}, ''));
}
