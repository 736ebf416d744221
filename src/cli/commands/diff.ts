import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { formatDifferenceJson } from '../../diff/json.ts';
import { isEmpty, type Difference } from '../../diff/difference.ts';
import { formatDifference } from '../../diff/text.ts';
import { UserError } from '../../errors.ts';
import { exitCodes } from '../../exitCodes.ts';
import { withCheckOut } from '../../git/checkOut.ts';
import { findCommit, findGitFolder, type GitFolder } from '../../git/repository.ts';
import { compareBase } from '../../pipeline/compareBase.ts';
import { refuseUnreadable } from '../../pipeline/findRegistries.ts';
import { analyseFolder } from '../../pipeline/analyseFolder.ts';
import type { Command } from '../command.ts';
import { fetchHint, reportingGit } from '../gitRevision.ts';
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

export const diff: Command = {
  summary: 'say what a change does to the files of the nodes and to the pulls of images',
  help: `mirrorproof diff --base REV|DIR [FOLDER] [OPTIONS]

Compares FOLDER (default: .) with what it was at a commit, or with another folder: which rendered files change, which images
take another pull path on which nodes, those that the most workloads name first, and which images and nodes come and go.

  --base REV|DIR      a commit, branch or tag of the git repository that FOLDER is in, or a folder; one that is named like a
                      branch is written with ./ in front
  --exit-code         exit with 1 where something changes
  --format FORMAT     text or json (default: text)
${commonHelp}
`,
  async run(args, terminal) {
    const options = { base: { type: 'string' }, 'exit-code': { type: 'boolean' } } as const;
    const line = parseCommandLine(args, { ...commonOptions, ...options }, 1);
    const format = choiceOption(line, 'format', ['text', 'json'] as const, 'text');
    const base = textOption(line, 'base');
    if (base === undefined || base === '')
      throw new UserError('diff wants a --base to compare with', 'see `mirrorproof diff --help`');
    const difference = await compareLine(line, base);
    terminal.write(
      format === 'json'
        ? formatDifferenceJson(difference)
        : formatDifference(difference, paint(terminal.hasColors)),
    );
    const fails = line.values['exit-code'] === true && !isEmpty(difference);
    return fails ? exitCodes.findings : exitCodes.clean;
  },
};

async function compareLine(line: CommandLine, base: string): Promise<Difference> {
  const { root, ...options } = runOptions(line, line.positionals[0]);
  const head = await analyseFolder(root, options);
  refuseUnreadable(head.registries);
  const compare = async (folder: string): Promise<Difference> =>
    (await compareBase(head, folder, options)).difference;
  const found = await findBase(root, base);
  return found.kind === 'folder'
    ? compare(found.folder)
    : reportingGit(() => withCheckOut(found.where, found.commit, compare));
}

type Base =
  | { readonly kind: 'folder'; readonly folder: string }
  | { readonly kind: 'commit'; readonly where: GitFolder; readonly commit: string };

/** What `--base` names: a commit before a folder, unless it is written as a path. */
async function findBase(root: string, base: string): Promise<Base> {
  const folder = resolve(base);
  if (/^(?:\.{0,2}\/|\.{1,2}$)/.test(base)) return { kind: 'folder', folder };
  const isThere = isFolder(folder);
  const where = await reportingGit(() => findGitFolder(root)).catch((error: unknown) => {
    if (isThere && error instanceof UserError) return undefined;
    throw error;
  });
  const commit = where && (await reportingGit(() => findCommit(where, base)));
  if (where && commit !== undefined) return { kind: 'commit', where, commit };
  if (isThere) return { kind: 'folder', folder };
  if (!where)
    throw new UserError(`--base ${base} is no folder, and ${root} is in no git repository to have a commit`);
  throw new UserError(
    `--base ${base} is neither a commit of this repository nor a folder`,
    await fetchHint(where),
  );
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
