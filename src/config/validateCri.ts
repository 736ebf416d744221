import { parseGoDuration } from '../hosts/goDuration.ts';
import { hasFeature } from '../resolver/release.ts';
import type { ConfigRules } from './configRules.ts';
import { locateKey, type ConfigEntry, type ConfigTable } from './configTable.ts';
import type { CriSections } from './criSections.ts';
import { fieldEntry, fieldOf, fieldTable } from './decode.ts';
import type { StructType } from './goTypes.ts';
import { scalarValue } from './registrySection.ts';
import { StartupFailure } from './startupFailure.ts';

/** containerd 1.x wants this runtime for some settings; 2.x does not know them. */
const oldRuntime = 'io.containerd.runtime.v1.linux';

/**
 * What the runtime part of the CRI refuses, apart from what depends on the machine (snapshotters, files, the kernel).
 *
 * @throws StartupFailure
 */
// containerd v1.7.34 pkg/cri/config/config.go ValidatePluginConfig, v2.3.4 internal/cri/config/config.go ValidateRuntimeConfig
export function validateRuntime({ runtime }: CriSections, rules: ConfigRules): void {
  const containerd = fieldTable(runtime, rules, 'containerd');
  const runtimes = runtimeTables(containerd, rules);
  const defaultRuntime = validateDefaultRuntime(containerd, runtimes, rules);
  if (!rules.isVersion2) validateOldSettings(runtime, containerd, runtimes.get(defaultRuntime), rules);
  validateCni(runtime, rules);
  for (const [, table] of runtimes) if (table) validateRuntimeTable(table, rules);
}

/** The runtimes by name; without a table where only containerd's default is known of it. */
function runtimeTables(
  containerd: ConfigTable | undefined,
  rules: ConfigRules,
): ReadonlyMap<string, ConfigTable | undefined> {
  const written = fieldTable(containerd, rules, 'runtimes');
  // go-toml version 1 replaces containerd's own table, version 2 adds to it.
  const tables = new Map<string, ConfigTable | undefined>(
    written && !rules.isVersion2 ? [] : [['runc', undefined]],
  );
  for (const { name, value } of written?.entries ?? []) if (value.kind === 'mapping') tables.set(name, value);
  if (rules.isVersion2) return tables;
  const untrusted = fieldEntry(containerd, 'untrusted_workload_runtime', rules);
  if (
    untrusted?.value.kind === 'mapping' &&
    (scalarValue(untrusted.value, 'runtime_type', rules) ?? '') !== ''
  ) {
    if (tables.has('untrusted')) {
      const message =
        'conflicting definitions: configuration includes both `untrusted_workload_runtime` and `runtimes["untrusted"]`';
      refuse(message, untrusted);
    }
    tables.set('untrusted', untrusted.value);
  }
  const own = fieldTable(containerd, rules, 'default_runtime');
  if (own && (scalarValue(own, 'runtime_type', rules) ?? '') !== '') tables.set('default', own);
  return tables;
}

function validateDefaultRuntime(
  containerd: ConfigTable | undefined,
  runtimes: ReadonlyMap<string, ConfigTable | undefined>,
  rules: ConfigRules,
): string {
  const named = fieldEntry(containerd, 'default_runtime_name', rules);
  const isOwn = runtimes.has('default') && fieldEntry(containerd, 'default_runtime', rules) !== undefined;
  const name =
    isOwn && !rules.isVersion2
      ? 'default'
      : String(scalarValue(containerd, 'default_runtime_name', rules) ?? 'runc');
  const at = named ?? fieldEntry(containerd, 'runtimes', rules);
  if (!at) return name;
  if (name === '') refuse('`default_runtime_name` is empty', at);
  if (runtimes.has(name)) return name;
  return refuse(
    `no corresponding runtime configured in \`containerd.runtimes\` for \`containerd\` \`default_runtime_name = "${name}"`,
    at,
  );
}

function validateOldSettings(
  plugin: ConfigTable,
  containerd: ConfigTable | undefined,
  defaultRuntime: ConfigTable | undefined,
  rules: ConfigRules,
): void {
  if (defaultRuntime && scalarValue(defaultRuntime, 'runtime_type', rules) === oldRuntime) return;
  const settings = [
    ['systemd_cgroup', plugin],
    ['no_pivot', containerd],
  ] as const;
  for (const [key, table] of settings) {
    const entry = fieldEntry(table, key, rules);
    if (entry && scalarValue(table, key, rules) === true)
      refuse(`\`${key}\` only works for runtime ${oldRuntime}`, entry);
  }
}

function validateCni(runtime: ConfigTable, rules: ConfigRules): void {
  if (!hasFeature(rules.version, [{ line: '2.1', from: 0 }])) return;
  const cni = fieldTable(runtime, rules, 'cni');
  const folders = fieldEntry(cni, 'bin_dirs', rules);
  const folder = fieldEntry(cni, 'bin_dir', rules);
  const isList = folders?.value.kind === 'sequence' && folders.value.items.length > 0;
  if (!folder || !isList || scalarValue(cni, 'bin_dir', rules) === '') return;
  refuse('`cni.bin_dir` and `cni.bin_dirs` cannot be set at the same time', folder);
}

function validateRuntimeTable(table: ConfigTable, rules: ConfigRules): void {
  const { isVersion2 } = rules;
  for (const key of isVersion2 ? [] : ['runtime_engine', 'runtime_root']) {
    const entry = fieldEntry(table, key, rules);
    if (!entry || scalarValue(table, key, rules) === '') continue;
    if (scalarValue(table, 'runtime_type', rules) === oldRuntime) continue;
    refuse(`\`${key}\` only works for runtime ${oldRuntime}`, entry);
  }
  const allDevices = 'privileged_without_host_devices_all_devices_allowed';
  const devices = fieldEntry(table, allDevices, rules);
  const isKnown = hasFeature(rules.version, [{ line: '1.7', from: 0 }]);
  if (devices && isKnown && scalarValue(table, allDevices, rules) === true) {
    if (scalarValue(table, 'privileged_without_host_devices', rules) !== true) {
      refuse(`\`${allDevices}\` requires \`privileged_without_host_devices\` to be enabled`, devices);
    }
  }
  const ioType = fieldEntry(table, 'io_type', rules);
  if (
    isVersion2 &&
    ioType &&
    !['', 'fifo', 'streaming'].includes(String(scalarValue(table, 'io_type', rules)))
  ) {
    refuse('`io_type` can only be `streaming` or `named_pipe`', ioType);
  }
}

/**
 * Refuses a text that is no duration of Go in a field that the version has.
 *
 * @throws StartupFailure
 */
export function validateDuration(
  table: ConfigTable,
  key: string,
  words: string,
  struct: StructType,
  rules: ConfigRules,
): void {
  const entry = fieldEntry(table, key, rules);
  if (entry?.value.kind !== 'scalar' || entry.value.text === '' || !fieldOf(entry, table, struct, rules))
    return;
  const duration = parseGoDuration(entry.value.text);
  if (!duration.ok) refuse(`${words}: ${duration.error}`, entry);
}

function refuse(message: string, entry: ConfigEntry): never {
  throw new StartupFailure({ message, location: locateKey(entry) }, { isFatal: false });
}
