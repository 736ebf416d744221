import { exitCodeOf } from '../../exitCodes.ts';
import { withCheckOut } from '../../git/checkOut.ts';
import { analyseFolder } from '../../pipeline/analyseFolder.ts';
import { onlyNewFindings } from '../../pipeline/changedFindings.ts';
import { analyseBase } from '../../pipeline/compareBase.ts';
import type { Analysis } from '../../pipeline/run.ts';
import { formatGithub } from '../../report/github.ts';
import { formatJson } from '../../report/json.ts';
import type { Report } from '../../report/report.ts';
import { formatText } from '../../report/text.ts';
import { thresholds } from '../../source/severity.ts';
import type { Command } from '../command.ts';
import { findRevision, reportingGit } from '../gitRevision.ts';
import {
  choiceOption,
  commonHelp,
  commonOptions,
  parseCommandLine,
  runOptions,
  textOption,
  type CommandLine,
} from '../options.ts';
import { paint } from '../paint.ts';

const formats = ['text', 'json', 'github'] as const;

export const check: Command = {
  summary: 'say which images will not pull on which node, and what else is wrong',
  help: `mirrorproof check [FOLDER] [OPTIONS]

Reads the registries.yaml and the Kubernetes manifests in FOLDER (default: .) and reports what will not pull.

  --fail-on LEVEL     exit with 1 at a finding of this level or worse: error, warning, notice, never (default: error)
  --changed-since REV
                      report only findings that the change causes, wherever they are: those that the state at this commit,
                      branch or tag does not have, or rather at the commit at which the history parted from it
  --format FORMAT     text, json, or github for workflow commands (default: text)
${commonHelp}
`,
  async run(args, terminal) {
    const options = { 'fail-on': { type: 'string' }, 'changed-since': { type: 'string' } } as const;
    const line = parseCommandLine(args, { ...commonOptions, ...options }, 1);
    const format = choiceOption(line, 'format', formats, 'text');
    const failOn = choiceOption(line, 'fail-on', thresholds, 'error');
    const { report, files } = await checkLine(line);
    if (format === 'json') terminal.write(formatJson(report));
    else if (format === 'github') terminal.write(formatGithub(report));
    else terminal.write(formatText(report, files, paint(terminal.hasColors)));
    return exitCodeOf(report.findings, failOn);
  },
};

async function checkLine(line: CommandLine): Promise<Pick<Analysis, 'report' | 'files'>> {
  const { root, ...options } = runOptions(line, line.positionals[0]);
  const revision = textOption(line, 'changed-since');
  const since = revision === undefined ? undefined : await findRevision(root, '--changed-since', revision);
  const head = await analyseFolder(root, options);
  if (revision === undefined || since === undefined) return head;
  const compare = async (folder: string): Promise<Report> =>
    onlyNewFindings(head, await analyseBase(folder, options), revision);
  const report = await reportingGit(() => withCheckOut(since.where, since.commit, compare));
  return { report, files: head.files };
}
