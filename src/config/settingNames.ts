import type { ConfigRules } from './configRules.ts';
import { criName } from './loadConfig.ts';
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
