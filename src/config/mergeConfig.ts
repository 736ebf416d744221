import { entryOf, withEntry, type ConfigTable } from './configTable.ts';

/** The sections of plugins of two files in 1.x: a section of the later file replaces the earlier one whole. */
// containerd v1.7.34 services/server/config/config.go mergeConfig
export function replaceSections(to: ConfigTable, from: ConfigTable): ConfigTable {
  return from.entries.reduce(withEntry, to);
}

/**
 * The sections of plugins of two files in 2.x: tables are merged to any depth, and whatever else the later file has, lists and
 * empty texts as well, replaces what the earlier one has.
 */
// containerd v2.1.9 cmd/containerd/server/config/config.go mergeConfig; dario.cat/mergo v1.0.1 merge.go deepMerge
export function mergeTables(to: ConfigTable, from: ConfigTable): ConfigTable {
  let merged = to;
  for (const entry of from.entries) {
    const known = entryOf(merged, entry.name)?.value;
    const isBoth = known?.kind === 'mapping' && entry.value.kind === 'mapping';
    merged = withEntry(merged, isBoth ? { ...entry, value: mergeTables(known, entry.value) } : entry);
  }
  return merged;
}
