import type { Located, Location } from '../source/location.ts';
import type { TomlArray, TomlDocument, TomlEntry, TomlScalar, TomlTable } from '../source/toml.ts';

/** A value of a configuration that may come from several files. A list is always from one file. */
export type ConfigValue = TomlScalar | TomlArray | ConfigTable;

/** A table whose entries may come from several files. */
export interface ConfigTable extends TomlTable {
  readonly entries: readonly ConfigEntry[];
}

export interface ConfigEntry extends TomlEntry {
  /** Under which name containerd has the value: that of the key, or the one it was given by a migration. */
  readonly name: string;
  readonly value: ConfigValue;
  /** The file that the entry stands in. */
  readonly document: TomlDocument;
}

/** A table of one file. */
export function toConfigTable(document: TomlDocument, table: TomlTable): ConfigTable {
  const entries = table.entries.map(({ key, value }): ConfigEntry => {
    const converted = value.kind === 'mapping' ? toConfigTable(document, value) : value;
    return { name: key.text, key, value: converted, document };
  });
  return { ...table, entries };
}

export const emptyTable: ConfigTable = { kind: 'mapping', entries: [], isInline: false, start: 0, end: 0 };

/** A table with these entries; where the entries of several files meet, it stands nowhere itself. */
export function tableOf(entries: readonly ConfigEntry[]): ConfigTable {
  return { ...emptyTable, entries };
}

/** The entry of a name, written exactly so. */
export function entryOf(table: ConfigTable | undefined, name: string): ConfigEntry | undefined {
  return table?.entries.find((entry) => entry.name === name);
}

/** The table under a name; undefined where there is none. */
export function tableAt(table: ConfigTable | undefined, ...path: readonly string[]): ConfigTable | undefined {
  let current = table;
  for (const name of path) {
    const value = entryOf(current, name)?.value;
    current = value?.kind === 'mapping' ? value : undefined;
  }
  return current;
}

/** The table with an entry put in the place of the one of the same name, or at its end. */
export function withEntry(table: ConfigTable, entry: ConfigEntry): ConfigTable {
  const index = table.entries.findIndex(({ name }) => name === entry.name);
  return { ...table, entries: index < 0 ? [...table.entries, entry] : table.entries.with(index, entry) };
}

export function locateKey({ document, key }: ConfigEntry): Location {
  return document.locate(key);
}

export function locateValue({ document, value }: ConfigEntry): Location {
  return document.locate(value);
}

/** The texts of a list, each with its place; none where there is no list. */
export function locatedTexts(entry: ConfigEntry | undefined): readonly Located<string>[] {
  if (entry?.value.kind !== 'sequence') return [];
  const { document, value } = entry;
  return value.items.flatMap((item) =>
    item.kind === 'scalar' ? [{ value: item.text, location: document.locate(item) }] : [],
  );
}
