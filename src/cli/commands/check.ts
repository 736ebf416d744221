import { exitCodes } from '../../exitCodes.ts';
import { openFolder } from '../../pipeline/openFolder.ts';
import { analyse } from '../../pipeline/run.ts';
import { formatGithub } from '../../report/github.ts';
import { formatJson } from '../../report/json.ts';
import { formatText } from '../../report/text.ts';
import { isAtLeast } from '../../source/severity.ts';
import type { Command } from '../command.ts';
import { choiceOption, commonHelp, commonOptions, parseCommandLine, runOptions } from '../options.ts';
import { paint } from '../paint.ts';

const formats = ['text', 'json', 'github'] as const;
const thresholds = ['error', 'warning', 'notice', 'never'] as const;

export const check: Command = {
  summary: 'say which images will not pull on which node, and what else is wrong',
  help: `mirrorproof check [FOLDER] [OPTIONS]

Reads the registries.yaml and the Kubernetes manifests in FOLDER (default: .) and reports what will not pull.

  --fail-on LEVEL     exit with 1 at a finding of this level or worse: error, warning, notice, never (default: error)
  --format FORMAT     text, json, or github for workflow commands (default: text)
${commonHelp}
`,
  run(args, terminal) {
    const line = parseCommandLine(args, { ...commonOptions, 'fail-on': { type: 'string' } }, 1);
    const format = choiceOption(line, 'format', formats, 'text');
    const failOn = choiceOption(line, 'fail-on', thresholds, 'error');
    const { root, manifests, ...options } = runOptions(line, line.positionals[0]);
    const { report, files } = analyse(openFolder(root, manifests), options);
    if (format === 'json') terminal.write(formatJson(report));
    else if (format === 'github') terminal.write(formatGithub(report));
    else terminal.write(formatText(report, files, paint(terminal.hasColors)));
    const fails = failOn !== 'never' && report.findings.some(({ severity }) => isAtLeast(severity, failOn));
    return fails ? exitCodes.findings : exitCodes.clean;
  },
};
