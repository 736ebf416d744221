import { compareFiles, treeOf, type FileChange } from '../diff/compareFiles.ts';
import { describeFileChange } from '../diff/json.ts';
import { formatFileChanges } from '../diff/text.ts';
import { exitCodes } from '../exitCodes.ts';
import { readTree } from '../files/readTree.ts';
import { plural } from '../report/plural.ts';
import { logLine } from '../report/workflowCommand.ts';
import { writeJson } from '../report/writeJson.ts';
import type { Terminal } from './command.ts';
import { paint } from './paint.ts';

/**
 * Says how a folder differs from what is rendered: as diffs that lead from the folder to that. Returns the exit code.
 *
 * @throws UserError where the folder cannot be read.
 */
export function checkRendered(
  folder: string,
  rendered: ReadonlyMap<string, string>,
  format: 'text' | 'json',
  terminal: Terminal,
): number {
  const changes = compareFiles(readTree(folder), treeOf(rendered));
  if (format === 'json') {
    terminal.write(writeJson({ upToDate: changes.length === 0, files: changes.map(describeFileChange) }));
  } else {
    const details = changes.length > 0 ? `${formatFileChanges(changes, paint(terminal.hasColors))}\n` : '';
    terminal.write(`${details}${logLine(summarize(folder, changes, rendered.size))}\n`);
  }
  return changes.length === 0 ? exitCodes.clean : exitCodes.findings;
}

function summarize(folder: string, changes: readonly FileChange[], files: number): string {
  if (changes.length === 0) return `${folder} is what is rendered: ${plural(files, 'file')}.`;
  const count = (wanted: FileChange['kind']): number =>
    changes.reduce((sum, { kind, paths }) => sum + (kind === wanted ? paths.length : 0), 0);
  const [changed, missing, surplus] = [count('changed'), count('added'), count('removed')];
  return `${folder} is not what is rendered: ${changed} changed, ${missing} missing, ${surplus} surplus.`;
}
