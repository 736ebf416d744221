import { UserError } from '../../errors.ts';
import { exitCodes } from '../../exitCodes.ts';
import type { Confidence, ImageUse, Puller } from '../../manifest/imageUse.ts';
import { analyseFolder } from '../../pipeline/analyseFolder.ts';
import type { Analysis } from '../../pipeline/run.ts';
import { formatReference } from '../../reference/parseReference.ts';
import { formatTrace, formatTraceJson, nearestImages, traceImages } from '../../report/imageTrace.ts';
import { describeImageUse } from '../../report/json.ts';
import { plural } from '../../report/plural.ts';
import { logLine } from '../../report/workflowCommand.ts';
import { writeJson } from '../../report/writeJson.ts';
import { formatPlace } from '../../source/location.ts';
import type { Command, Terminal } from '../command.ts';
import {
  choiceOption,
  commonHelp,
  commonOptions,
  parseCommandLine,
  runOptions,
  textOption,
  type CommandLine,
} from '../options.ts';
import { warn } from '../warn.ts';

const formats = ['text', 'json', 'list'] as const;
const pullers = ['node', 'controller', 'builder', 'runner'] as const satisfies readonly Puller[];
const confidences = ['certain', 'likely', 'possible'] as const satisfies readonly Confidence[];

export const images: Command = {
  summary: 'list every image that the repository names, with file, line and column',
  help: `mirrorproof images [FOLDER] [OPTIONS]
mirrorproof images --why IMAGE [FOLDER] [OPTIONS]

Lists every image in FOLDER (default: .): those of the manifests, those listed in registries.yaml, and the sandbox images.
With --why, every place that names one image: file, line and workload, what makes it, and which nodes pull it. IMAGE is a name
in full (docker.io/library/nginx) or as people write it (nginx), with a tag or digest or for all of them. Ends with 1 where
nothing names it.

The format list is for the programs that copy images (\`crane copy\`, \`skopeo copy\`, scripts for air-gapped sites): one image a
line, in full, sorted, each once. It has what nodes pull, and nothing that only looks like an image; what is not resolved is
named on the standard error.

  --why IMAGE         say where this image comes from
  --pulled-by WHO     only what is pulled by these: node, controller, builder (a program in a Pod), runner (of CI)
                      (default: all; for a list: node)
  --confidence LEVEL  only what is an image as surely as this: certain, likely, possible (default: possible; for a list:
                      likely)
  --format FORMAT     text, json or list (default: text)
${commonHelp}
`,
  async run(args, terminal) {
    const options = { ...commonOptions, why: { type: 'string' }, ...filterOptions } as const;
    const line = parseCommandLine(args, options, 1);
    const format = choiceOption(line, 'format', formats, 'text');
    const why = textOption(line, 'why');
    if (why !== undefined && format === 'list')
      throw new UserError('--why and --format list do not go together');
    const isWanted = useFilter(line, format === 'list');
    const { root, ...rest } = runOptions(line, line.positionals[0]);
    const analysis = await analyseFolder(root, rest);
    const uses = analysis.report.images.filter(isWanted);
    if (why !== undefined) return explainImage(why, uses, analysis, format === 'json', terminal);
    if (format === 'list') return writeList(uses, terminal);
    if (format === 'json') terminal.write(writeJson({ images: uses.map(describeImageUse) }));
    else for (const use of uses) terminal.write(formatUse(use));
    return exitCodes.clean;
  },
};

const filterOptions = { 'pulled-by': { type: 'string' }, confidence: { type: 'string' } } as const;

function useFilter(line: CommandLine, isForList: boolean): (use: ImageUse) => boolean {
  const puller = choiceOption(line, 'pulled-by', ['all', ...pullers] as const, isForList ? 'node' : 'all');
  const confidence = choiceOption(line, 'confidence', confidences, isForList ? 'likely' : 'possible');
  const accepted = confidences.slice(0, confidences.indexOf(confidence) + 1);
  return (use) => accepted.includes(use.confidence) && (puller === 'all' || use.pulledBy.includes(puller));
}

function explainImage(
  why: string,
  uses: readonly ImageUse[],
  { cases }: Analysis,
  isJson: boolean,
  terminal: Terminal,
): number {
  const traced = traceImages(why, uses, cases);
  if (isJson) terminal.write(formatTraceJson(why, traced));
  else terminal.write(formatTrace(traced));
  if (traced.length > 0) return exitCodes.clean;
  const near = nearestImages(why, uses);
  const hint = near.length > 0 ? `did you mean ${near.join(' or ')}?` : '`mirrorproof images` lists what is';
  warn(`nothing here names the image ${why}: ${hint}`);
  return exitCodes.findings;
}

/** Places that are named on the standard error. */
const maxWarnings = 20;

function writeList(uses: readonly ImageUse[], terminal: Terminal): number {
  const listed = new Set(uses.flatMap(({ reference }) => (reference ? [formatReference(reference)] : [])));
  terminal.write(
    [...listed]
      .sort()
      .map((image) => `${image}\n`)
      .join(''),
  );
  const missing = uses.filter(({ reference }) => !reference);
  for (const { text, location, invalid } of missing.slice(0, maxWarnings)) {
    const reason = invalid ?? 'something in it is still to be filled in';
    warn(`not in the list: ${formatPlace(location)} ${text}: ${reason}`);
  }
  const others = missing.length - maxWarnings;
  if (others > 0) warn(`not in the list: ${plural(others, 'other place')}, see \`mirrorproof images\``);
  return exitCodes.clean;
}

function formatUse({ text, location, status, workload, from }: ImageUse): string {
  const who = workload ? `${workload.kind}/${workload.name} ${from}` : from;
  const mark = status === 'unresolved' ? ' (unresolved)' : '';
  return `${logLine(`${formatPlace(location)}  ${text}${mark}  ${who}`)}\n`;
}
