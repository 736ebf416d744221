import { configFile, loadContainerdConfig, type ContainerdConfig } from '../../config/containerdConfig.ts';
import { configRules, type ConfigRules } from '../../config/configRules.ts';
import type { ConfigFile } from '../../config/configFile.ts';
import { entryOf, tableAt } from '../../config/configTable.ts';
import { loadConfig, type LoadedConfig } from '../../config/loadConfig.ts';
import { criPlugins } from '../../config/migratePlugins.ts';
import { countedVersion, pluginNames, pluginsRead } from '../../config/settingNames.ts';
import { StartupFailure } from '../../config/startupFailure.ts';
import type { NodeFiles } from '../../files/nodeFiles.ts';
import type { Profile } from '../../resolver/profile.ts';
import type { Location } from '../../source/location.ts';
import type { RegistrySettings } from '../registrySettings.ts';
import { findLoss } from './findLoss.ts';
import { mergeRegistry, removeRegistry, setsSetting } from './mergeRegistry.ts';
import { setSetting } from './setSetting.ts';
import { writeText, type KeyPath } from './tomlText.ts';

/** What is to be set in a node's own config.toml. */
export interface WantedSettings {
  /** Absent where the registry section is right as it is. */
  readonly registry?: RegistrySettings;
  readonly sandboxImage?: string;
}

/** The files of a node that change, by their path on the node; or why the settings cannot be merged into them. */
export type MergedConfig =
  | { readonly ok: true; readonly files: ReadonlyMap<string, string> }
  | { readonly ok: false; readonly reason: string; readonly location?: Location };

/**
 * Merges settings into a node's config.toml and what it imports: only the lines of these settings change. What comes of it is
 * read again as the node's containerd reads it, so that no file is returned which says anything else than it should.
 */
export function mergeConfig(
  files: NodeFiles,
  own: ContainerdConfig,
  profile: Profile,
  wanted: WantedSettings,
): MergedConfig {
  const rules = configRules(profile);
  const loaded = tryLoad(files, rules);
  if (loaded instanceof StartupFailure) {
    const { message, location } = own.startupError ?? loaded;
    return { ok: false, reason: message, location };
  }
  const changed = applyWanted(files, loaded, rules, wanted);
  if (!changed) return { ok: false, reason: 'it is written in a way that cannot be changed safely' };
  const merged = withFiles(files, changed);
  const loss = findLoss(
    { own, files },
    { config: loadContainerdConfig(merged, profile), files: merged },
    wanted,
    [...changed.keys()],
  );
  if (loss !== undefined) return { ok: false, ...loss };
  return { ok: true, files: changed };
}

function tryLoad(files: NodeFiles, rules: ConfigRules): LoadedConfig | StartupFailure {
  try {
    return loadConfig(files, configFile, rules, '');
  } catch (error) {
    if (error instanceof StartupFailure) return error;
    throw error;
  }
}

function applyWanted(
  files: NodeFiles,
  loaded: LoadedConfig,
  rules: ConfigRules,
  { registry, sandboxImage }: WantedSettings,
): ReadonlyMap<string, string> | undefined {
  const texts = new Map(loaded.files.map(({ path }) => [path, textOf(files, path)]));
  const results = new Map<string, string | undefined>([[configFile, texts.get(configFile)]]);
  const current = (path: string): string => results.get(path) ?? texts.get(path) ?? '';
  if (registry) {
    const target = registryFile(loaded, rules);
    for (const { path, plugins } of loaded.files) {
      if (path !== target?.path && hasRegistry(plugins)) results.set(path, removeRegistry(current(path)));
    }
    if (!target) return undefined;
    const plugin = pluginOf(target, loaded, rules);
    results.set(target.path, mergeRegistry(current(target.path), plugin, registry, !rules.isVersion2));
  }
  if (sandboxImage !== undefined) {
    const { path, setting } = sandboxPlace(loaded, rules, current);
    results.set(path, setSetting(current(path), setting, writeText(sandboxImage)));
  }
  const entries = [...results].flatMap(([path, text]): [string, string][] =>
    text === undefined ? [] : [[path, withLineBreaksOf(texts.get(path) ?? '', text)]],
  );
  return entries.length === results.size ? new Map(entries) : undefined;
}

/** A text that may have lost all lines that say how its lines end. */
function withLineBreaksOf(original: string, text: string): string {
  const isCrlf = original.includes('\r\n') && !/(?<!\r)\n/.test(original);
  return isCrlf ? text.replaceAll(/(?<!\r)\n/g, '\r\n') : text;
}

function textOf(files: NodeFiles, path: string): string {
  const content = files.read(path);
  return content && 'text' in content ? content.text : '';
}

/** The file whose registry section counts: in 1.x the last one with the plugin's section, in 2.x the last with a registry. */
function registryFile({ files, version }: LoadedConfig, rules: ConfigRules): ConfigFile | undefined {
  const [main] = files;
  const last = files.findLast(({ plugins }) =>
    rules.isVersion2
      ? hasRegistry(plugins)
      : pluginsRead(version, rules).some((name) => entryOf(plugins, name) !== undefined),
  );
  return last ?? main;
}

function hasRegistry(plugins: ConfigFile['plugins']): boolean {
  return pluginNames.some((name) => tableAt(plugins, name, 'registry') !== undefined);
}

/** The plugin under which a file has its registry section: where it is already, if it counts there. */
function pluginOf(file: ConfigFile, loaded: LoadedConfig, rules: ConfigRules): string {
  const read = pluginsRead(countedVersion(file, loaded, rules), rules);
  const used = read.filter((name) => tableAt(file.plugins, name, 'registry') !== undefined);
  const present = read.find((name) => entryOf(file.plugins, name) !== undefined);
  const [only] = used;
  return (used.length === 1 ? only : undefined) ?? present ?? read[0] ?? '';
}

function sandboxPlace(
  loaded: LoadedConfig,
  rules: ConfigRules,
  textAt: (path: string) => string,
): { readonly path: string; readonly setting: KeyPath } {
  const places = loaded.files.flatMap((file) =>
    pluginsRead(countedVersion(file, loaded, rules), rules).map((plugin) => ({
      path: file.path,
      setting: sandboxPath(plugin),
    })),
  );
  const written = places.findLast(({ path, setting }) => setsSetting(textAt(path), setting));
  const target = registryFile(loaded, rules) ?? loaded.files[0];
  const fallback = target
    ? { path: target.path, setting: sandboxPath(pluginOf(target, loaded, rules)) }
    : { path: configFile, setting: [] };
  return written ?? fallback;
}

// containerd internal/cri/config/config.go ImageConfig.PinnedImages, pkg/cri/config/config.go PluginConfig.SandboxImage
function sandboxPath(plugin: string): KeyPath {
  return plugin === criPlugins.images
    ? ['plugins', plugin, 'pinned_images', 'sandbox']
    : ['plugins', plugin, 'sandbox_image'];
}

/** The files of a node with some of them replaced. */
function withFiles(files: NodeFiles, texts: ReadonlyMap<string, string>): NodeFiles {
  return {
    ...files,
    read: (path) => {
      const text = texts.get(path);
      return text === undefined ? files.read(path) : { text };
    },
  };
}
