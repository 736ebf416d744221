import { join } from 'node:path/posix';
import type { Location } from '../source/location.ts';
import { budgetAnnotations, type Annotation } from './annotations.ts';
import type { Report } from './report.ts';
import { visibleText } from './visibleText.ts';
import { formatWorkflowCommand } from './workflowCommand.ts';

/**
 * The findings as workflow commands, one a line: printed in a step of a GitHub workflow, they become annotations.
 *
 * @param folder - The folder that was checked, relative to the workspace; annotations name files relative to the latter.
 */
export function formatGithub(report: Report, folder = ''): string {
  const { annotations } = budgetAnnotations(report.findings);
  return annotations.map((annotation) => `${formatAnnotation(annotation, folder)}\n`).join('');
}

/** One annotation as a workflow command. */
export function formatAnnotation(annotation: Annotation, folder = ''): string {
  const properties = {
    ...placeProperties(annotation.location, folder),
    title: `mirrorproof: ${annotation.check}`,
  };
  const message = annotation.message.split('\n').map(visibleText).join('\n');
  return formatWorkflowCommand(annotation.severity, properties, message);
}

/** GitHub shows columns only where an annotation begins and ends on one line. */
function placeProperties(
  { file, start, end }: Location,
  folder: string,
): Record<string, string | number | undefined> {
  const endsAtLineBreak = end.column === 1 && end.line > start.line;
  const endLine = endsAtLineBreak ? end.line - 1 : end.line;
  const columns =
    endLine === start.line && !endsAtLineBreak ? { col: start.column, endColumn: end.column } : {};
  return { file: visibleText(join(folder, file)), line: start.line, endLine, ...columns };
}
