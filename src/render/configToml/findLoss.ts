import type { ContainerdConfig } from '../../config/containerdConfig.ts';
import { pluginNames } from '../../config/settingNames.ts';
import type { NodeFiles } from '../../files/nodeFiles.ts';
import type { Mirrors } from '../../registries/registries.ts';
import type { Location } from '../../source/location.ts';
import { toData } from '../../source/tree.ts';
import type { SettingsTable } from '../registrySettings.ts';
import type { WantedSettings } from './mergeConfig.ts';
import { rootOf } from './tomlText.ts';

/** Why a merged configuration is not what it should be. */
export interface Loss {
  readonly reason: string;
  readonly location?: Location;
}

/** Compares a merged configuration, read as containerd reads it, with what was wanted and with what was there before. */
export function findLoss(
  before: { readonly own: ContainerdConfig; readonly files: NodeFiles },
  after: { readonly config: ContainerdConfig; readonly files: NodeFiles },
  wanted: WantedSettings,
  changed: readonly string[],
): Loss | undefined {
  const { own } = before;
  const { config } = after;
  if (config.startupError) {
    // Where it is in the merged text helps nobody; where it was before does.
    const location = own.startupError?.location;
    return { reason: config.startupError.message, ...(location && { location }) };
  }
  const wrong = findWrongSetting(config, wanted);
  if (wrong !== undefined) return { reason: `containerd would not read the ${wrong} that is to be set` };
  const besides = { registry: wanted.registry !== undefined, sandbox: wanted.sandboxImage !== undefined };
  const spoilt = changed.find((path) => !isSame(before.files, after.files, path, besides));
  return spoilt === undefined ? undefined : { reason: `other settings in \`${spoilt}\` would change` };
}

function findWrongSetting(
  config: ContainerdConfig,
  { registry, sandboxImage }: WantedSettings,
): string | undefined {
  if (registry) {
    const { configPath = '', tables } = registry;
    if ((config.configPath?.value ?? '') !== configPath) return 'config path';
    if (describe(mirrorsOf(config.mirrors)) !== describe(tables['mirrors'] ?? {})) return 'mirrors';
    const hosts = [...config.configs.keys()].sort();
    if (describe(hosts) !== describe(Object.keys(tables['configs'] ?? {}).sort())) return 'logins';
  }
  if (sandboxImage !== undefined && config.sandboxImage?.value !== sandboxImage) return 'sandbox image';
  return undefined;
}

function mirrorsOf(mirrors: Mirrors): SettingsTable {
  const tables = [...mirrors].map(([host, { endpoints }]): [string, SettingsTable] => [
    host,
    { endpoint: endpoints.map(({ value }) => value) },
  ]);
  return Object.fromEntries(tables);
}

/** Which settings are to change. */
interface Besides {
  readonly registry: boolean;
  readonly sandbox: boolean;
}

/** True where two states of a file say the same but for what was to change. */
function isSame(before: NodeFiles, after: NodeFiles, path: string, besides: Besides): boolean {
  const [old, changed] = [before, after].map((files) => {
    const content = files.read(path);
    const root = rootOf(content && 'text' in content ? content.text : '');
    return root && describe(withoutSettings(toData(root), besides));
  });
  return old !== undefined && old === changed;
}

/** The data without what was to change; a plugin that has nothing else counts as none. */
function withoutSettings(data: unknown, besides: Besides): unknown {
  if (!isTable(data)) return data;
  const { plugins, ...rest } = data;
  const kept = Object.entries(isTable(plugins) ? plugins : {}).map(([name, plugin]): [string, unknown] => [
    name,
    pluginNames.includes(name) ? withoutPluginSettings(plugin, besides) : plugin,
  ]);
  return { ...rest, plugins: Object.fromEntries(kept.filter(([, plugin]) => !isEmpty(plugin))) };
}

function withoutPluginSettings(plugin: unknown, besides: Besides): unknown {
  if (!isTable(plugin)) return plugin;
  const { registry = {}, pinned_images: pinned = {}, ...others } = plugin;
  const changing = ['config_path', 'mirrors', 'configs', 'auths'];
  return {
    others: besides.sandbox ? without(others, ['sandbox_image']) : others,
    registry: besides.registry ? without(registry, changing) : registry,
    pinned_images: besides.sandbox ? without(pinned, ['sandbox']) : pinned,
  };
}

function without(table: unknown, keys: readonly string[]): unknown {
  if (!isTable(table)) return table;
  return Object.fromEntries(Object.entries(table).filter(([key]) => !keys.includes(key)));
}

function isEmpty(plugin: unknown): boolean {
  return isTable(plugin) && Object.values(plugin).every((value) => isTable(value) && isEmpty(value));
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A text that is equal for equal data, whatever the order of its keys. */
function describe(data: unknown): string {
  return JSON.stringify(data, (_, value: unknown) => {
    if (typeof value === 'bigint') return `${value}n`;
    if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
    if (!isTable(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
