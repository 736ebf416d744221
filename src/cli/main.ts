#!/usr/bin/env node
import { UserError } from '../errors.ts';
import { exitCodes } from '../exitCodes.ts';
import { suggest } from '../source/suggest.ts';
import { version } from '../version.ts';
import type { Command, Terminal } from './command.ts';
import { check } from './commands/check.ts';
import { diagnose } from './commands/diagnose.ts';
import { diff } from './commands/diff.ts';
import { explain } from './commands/explain.ts';
import { images } from './commands/images.ts';
import { import as importNodes } from './commands/import.ts';
import { prove } from './commands/prove.ts';
import { render } from './commands/render.ts';
import { describeFailure } from './failure.ts';
import { wantsColors } from './paint.ts';

const commands: Readonly<Record<string, Command>> = {
  check,
  explain,
  render,
  prove,
  diff,
  import: importNodes,
  images,
  diagnose,
};

const help = `mirrorproof: prove every Kubernetes image pull before you merge

Usage: mirrorproof COMMAND [OPTIONS]

${Object.entries(commands)
  .map(([name, { summary }]) => `  ${name.padEnd(9)} ${summary}`)
  .join('\n')}

mirrorproof COMMAND --help says more. Exit codes: 0 clean, 1 findings, 2 wrong usage or unreadable input,
3 a proof that could not be made, 70 a bug.
`;

async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = args;
  if (name === 'help' && rest.length > 0) return main([...rest, '--help'], terminal);
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    terminal.write(help);
    return name === undefined ? exitCodes.usage : exitCodes.clean;
  }
  if (name === '--version') {
    terminal.write(`${version}\n`);
    return exitCodes.clean;
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command) {
    const near = suggest(name, Object.keys(commands));
    throw new UserError(
      `there is no command ${name}`,
      near ? `did you mean ${near}?` : 'see `mirrorproof --help`',
    );
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    terminal.write(command.help);
    return exitCodes.clean;
  }
  return command.run(rest, terminal);
}

const terminal: Terminal = {
  write: (text) => process.stdout.write(text),
  hasColors: wantsColors(process.stdout.isTTY, process.env),
};

// A reader that has seen enough (`| head`) is no bug.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? exitCodes.clean : exitCodes.bug),
);
// Not process.exit(): all output has to be written first.
process.exitCode = await main(process.argv.slice(2), terminal).catch((error: unknown) => {
  const { text, exitCode } = describeFailure(error);
  process.stderr.write(text);
  return exitCode;
});
