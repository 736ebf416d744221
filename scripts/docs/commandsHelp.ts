import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '../../src/cli/command.ts';
import { codeBlock, table } from './markdown.ts';

/** What each command prints for `--help`. */
export async function commandsHelp(root: string): Promise<string> {
  const folder = join(root, 'src/cli/commands');
  const names = readdirSync(folder).map((file) => basename(file, '.ts'));
  const commands = await Promise.all(
    names.sort().map(async (name) => ({ name, ...(await load(folder, name)) })),
  );
  const overview = table(
    ['command', 'what it does'],
    commands.map(({ name, summary }) => [`[${name}](#${name})`, summary]),
  );
  const sections = commands.map(({ name, help }) => `## ${name}\n\n${codeBlock('text', help)}`);
  return [overview, ...sections].join('\n');
}

/** Each file in the folder exports the command that it is named after. */
async function load(folder: string, name: string): Promise<Command> {
  const module = (await import(pathToFileURL(join(folder, `${name}.ts`)).href)) as Readonly<
    Record<string, Command>
  >;
  const command = module[name];
  if (!command) throw new Error(`src/cli/commands/${name}.ts exports no ${name}`);
  return command;
}
