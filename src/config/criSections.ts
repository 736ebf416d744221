import type { ConfigRules } from './configRules.ts';
import { emptyTable, entryOf, locateKey, locateValue, type ConfigTable } from './configTable.ts';
import { imageConfig, pluginConfig, runtimeConfig, serverConfig } from './criTypes.ts';
import { findPluginMismatch } from './decode.ts';
import type { StructType } from './goTypes.ts';
import { criName, type LoadedConfig } from './loadConfig.ts';
import { criPlugins } from './migratePlugins.ts';
import { StartupFailure } from './startupFailure.ts';

/** The section of a plugin that containerd decodes, and into what. */
export interface PluginSection {
  readonly plugin: string;
  readonly table: ConfigTable;
  readonly struct: StructType;
}

/** The sections from which the CRI gets its settings. In 1.x all three are one. */
export interface CriSections {
  readonly images: ConfigTable;
  readonly runtime: ConfigTable;
  readonly server: ConfigTable;
  /** In the order in which containerd decodes them. */
  readonly all: readonly PluginSection[];
  /** There is no CRI because it, or what it needs, is disabled. */
  readonly disabling?: StartupFailure | undefined;
}

/**
 * The CRI's sections as this containerd decodes them.
 *
 * @throws StartupFailure where a value has the wrong type, which ends containerd
 */
// containerd services/server/server.go New (1.x), cmd/containerd/server/server.go New (2.x)
export function criSections(loaded: LoadedConfig, rules: ConfigRules): CriSections {
  const known = knownSections(loaded, rules);
  const disabled = new Map(loaded.disabledPlugins.map((name) => [name.value, name.location]));
  const all = known.filter(({ plugin }) => !disabled.has(plugin));
  for (const { plugin, table, struct } of all) {
    const mismatch = findPluginMismatch(table, struct, rules);
    if (mismatch)
      throw new StartupFailure({ message: mismatch.error, location: locateValue(mismatch.entry) });
    checkIsTable(loaded, plugin);
  }
  const off = known.find(({ plugin }) => disabled.has(plugin))?.plugin;
  const disabledAt = off === undefined ? undefined : disabled.get(off);
  const message = `\`${off}\` is in \`disabled_plugins\``;
  const disabling = disabledAt && new StartupFailure({ message, location: disabledAt }, { isFatal: false });
  const tableOf = (plugin: string): ConfigTable =>
    all.find((section) => section.plugin === plugin)?.table ?? emptyTable;
  if (rules.isVersion2) {
    const { images, runtime, cri } = criPlugins;
    return { images: tableOf(images), runtime: tableOf(runtime), server: tableOf(cri), all, disabling };
  }
  const cri = tableOf(criName(loaded.version));
  return { images: cri, runtime: cri, server: cri, all, disabling };
}

function knownSections(loaded: LoadedConfig, rules: ConfigRules): readonly PluginSection[] {
  const section = (plugin: string, struct: StructType): PluginSection => {
    const value = entryOf(loaded.plugins, plugin)?.value;
    return { plugin, struct, table: value?.kind === 'mapping' ? value : emptyTable };
  };
  if (!rules.isVersion2) return [section(criName(loaded.version), pluginConfig)];
  return [
    section(criPlugins.images, imageConfig),
    section(criPlugins.runtime, runtimeConfig),
    section(criPlugins.cri, serverConfig),
  ];
}

// pelletier/go-toml v2.2.4: containerd 2.x writes a section and reads it again, which makes nonsense of what is no table. A list
// becomes the header of an empty table.
function checkIsTable({ plugins }: LoadedConfig, plugin: string): void {
  const entry = entryOf(plugins, plugin);
  if (!entry || entry.value.kind === 'mapping') return;
  const isList = entry.value.kind === 'sequence';
  if (isList && !entry.value.items.some(({ kind }) => kind === 'mapping')) return;
  const message = isList
    ? 'toml: invalid character at start of key: ]'
    : 'toml: expected = after a key, but the document ends there';
  throw new StartupFailure({ message, location: locateKey(entry) });
}
