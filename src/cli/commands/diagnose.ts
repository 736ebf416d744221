import { explainReport } from '../../diagnose/explainReport.ts';
import { formatJson } from '../../diagnose/json.ts';
import { formatText } from '../../diagnose/text.ts';
import { UserError } from '../../errors.ts';
import { exitCodes } from '../../exitCodes.ts';
import { refuseUnreadable } from '../../pipeline/findRegistries.ts';
import { analyseFolder } from '../../pipeline/analyseFolder.ts';
import type { Command } from '../command.ts';
import {
  choiceOption,
  commonHelp,
  commonOptions,
  parseCommandLine,
  runOptions,
  textOption,
} from '../options.ts';
import { paint } from '../paint.ts';

export const diagnose: Command = {
  summary: 'say what pull errors mean and which line they come from',
  help: `kubectl describe pod NAME | mirrorproof diagnose [FOLDER] [OPTIONS]

Reads pull errors from the standard input: \`kubectl describe pod\`, \`kubectl get events\` (also with -o json or -o yaml), the
journal of containerd or of the kubelet, what crictl or docker print, or the bare error. Explains each one once, with the line of
the repository in FOLDER (default: .) that it comes from and what to do about it. A repository without a registries.yaml will do.
Asks nobody. Ends with 0, whatever the errors are, and also where the input has none.

  --node NAME         the node that the input is from, where the input does not say it
  --format FORMAT     text or json (default: text)
${commonHelp}
`,
  async run(args, terminal) {
    const line = parseCommandLine(args, { ...commonOptions, node: { type: 'string' } }, 1);
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const { root, ...options } = runOptions(line, line.positionals[0]);
    const analysis = await analyseFolder(root, options);
    refuseUnreadable(analysis.registries);
    const report = explainReport(await readInput(process.stdin), analysis, textOption(line, 'node'));
    terminal.write(
      format === 'json' ? formatJson(report) : formatText(report, analysis.files, paint(terminal.hasColors)),
    );
    return exitCodes.clean;
  },
};

/** In bytes. */
const maxInput = 16 * 1024 * 1024;

async function readInput(input: NodeJS.ReadStream): Promise<string> {
  if (input.isTTY) {
    throw new UserError(
      'diagnose reads the standard input',
      'try `kubectl describe pod NAME | mirrorproof diagnose`',
    );
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of input as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > maxInput) {
      throw new UserError(
        `the input is larger than ${maxInput / 1024 / 1024} MB`,
        'hand over its end, with `tail`',
      );
    }
  }
  return Buffer.concat(chunks).toString('utf8');
}
