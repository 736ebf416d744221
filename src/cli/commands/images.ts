import { exitCodes } from '../../exitCodes.ts';
import type { ImageUse } from '../../manifest/imageUse.ts';
import { openFolder } from '../../pipeline/openFolder.ts';
import { analyse } from '../../pipeline/run.ts';
import { describeImageUse } from '../../report/json.ts';
import { logLine } from '../../report/workflowCommand.ts';
import { writeJson } from '../../report/writeJson.ts';
import type { Command } from '../command.ts';
import { choiceOption, commonHelp, commonOptions, parseCommandLine, runOptions } from '../options.ts';

export const images: Command = {
  summary: 'list every image that the repository names, with file, line and column',
  help: `mirrorproof images [FOLDER] [OPTIONS]

Lists every image in FOLDER (default: .): those of the manifests, those listed in registries.yaml, and the sandbox images.

  --format FORMAT     text or json (default: text)
${commonHelp}
`,
  run(args, terminal) {
    const line = parseCommandLine(args, commonOptions, 1);
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const { root, manifests, ...options } = runOptions(line, line.positionals[0]);
    const { report } = analyse(openFolder(root, manifests), options);
    if (format === 'json') terminal.write(writeJson({ images: report.images.map(describeImageUse) }));
    else for (const use of report.images) terminal.write(formatUse(use));
    return exitCodes.clean;
  },
};

function formatUse({ text, location, status, workload, from }: ImageUse): string {
  const who = workload ? `${workload.kind}/${workload.name} ${from}` : from;
  const mark = status === 'unresolved' ? ' (unresolved)' : '';
  return `${logLine(`${location.file}:${location.start.line}:${location.start.column}  ${text}${mark}  ${who}`)}\n`;
}
