import { UserError } from '../../errors.ts';
import { exitCodes } from '../../exitCodes.ts';
import { writeFolder } from '../../files/writeFolder.ts';
import { refuseUnreadable } from '../../pipeline/findRegistries.ts';
import { analyseFolder } from '../../pipeline/analyseFolder.ts';
import { type Analysis } from '../../pipeline/run.ts';
import { describeStart } from '../../report/json.ts';
import { logLine } from '../../report/workflowCommand.ts';
import { writeJson } from '../../report/writeJson.ts';
import { formatPlace } from '../../source/location.ts';
import { fillInSecrets } from '../withSecrets.ts';
import type { Command } from '../command.ts';
import {
  commonHelp,
  commonOptions,
  choiceOption,
  parseCommandLine,
  runOptions,
  textOption,
} from '../options.ts';
import { checkRendered } from '../renderCheck.ts';

export const render: Command = {
  summary: 'write the files that each node needs',
  help: `mirrorproof render [FOLDER] [OPTIONS]

Writes, for each node that the registries.yaml in FOLDER (default: .) names, the files that belong on it, as a tree:
OUT/nodes/NAME/etc/containerd/..., with a script apply.sh that puts them in their places. Nodes with the same files share a
folder; OUT/index.md says which. Secrets are never written: \${NAME} stands in their place, and apply.sh fills it in. Below
OUT/cluster are the forms for kind, Talos, CRI-O and BuildKit; what of registries.yaml they have no words for is listed.

  --out OUT           the folder to write into; it is made if it is not there (default: print the files)
  --with-secrets      write the values of these environment variables instead, into files for their owner only; needs --out
  --check DIR         write nothing: exit with 1 where DIR is not just what is rendered, and print how it differs
  --format FORMAT     text or json, for what is printed (default: text)
${commonHelp}
`,
  async run(args, terminal) {
    const line = parseCommandLine(
      args,
      {
        ...commonOptions,
        out: { type: 'string' },
        check: { type: 'string' },
        'with-secrets': { type: 'boolean' },
      },
      1,
    );
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const { root, ...options } = runOptions(line, line.positionals[0]);
    const { registries, report, unexpressed } = await analyseFolder(root, options);
    refuseUnreadable(registries);
    const { rendered } = report;
    const out = textOption(line, 'out');
    const checked = textOption(line, 'check');
    if (out !== undefined && checked !== undefined)
      throw new UserError('--out and --check do not go together', 'run render twice');
    if (checked !== undefined) return checkRendered(checked, rendered, format, terminal);
    const withSecrets = line.values['with-secrets'] === true;
    if (withSecrets && out === undefined)
      throw new UserError('--with-secrets needs --out', 'secrets are not printed');
    if (out !== undefined) writeRendered(out, rendered, withSecrets);
    if (format === 'json') terminal.write(formatJson(rendered, unexpressed));
    else if (out === undefined) for (const file of rendered) terminal.write(formatFile(file));
    else {
      for (const path of rendered.keys()) terminal.write(`${logLine(`${out}/${path}`)}\n`);
      for (const lost of unexpressed) terminal.write(`${logLine(formatUnexpressed(lost))}\n`);
    }
    return exitCodes.clean;
  },
};

function writeRendered(out: string, rendered: ReadonlyMap<string, string>, withSecrets: boolean): void {
  if (!withSecrets) return writeFolder(out, rendered);
  const filled = fillInSecrets(rendered, process.env);
  writeFolder(out, filled, (path) => filled.get(path) !== rendered.get(path));
}

function formatJson(rendered: ReadonlyMap<string, string>, unexpressed: Analysis['unexpressed']): string {
  const lost = unexpressed.map(({ target, what, location }) => ({
    target,
    what,
    ...(location && describeStart(location)),
  }));
  return writeJson({ files: Object.fromEntries(rendered), unexpressed: lost });
}

function formatUnexpressed({ target, what, location }: Analysis['unexpressed'][number]): string {
  const place = location ? `${formatPlace(location)} ` : '';
  return `${place}is not in the files for ${target}: ${what}`;
}

/** A file as it may be shown: what is odd in it is escaped, unlike in the file that is written. */
function formatFile([path, text]: readonly [path: string, text: string]): string {
  return `==> ${path} <==\n${text.split('\n').map(logLine).join('\n')}\n`;
}
