import type { TomlScalar } from '../source/toml.ts';
import {
  emptyTable,
  entryOf,
  locateKey,
  tableOf,
  withEntry,
  type ConfigEntry,
  type ConfigTable,
} from './configTable.ts';
import { StartupFailure } from './startupFailure.ts';

/** The names of the plugins that have the CRI's settings: the first has all of them in 1.x. */
export const criPlugins = {
  cri: 'io.containerd.grpc.v1.cri',
  images: 'io.containerd.cri.v1.images',
  runtime: 'io.containerd.cri.v1.runtime',
} as const;

/** The name that a plugin has since version 2. Which of its own a short name gets matters for the CRI's only. */
// containerd v2.1.9 cmd/containerd/server/config/config.go v1MigratePluginName
export function migrateName(name: string): string {
  return name.includes('.') ? name : `io.containerd.grpc.v1.${name}`;
}

/** The sections of a file of version 1 under the names of version 2. */
export function migrateNames(plugins: ConfigTable): ConfigTable {
  return {
    ...plugins,
    entries: plugins.entries.map((entry) => ({ ...entry, name: migrateName(entry.name) })),
  };
}

/**
 * Moves the CRI's settings from where they are in version 2 to where they are in version 3.
 *
 * @param emptyConfigPath - what an empty `config_path` becomes
 * @throws StartupFailure where containerd panics
 */
// containerd v2.3.4 plugins/cri/images/plugin.go, plugins/cri/runtime/plugin.go, plugins/cri/cri.go configMigration
export function migrateCri(plugins: ConfigTable, emptyConfigPath: string): ConfigTable {
  const original = entryOf(plugins, criPlugins.cri);
  if (!original) return plugins;
  const source = asTable(original);
  const images = migrateImages(existing(plugins, criPlugins.images), source, emptyConfigPath);
  const runtime = migrateRuntime(existing(plugins, criPlugins.runtime), source);
  const server = tableOf(source.entries.filter(({ name }) => serverKeys.has(name)));
  const moved: readonly (readonly [string, ConfigTable])[] = [
    [criPlugins.images, images],
    [criPlugins.runtime, runtime],
    [criPlugins.cri, server],
  ];
  return moved.reduce((to, [name, value]) => {
    const known = entryOf(plugins, name) ?? original;
    return withEntry(to, { ...known, name, value });
  }, plugins);
}

const imageKeys = [
  'registry',
  'image_decryption',
  'max_concurrent_downloads',
  'image_pull_progress_timeout',
  'image_pull_with_sync_fs',
  'stats_collect_period',
];

const snapshotKeys = ['snapshotter', 'disable_snapshot_annotations', 'discard_unpacked_layers'];

const serverKeys: ReadonlySet<string> = new Set([
  'disable_tcp_service',
  'stream_server_address',
  'stream_server_port',
  'stream_idle_timeout',
  'enable_tls_streaming',
  'x509_key_pair_streaming',
]);

// containerd v2.3.4 plugins/cri/images/plugin.go migrateConfig
function migrateImages(images: ConfigTable, source: ConfigTable, emptyConfigPath: string): ConfigTable {
  let moved = images;
  const sandbox = entryOf(source, 'sandbox_image');
  const pinned = entryOf(images, 'pinned_images');
  if (sandbox) {
    const table = withEntry(pinned ? asTable(pinned) : emptyTable, { ...sandbox, name: 'sandbox' });
    moved = withEntry(moved, { ...(pinned ?? sandbox), name: 'pinned_images', value: table });
  }
  moved = copy(source, imageKeys, moved);
  if (emptyConfigPath !== '') moved = fillInConfigPath(moved, emptyConfigPath);
  const containerd = entryOf(source, 'containerd');
  const runtimes = containerd && entryOf(asTable(containerd), 'runtimes');
  if (!containerd || !runtimes) return moved;
  for (const runtime of asTable(runtimes).entries) asTable(runtime);
  return copy(asTable(containerd), snapshotKeys, moved);
}

function copy(source: ConfigTable, keys: readonly string[], target: ConfigTable): ConfigTable {
  return keys.flatMap((key) => entryOf(source, key) ?? []).reduce(withEntry, target);
}

// containerd v2.2.1 plugins/cri/images/plugin.go migrateConfig: 2.2.0 and 2.2.1 take an empty path for none
function fillInConfigPath(images: ConfigTable, value: string): ConfigTable {
  const registry = entryOf(images, 'registry');
  if (!registry) return images;
  const configPath = entryOf(asTable(registry), 'config_path');
  if (configPath?.value.kind !== 'scalar' || configPath.value.value !== '') return images;
  const filledIn: TomlScalar = { ...configPath.value, value, text: value };
  const table = withEntry(asTable(registry), { ...configPath, value: filledIn });
  return withEntry(images, { ...registry, value: table });
}

// containerd v2.3.4 plugins/cri/runtime/plugin.go migrateConfig
function migrateRuntime(runtime: ConfigTable, source: ConfigTable): ConfigTable {
  const elsewhere = new Set(['sandbox_image', 'cni', 'containerd', ...imageKeys, ...serverKeys]);
  const moved = addMissing(
    runtime,
    source.entries.filter(({ name }) => !elsewhere.has(name)),
  );
  // `bin_dir` becomes a list, which is right whatever it holds.
  const withCni = addTable(moved, source, 'cni', ['bin_dir']);
  return addTable(withCni, source, 'containerd', snapshotKeys);
}

/** Adds what a table of the source has to the table of the same name; what is there already stays. */
function addTable(
  target: ConfigTable,
  source: ConfigTable,
  name: string,
  besides: readonly string[],
): ConfigTable {
  const entry = entryOf(source, name);
  if (entry?.value.kind !== 'mapping') return target;
  const known = entryOf(target, name)?.value;
  const table = known?.kind === 'mapping' ? known : emptyTable;
  const selected = entry.value.entries.filter((child) => !besides.includes(child.name));
  return withEntry(target, { ...entry, value: addMissing(table, selected) });
}

function addMissing(table: ConfigTable, entries: readonly ConfigEntry[]): ConfigTable {
  return entries.reduce((to, entry) => (entryOf(to, entry.name) ? to : withEntry(to, entry)), table);
}

function existing(plugins: ConfigTable, name: string): ConfigTable {
  const entry = entryOf(plugins, name);
  return entry ? asTable(entry) : emptyTable;
}

function asTable(entry: ConfigEntry): ConfigTable {
  if (entry.value.kind === 'mapping') return entry.value;
  const message = `panic: interface conversion: interface {} is ${goKind(entry)}, not map[string]interface {}`;
  throw new StartupFailure({ message, location: locateKey(entry) });
}

function goKind({ value }: ConfigEntry): string {
  if (value.kind === 'sequence') return '[]interface {}';
  if (value.kind === 'mapping') return 'map[string]interface {}';
  const kinds = {
    string: 'string',
    integer: 'int64',
    float: 'float64',
    boolean: 'bool',
    datetime: 'time.Time',
  };
  return kinds[value.type];
}
