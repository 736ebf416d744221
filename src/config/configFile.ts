import type { NodeFiles } from '../files/nodeFiles.ts';
import type { GoTomlError } from '../hosts/goToml/goTomlError.ts';
import { goPosition, readGoToml } from '../hosts/goToml/readGoToml.ts';
import { findTypeProblem24, type TypeProblem } from '../hosts/goToml/v24Decode.ts';
import { startOfFile, type Located, type Location } from '../source/location.ts';
import type { TomlDocument } from '../source/toml.ts';
import type { ConfigRules } from './configRules.ts';
import { locatedTexts, locateValue, toConfigTable, type ConfigTable } from './configTable.ts';
import { daemonConfig1, daemonConfig2 } from './daemonTypes.ts';
import { fieldEntry, fieldTable, findMismatch, isDecodedPath } from './decode.ts';
import { decodedStruct } from './decode24.ts';
import type { Mismatch } from './mismatch.ts';
import { StartupFailure } from './startupFailure.ts';

/** One file of a node's configuration: `config.toml`, or one that it imports. */
export interface ConfigFile {
  /** Absolute path on the node. */
  readonly path: string;
  readonly root: ConfigTable;
  /** 0 where the file has none. */
  readonly version: Located<number>;
  readonly imports: readonly Located<string>[];
  readonly disabledPlugins: readonly Located<string>[];
  readonly requiredPlugins: readonly Located<string>[];
  readonly plugins: ConfigTable;
}

/**
 * Reads one file. `namedAt` is where it is imported.
 *
 * @throws StartupFailure where containerd cannot read it
 */
// containerd services/server/config/config.go loadConfigFile (1.x), cmd/containerd/server/config/config.go (2.x)
export function readConfigFile(
  files: NodeFiles,
  path: string,
  namedAt: Location | undefined,
  rules: ConfigRules,
): ConfigFile {
  const name = files.nameOf(path);
  const content = files.read(path);
  if (!content || !('text' in content)) {
    const isDirectory = files.kindOf(path) === 'directory';
    const reason = content
      ? `it is ${content.unreadable}`
      : isDirectory
        ? `read ${path}: is a directory`
        : `open ${path}: no such file or directory`;
    throw unreadable(reason, path, namedAt ?? startOfFile(name), isDirectory, rules);
  }
  const struct = rules.isVersion2 ? daemonConfig2 : daemonConfig1;
  const { document, expressions, error } = readGoToml(name, content.text, rules.goToml, (keys) =>
    isDecodedPath(keys, struct, rules),
  );
  // Version 2 decodes what it has read before it comes to what it cannot read.
  if (error && !rules.isVersion2) throw syntaxFailure(error, path, document, rules);
  const root = toConfigTable(document, document.root);
  if (rules.goToml === '2.4') {
    const problem = findTypeProblem24(expressions, decodedStruct(struct, rules));
    if (problem) throw typeFailure24(problem, content.text, document);
  } else {
    const mismatch = findMismatch(root, struct, rules);
    if (mismatch) throw typeFailure(mismatch, content.text, rules);
  }
  if (error) throw syntaxFailure(error, path, document, rules);
  return decodeFile(path, document, root, rules);
}

function unreadable(
  reason: string,
  path: string,
  location: Location,
  isDirectory: boolean,
  { isVersion2 }: ConfigRules,
): StartupFailure {
  if (!isVersion2)
    return new StartupFailure({ message: `failed to load TOML: ${path}: ${reason}`, location });
  return new StartupFailure({
    message: isDirectory ? `failed to unmarshal TOML: toml: ${reason}` : reason,
    location,
  });
}

function syntaxFailure(
  error: GoTomlError,
  path: string,
  document: TomlDocument,
  { isVersion2 }: ConfigRules,
): StartupFailure {
  const { message: words, offset, position, isDoubled, isPanic } = error;
  const location = document.locate({ start: offset, end: offset });
  const inWords = isDoubled ? undefined : `\`${document.file}\` is no valid TOML: ${withoutPlace(words)}`;
  if (isPanic) return new StartupFailure({ message: `panic: ${words}`, location }, { inWords });
  const message = isVersion2
    ? `failed to unmarshal TOML${printPosition(position)}: ${words}`
    : `failed to load TOML: ${path}: ${words}`;
  return new StartupFailure({ message, location }, { inWords });
}

function withoutPlace(words: string): string {
  const plain = words.replace(/^(?:toml: |\(\d+, \d+\): )/, '');
  // The library says it the other way round.
  return plain.includes("table key cannot contain ']'")
    ? 'containerd 1.x reads no brackets in the name of a table'
    : plain;
}

function printPosition(position: GoTomlError['position']): string {
  return position ? ` at row ${position.row} column ${position.column}` : '';
}

function decodeFile(path: string, document: TomlDocument, root: ConfigTable, rules: ConfigRules): ConfigFile {
  const version = fieldEntry(root, 'version', rules);
  const number = version?.value.kind === 'scalar' ? Number(version.value.value) : 0;
  return {
    path,
    root,
    version: { value: number, location: version ? locateValue(version) : startOfFile(document.file) },
    imports: locatedTexts(fieldEntry(root, 'imports', rules)),
    disabledPlugins: locatedTexts(fieldEntry(root, 'disabled_plugins', rules)),
    requiredPlugins: locatedTexts(fieldEntry(root, 'required_plugins', rules)),
    plugins: fieldTable(root, rules, 'plugins') ?? toConfigTable(document, { ...document.root, entries: [] }),
  };
}

function typeFailure(
  { entry, error, at, isPanic }: Mismatch,
  text: string,
  { goToml }: ConfigRules,
): StartupFailure {
  if (isPanic) return new StartupFailure({ message: error, location: locateValue(entry) });
  const position = at && goPosition(at, text, goToml);
  // Within a list the place is more exact than the list, unless the library has lost it.
  const isWithin = at !== undefined && at.offset > 0 && entry.value.kind !== 'scalar';
  const location = isWithin
    ? entry.document.locate({ start: at.offset, end: at.offset })
    : locateValue(entry);
  return new StartupFailure({
    message: `failed to unmarshal TOML${printPosition(position)}: ${error}`,
    location,
  });
}

function typeFailure24(problem: TypeProblem, text: string, document: TomlDocument): StartupFailure {
  const position = printPosition(goPosition(problem, text, '2.4'));
  const location = document.locate({ start: problem.offset, end: problem.offset });
  return new StartupFailure({
    message: `failed to unmarshal TOML${position}: toml: ${problem.message}`,
    location,
  });
}
