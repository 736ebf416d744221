import type { NodeFiles } from '../files/nodeFiles.ts';
import { headerProblem, syntaxProblem } from '../hosts/goTomlSyntax.ts';
import { startOfFile, type Located, type Location } from '../source/location.ts';
import { parseToml, type TomlDocument } from '../source/toml.ts';
import type { ConfigRules } from './configRules.ts';
import { locateValue, toConfigTable, type ConfigTable } from './configTable.ts';
import { daemonConfig1, daemonConfig2 } from './daemonTypes.ts';
import { fieldEntry, fieldTable, findMismatch, type Mismatch } from './decode.ts';
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
  const source = parseToml(name, content.text);
  if (!source.document) {
    const [problem] = source.problems;
    const { message, location } = syntaxProblem(problem, content.text, rules.tomlLibrary);
    const inWords =
      problem.kind === 'doubled' ? undefined : `\`${name}\` is no valid TOML: ${problem.message}`;
    throw syntaxFailure(message, path, location, inWords, rules);
  }
  if (!rules.isVersion2) {
    const problem = headerProblem(source.document, content.text);
    if (problem)
      throw syntaxFailure(
        problem.message,
        path,
        problem.location,
        'containerd 1.x reads no brackets in the name of a table',
        rules,
      );
  }
  return decodeFile(path, source.document, rules);
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
  problem: string,
  path: string,
  location: Location,
  inWords: string | undefined,
  { isVersion2 }: ConfigRules,
): StartupFailure {
  if (!isVersion2) {
    const words = problem.replace('failed to parse TOML: ', '');
    return new StartupFailure({ message: `failed to load TOML: ${path}: ${words}`, location }, { inWords });
  }
  // Only what is doubled has no place.
  const at = inWords === undefined ? '' : ` ${rowAndColumn(location)}`;
  return new StartupFailure({ message: `failed to unmarshal TOML${at}: ${problem}`, location }, { inWords });
}

function rowAndColumn({ start }: Location): string {
  return `at row ${start.line} column ${start.column}`;
}

function decodeFile(path: string, document: TomlDocument, rules: ConfigRules): ConfigFile {
  const root = toConfigTable(document, document.root);
  const mismatch = findMismatch(root, rules.isVersion2 ? daemonConfig2 : daemonConfig1, rules);
  if (mismatch) throw typeFailure(mismatch, rules);
  const version = fieldEntry(root, 'version', rules);
  const number = version?.value.kind === 'scalar' ? Number(version.value.value) : 0;
  return {
    path,
    root,
    version: { value: number, location: version ? locateValue(version) : startOfFile(document.file) },
    imports: textsOf(root, 'imports', rules),
    disabledPlugins: textsOf(root, 'disabled_plugins', rules),
    requiredPlugins: textsOf(root, 'required_plugins', rules),
    plugins: fieldTable(root, rules, 'plugins') ?? toConfigTable(document, { ...document.root, entries: [] }),
  };
}

function typeFailure({ entry, error }: Mismatch, { isVersion2 }: ConfigRules): StartupFailure {
  const location = locateValue(entry);
  const at = isVersion2 ? ` ${rowAndColumn(location)}` : '';
  return new StartupFailure({ message: `failed to unmarshal TOML${at}: ${error}`, location });
}

function textsOf(root: ConfigTable, key: string, rules: ConfigRules): readonly Located<string>[] {
  const entry = fieldEntry(root, key, rules);
  if (entry?.value.kind !== 'sequence') return [];
  return entry.value.items.flatMap((item) =>
    item.kind === 'scalar' ? [{ value: item.text, location: entry.document.locate(item) }] : [],
  );
}
