import type { NodeFiles } from '../files/nodeFiles.ts';
import { quote } from '../hosts/goText.ts';
import type { Located, Location } from '../source/location.ts';
import { readConfigFile, type ConfigFile } from './configFile.ts';
import type { ConfigRules } from './configRules.ts';
import { emptyTable, locateKey, type ConfigTable } from './configTable.ts';
import { mergeTables, replaceSections } from './mergeConfig.ts';
import { criPlugins, migrateCri, migrateName, migrateNames } from './migratePlugins.ts';
import { resolveImports, type Import } from './resolveImports.ts';
import { StartupFailure } from './startupFailure.ts';

/** A node's configuration once all of its files are read and merged. */
export interface LoadedConfig {
  /** In the order in which they were read: the first is `config.toml`. */
  readonly files: readonly ConfigFile[];
  /** By which version the sections count. */
  readonly version: number;
  /** The sections of the plugins where this containerd looks for them. */
  readonly plugins: ConfigTable;
  readonly disabledPlugins: readonly Located<string>[];
}

/** No cluster has nearly as many; a folder that somebody made to keep us busy may. */
const maxFiles = 1000;

/**
 * Reads `config.toml` and all that it imports, and merges it.
 *
 * @param emptyConfigPath - what an empty `config_path` becomes when it is migrated
 * @throws StartupFailure where containerd does not start with it
 */
// containerd services/server/config/config.go LoadConfig (1.x), cmd/containerd/server/config/config.go LoadConfig (2.x)
export function loadConfig(
  files: NodeFiles,
  path: string,
  rules: ConfigRules,
  emptyConfigPath: string,
): LoadedConfig {
  const loader = new Loader(rules, emptyConfigPath);
  const pending: { path: string; namedAt?: Location }[] = [{ path }];
  const seen = new Set<string>();
  for (const next of pending) {
    loader.lastPath = next.path;
    if (seen.has(next.path)) continue;
    seen.add(next.path);
    if (!files.isComplete && files.kindOf(next.path) === undefined) continue;
    const file = readConfigFile(files, next.path, next.namedAt, rules);
    loader.add(file);
    const imports: readonly Import[] = resolveImports(file.path, file.imports, files, rules);
    pending.push(...imports.slice(0, Math.max(0, maxFiles - pending.length)));
  }
  return loader.finish();
}

class Loader {
  /** The path that was looked at last, read before or not: containerd names it in its errors. */
  lastPath = '';
  readonly #rules: ConfigRules;
  readonly #emptyConfigPath: string;
  readonly #files: ConfigFile[] = [];
  #version: number;
  #versionAt: Location | undefined;
  /** 0 as long as no file has named one. */
  #mainVersion = 0;
  #plugins: ConfigTable = emptyTable;
  readonly #disabledPlugins: Located<string>[] = [];
  readonly #requiredPlugins: Located<string>[] = [];

  constructor(rules: ConfigRules, emptyConfigPath: string) {
    this.#rules = rules;
    this.#emptyConfigPath = emptyConfigPath;
    this.#version = rules.isVersion2 ? rules.newestVersion : 1;
  }

  add(file: ConfigFile): void {
    this.#files.push(file);
    if (this.#rules.migratesEachFile) this.#checkDropIn(file);
    const written = file.version.value;
    const isRenamed = this.#rules.isVersion2 && (written === 0 || written === 1);
    const isRaised = isRenamed || (this.#rules.migratesEachFile && written < this.#version);
    if (isRaised) this.#checkMigrations();
    this.#disabledPlugins.push(...(isRenamed ? file.disabledPlugins.map(renamed) : file.disabledPlugins));
    this.#requiredPlugins.push(...(isRenamed ? file.requiredPlugins.map(renamed) : file.requiredPlugins));
    if (!this.#rules.isVersion2) {
      this.#plugins = replaceSections(this.#plugins, file.plugins);
    } else {
      const plugins = isRenamed ? migrateNames(file.plugins) : file.plugins;
      const isMigrated = this.#rules.migratesEachFile && written < this.#rules.newestVersion;
      this.#plugins = mergeTables(this.#plugins, isMigrated ? this.#migrate(plugins, file.version) : plugins);
    }
    if (isRenamed || written === 0 || (this.#rules.migratesEachFile && written < this.#rules.newestVersion))
      return;
    this.#version = written;
    this.#versionAt = file.version.location;
  }

  /** A file that is brought to the version of those before it, which does not exist, makes containerd panic. */
  #checkMigrations(): void {
    const { newestVersion } = this.#rules;
    if (this.#version <= newestVersion) return;
    const message = `panic: runtime error: index out of range [${newestVersion}] with length ${newestVersion}`;
    throw new StartupFailure({ message, location: this.#locateVersion() });
  }

  // containerd v2.3.4 cmd/containerd/server/config/config.go LoadConfigWithPlugins
  #checkDropIn({ version: { value, location } }: ConfigFile): void {
    if (this.#mainVersion === 0) this.#mainVersion = value;
    if (value <= this.#mainVersion) return;
    const message = `drop-in config version ${value} higher than root config version ${this.#mainVersion}`;
    throw new StartupFailure({ message, location });
  }

  #migrate(plugins: ConfigTable, { value, location }: Located<number>): ConfigTable {
    if (value < 0)
      throw new StartupFailure({ message: `panic: runtime error: index out of range [${value}]`, location });
    return migrateCri(plugins, this.#emptyConfigPath);
  }

  finish(): LoadedConfig {
    this.#validateVersion();
    if (!this.#rules.isVersion2) this.#validateNames();
    else this.#validateDots();
    const version = { value: this.#version, location: this.#locateVersion() };
    const isMigrated =
      this.#rules.isVersion2 && !this.#rules.migratesEachFile && version.value < this.#rules.newestVersion;
    return {
      files: this.#files,
      version: this.#version,
      plugins: isMigrated ? this.#migrate(this.#plugins, version) : this.#plugins,
      disabledPlugins: this.#disabledPlugins,
    };
  }

  #locateVersion(): Location {
    const [main] = this.#files;
    if (!main) throw new Error('no file was read');
    return this.#versionAt ?? main.version.location;
  }

  #fail(problem: string, location: Location): never {
    const message = `failed to load TOML from ${this.lastPath}: ${problem}`;
    throw new StartupFailure({ message, location });
  }

  #validateVersion(): void {
    const { isVersion2, newestVersion, limitsVersion } = this.#rules;
    if (!limitsVersion || this.#version <= newestVersion) return;
    const problem = isVersion2
      ? `expected containerd config version equal to or less than \`${newestVersion}\`, got \`${this.#version}\``
      : `unsupported config version \`${this.#version}\``;
    this.#fail(problem, this.#locateVersion());
  }

  // containerd v1.7.34 services/server/config/config.go ValidateV2
  #validateNames(): void {
    if (this.#version < 2) return;
    const isName = (name: string): boolean =>
      name.split('.').length >= 4 && (!this.#rules.wantsPluginPrefix || name.startsWith('io.containerd.'));
    this.#validateLists(isName);
    const wrong = this.#plugins.entries.find(({ name }) => !isName(name));
    if (!wrong) return;
    this.#fail(`invalid plugin key URI ${quote(wrong.name)} expect io.containerd.x.vx`, locateKey(wrong));
  }

  // containerd v2.1.9 cmd/containerd/server/config/config.go ValidateVersion
  #validateDots(): void {
    this.#validateLists((name) => name.includes('.'));
  }

  #validateLists(isName: (name: string) => boolean): void {
    const lists = [
      ['disabled', this.#disabledPlugins],
      ['required', this.#requiredPlugins],
    ] as const;
    for (const [kind, names] of lists) {
      const wrong = names.find(({ value }) => !isName(value));
      if (wrong) {
        this.#fail(
          `invalid ${kind} plugin URI ${quote(wrong.value)} expect io.containerd.x.vx`,
          wrong.location,
        );
      }
    }
  }
}

function renamed({ value, location }: Located<string>): Located<string> {
  return { value: migrateName(value), location };
}

/** The name under which 1.x looks for the CRI plugin's section and its being disabled. */
export function criName(version: number): string {
  return version === 1 ? 'cri' : criPlugins.cri;
}
