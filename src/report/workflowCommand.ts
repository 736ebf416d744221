import { visibleText } from './visibleText.ts';

/** The commands that the report needs; the runner knows more. */
export type WorkflowCommand = 'error' | 'warning' | 'notice' | 'group' | 'endgroup';

/** A property that is absent is left out. */
export type CommandProperties = Readonly<Record<string, string | number | undefined>>;

/**
 * One line by which a step tells the GitHub Actions runner something. The runner undoes the escapes, so any text can be a
 * property or a message, and none can end the command early or start another.
 */
// actions/runner src/Runner.Common/ActionCommand.cs TryParseV2
export function formatWorkflowCommand(
  command: WorkflowCommand,
  properties: CommandProperties,
  message: string,
): string {
  const written = Object.entries(properties)
    .filter(([, value]) => value !== undefined && value !== '')
    .map(([name, value]) => `${name}=${escapeProperty(String(value))}`);
  const head = written.length === 0 ? command : `${command} ${written.join(',')}`;
  return `::${head}::${escapeMessage(message)}`;
}

function escapeMessage(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** A text as one line of the log, in which nothing is hidden and which the runner takes for no command. */
export function logLine(text: string): string {
  return inertLine(visibleText(text));
}

/**
 * A line that the runner takes for no command, whatever stands in it. The runner looks for `::` at the start of a line, behind
 * white space, and for the older `##[` anywhere in it.
 */
// actions/runner src/Runner.Common/ActionCommand.cs TryParseV2, TryParse
export function inertLine(line: string): string {
  return line.replaceAll('##[', '##\\[').replace(/^(\s*)::/u, '$1\\::');
}
