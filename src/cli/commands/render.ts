import { exitCodes } from '../../exitCodes.ts';
import { writeFolder } from '../../files/writeFolder.ts';
import { refuseUnreadable } from '../../pipeline/findRegistries.ts';
import { openFolder } from '../../pipeline/openFolder.ts';
import { analyse } from '../../pipeline/run.ts';
import { logLine } from '../../report/workflowCommand.ts';
import { writeJson } from '../../report/writeJson.ts';
import type { Command } from '../command.ts';
import {
  commonHelp,
  commonOptions,
  choiceOption,
  parseCommandLine,
  runOptions,
  textOption,
} from '../options.ts';

export const render: Command = {
  summary: 'write the files that each node needs',
  help: `mirrorproof render [FOLDER] [OPTIONS]

Writes, for each node that the registries.yaml in FOLDER (default: .) names, the files that belong on it, as a tree:
OUT/nodes/NAME/etc/containerd/... Secrets are never written: \${NAME} stands in their place.

  --out OUT           the folder to write into; it is made if it is not there (default: print the files)
  --format FORMAT     text or json, for what is printed (default: text)
${commonHelp}
`,
  run(args, terminal) {
    const line = parseCommandLine(args, { ...commonOptions, out: { type: 'string' } }, 1);
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const { root, manifests, ...options } = runOptions(line, line.positionals[0]);
    const { registries, report } = analyse(openFolder(root, manifests), options);
    refuseUnreadable(registries);
    const { rendered } = report;
    const out = textOption(line, 'out');
    if (out !== undefined) writeFolder(out, rendered);
    if (format === 'json') terminal.write(writeJson({ files: Object.fromEntries(rendered) }));
    else if (out === undefined) for (const file of rendered) terminal.write(formatFile(file));
    else for (const path of rendered.keys()) terminal.write(`${logLine(`${out}/${path}`)}\n`);
    return exitCodes.clean;
  },
};

/** A file as it may be shown: what is odd in it is escaped, unlike in the file that is written. */
function formatFile([path, text]: readonly [path: string, text: string]): string {
  return `==> ${path} <==\n${text.split('\n').map(logLine).join('\n')}\n`;
}
