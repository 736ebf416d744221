import { UserError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import type { Environment } from '../github/environment.ts';
import { formatWorkflowCommand } from '../report/workflowCommand.ts';
import { printCommand, printGroup } from './log.ts';

/** Says why the step could not do its work. Returns the exit code. */
export function reportFailure(error: unknown, environment: Environment): number {
  if (error instanceof UserError) {
    const message = `${[error.message, error.hint].filter((part) => part !== undefined).join(': ')}.`;
    printCommand(formatWorkflowCommand('error', { title: 'mirrorproof' }, message));
    return exitCodes.usage;
  }
  const bug = error instanceof Error ? error : new Error(String(error));
  const message = `mirrorproof has a bug: ${bug.message}. Please report it: ${issueUrl(bug, environment)}`;
  printCommand(formatWorkflowCommand('error', { title: 'mirrorproof' }, message));
  printGroup('Stack of the error', (bug.stack ?? bug.message).split('\n'));
  return exitCodes.bug;
}

/**
 * The page for a new issue, filled in. The error's message stays out of it, because it may quote a private repository: only
 * the places in mirrorproof's own code go in.
 */
function issueUrl(bug: Error, environment: Environment): string {
  const frames = (bug.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const body = [
    `mirrorproof ${environment['GITHUB_ACTION_REF'] || '(version?)'}, Node.js ${process.version}, ${process.platform}`,
    '',
    '```',
    bug.name,
    ...frames.slice(0, 8).map((frame) => frame.replaceAll(/(?:file:\/\/)?\/[^\s:()]*\//g, '')),
    '```',
  ];
  const parameters = new URLSearchParams({ title: `Bug: ${bug.name}`, body: body.join('\n') });
  return `https://github.com/${environment['GITHUB_ACTION_REPOSITORY'] || 'mirrorproof/mirrorproof'}/issues/new?${parameters.toString()}`;
}
