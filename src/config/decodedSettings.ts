import type { TomlScalar } from '../source/toml.ts';
import type { ConfigRules } from './configRules.ts';
import type { ConfigEntry, ConfigTable } from './configTable.ts';
import type { PluginSection } from './criSections.ts';
import { fieldOf } from './decode.ts';
import type { ConfigType } from './goTypes.ts';

/** What containerd does with the entries of all files. */
export interface DecodedSettings {
  /** The keys of the entries that are decoded. */
  readonly decoded: ReadonlySet<TomlScalar>;
  /** The keys of the entries that are in the merged configuration, decoded or not. */
  readonly merged: ReadonlySet<TomlScalar>;
  /** The decoded entry at a path of names below its section. */
  at(path: readonly string[]): ConfigEntry | undefined;
}

export function decodedSettings(
  plugins: ConfigTable,
  sections: readonly PluginSection[],
  rules: ConfigRules,
): DecodedSettings {
  const decoded = new Set<TomlScalar>();
  const places = new Map<string, ConfigEntry>();
  const decode = (table: ConfigTable, type: ConfigType, path: readonly string[]): void => {
    for (const entry of table.entries) {
      const inner = innerType(entry, table, type, rules);
      if (!inner) continue;
      const place = [...path, entry.name];
      decoded.add(entry.key);
      places.set(place.join('\0'), entry);
      if (entry.value.kind === 'mapping') decode(entry.value, inner, place);
    }
  };
  for (const { table, struct } of sections) decode(table, struct, []);
  const merged = new Set<TomlScalar>();
  const collect = ({ entries }: ConfigTable): void => {
    for (const { key, value } of entries) {
      merged.add(key);
      if (value.kind === 'mapping') collect(value);
    }
  };
  collect(plugins);
  return { decoded, merged, at: (path) => places.get(path.join('\0')) };
}

/** The type that an entry of a table is decoded into; undefined where it is ignored. */
function innerType(
  entry: ConfigEntry,
  table: ConfigTable,
  type: ConfigType,
  rules: ConfigRules,
): ConfigType | undefined {
  if (type.kind === 'map') return type.element;
  return type.kind === 'struct' ? fieldOf(entry, table, type, rules)?.type : undefined;
}
