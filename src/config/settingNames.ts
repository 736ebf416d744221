import type { ConfigFile } from './configFile.ts';
import type { ConfigRules } from './configRules.ts';
import { criName, type LoadedConfig } from './loadConfig.ts';
import { criPlugins } from './migratePlugins.ts';

/** Every name of a plugin under which some containerd has settings for pulling images. */
export const pluginNames: readonly string[] = ['cri', criPlugins.cri, criPlugins.images];

/** The settings for pulling images in the section of a plugin. */
export const settingNames: readonly string[] = ['registry', 'sandbox_image', 'pinned_images'];

/** The keys of `registry`. */
export const registryNames: readonly string[] = ['config_path', 'mirrors', 'configs', 'auths', 'headers'];

/** The plugins whose settings count in a file that counts as this version, the one to write first. */
export function pluginsRead(
  version: number,
  { isVersion2, migratesEachFile, newestVersion }: ConfigRules,
): readonly string[] {
  if (!isVersion2) return [criName(version)];
  if (version === newestVersion || (!migratesEachFile && version < 2)) return [criPlugins.images];
  if (version < 2) return ['cri', criPlugins.cri, criPlugins.images];
  return version === 2 ? [criPlugins.cri, criPlugins.images] : [criPlugins.images, criPlugins.cri];
}

/** The version that decides which sections of a file count. */
export function countedVersion({ version }: ConfigFile, loaded: LoadedConfig, rules: ConfigRules): number {
  const own = version.value === 0 ? 1 : version.value;
  // Up to 2.2 such a file is brought to the newest version without its plugins.
  const isRenamed = rules.isVersion2 && own === 1;
  return isRenamed || rules.migratesEachFile ? own : loaded.version;
}
