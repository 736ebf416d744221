import { exitCodes } from '../../exitCodes.ts';
import { readFolder } from '../../files/folder.ts';
import type { ImageUse } from '../../manifest/imageUse.ts';
import { analyse } from '../../pipeline/run.ts';
import { describeImageUse } from '../../report/json.ts';
import { visibleText } from '../../report/visibleText.ts';
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
    const line = parseCommandLine(args, commonOptions);
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const { root, manifests, ...options } = runOptions(line, line.positionals[0]);
    const { report } = analyse(readFolder(root, { manifests }), options);
    if (format === 'json')
      terminal.write(`${JSON.stringify({ images: report.images.map(describeImageUse) }, undefined, 2)}\n`);
    else for (const use of report.images) terminal.write(formatUse(use));
    return exitCodes.clean;
  },
};

function formatUse({ text, location, status, workload, from }: ImageUse): string {
  const who = workload ? `${workload.kind}/${workload.name} ${from}` : from;
  const mark = status === 'unresolved' ? ' (unresolved)' : '';
  return `${visibleText(`${location.file}:${location.start.line}:${location.start.column}  ${text}${mark}  ${who}`)}\n`;
}
