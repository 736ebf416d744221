import { resolve } from 'node:path';
import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { UserError } from '../errors.ts';
import { readHelmValues, readSubstitutions, type Refuse } from '../pipeline/optionPairs.ts';

/** The command line of one command, taken apart. */
export interface CommandLine {
  readonly values: Readonly<Record<string, string | boolean | readonly string[] | undefined>>;
  readonly positionals: readonly string[];
}

/** Options that every command has. */
export const commonOptions = {
  registries: { type: 'string' },
  manifests: { type: 'string', multiple: true },
  set: { type: 'string', multiple: true },
  build: { type: 'string' },
  'helm-values': { type: 'string', multiple: true },
  format: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const satisfies ParseArgsOptionsConfig;

/** Lines of help on {@link commonOptions}. */
export const commonHelp = `  --registries FILE   the registries.yaml, relative to the folder (default: the one nearest to its root)
  --manifests GLOB    read only these files; may be given several times (default: all that git does not ignore)
  --set NAME=VALUE    what a placeholder in an image stands for; may be given several times
  --helm-values CHART=FILE
                      render the chart in this folder with these values, and in no other way; may be given several times
                      (default: its values.yaml, and with each values file that is beside it)
  --build WHEN        auto runs kustomize and helm where they are installed, off never (default: auto)
  -h, --help          this text`;

/**
 * Takes a command line apart. Throws a `UserError` that names what is wrong with it.
 *
 * @param places - how many arguments besides the options the command can do something with
 */
export function parseCommandLine(
  args: readonly string[],
  options: ParseArgsOptionsConfig,
  places: number,
): CommandLine {
  const line = takeApart(args, options);
  const [unexpected] = line.positionals.slice(places);
  if (unexpected === undefined) return line;
  throw new UserError(`there is nothing that ${unexpected} could stand for`, 'see `mirrorproof --help`');
}

function takeApart(args: readonly string[], options: ParseArgsOptionsConfig): CommandLine {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { values: values as CommandLine['values'], positionals };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UserError(message.split('. ')[0] ?? message, 'see `mirrorproof --help`', { cause: error });
  }
}

/** The text of an option, or undefined. */
export function textOption({ values }: CommandLine, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

/** The texts of an option that may be given several times. */
export function listOption({ values }: CommandLine, name: string): readonly string[] {
  const value = values[name];
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** The value of an option that has a few words to choose from. */
export function choiceOption<T extends string>(
  line: CommandLine,
  name: string,
  choices: readonly T[],
  fallback: T,
): T {
  const value = textOption(line, name) ?? fallback;
  const choice = choices.find((candidate) => candidate === value);
  if (choice === undefined)
    throw new UserError(`--${name} must be one of ${choices.join(', ')}, not ${value}`);
  return choice;
}

/** The options of a run that all commands share. */
export function runOptions(
  line: CommandLine,
  folder: string | undefined,
): {
  root: string;
  manifests: readonly string[];
  substitutions: ReadonlyMap<string, string>;
  registries?: string;
  build: 'auto' | 'off';
  helmValues: ReadonlyMap<string, readonly string[]>;
} {
  const registries = textOption(line, 'registries');
  return {
    root: resolve(folder ?? '.'),
    manifests: listOption(line, 'manifests'),
    substitutions: readSubstitutions(listOption(line, 'set'), wanting('--set wants NAME=VALUE')),
    ...(registries !== undefined && { registries }),
    helmValues: readHelmValues(listOption(line, 'helm-values'), wanting('--helm-values wants CHART=FILE')),
    build: choiceOption(line, 'build', ['auto', 'off'] as const, 'auto'),
  };
}

function wanting(form: string): Refuse {
  return (text) => new UserError(`${form}, not ${text}`);
}
