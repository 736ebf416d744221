import type { Profile } from '../resolver/profile.ts';

/** A plugin section that may hold the registry settings and the sandbox image. */
export interface SectionReader {
  readonly plugin: string;
  /** Where the sandbox image stands below it. */
  readonly sandboxPath: readonly string[];
}

const shortCri: SectionReader = { plugin: 'cri', sandboxPath: ['sandbox_image'] };
const cri: SectionReader = { plugin: 'io.containerd.grpc.v1.cri', sandboxPath: ['sandbox_image'] };
const criImages: SectionReader = {
  plugin: 'io.containerd.cri.v1.images',
  sandboxPath: ['pinned_images', 'sandbox'],
};

/** Every name under which some containerd reads registry settings. */
export const pluginKeys: readonly SectionReader[] = [shortCri, cri, criImages];

/**
 * The sections that a containerd reads in a file of this config version, the deciding one last. None: it drops the registry
 * settings of such a file.
 */
// containerd plugins/cri/images/plugin.go configMigration, migrateConfig; cmd/containerd/server/config/config.go LoadConfig
export function sectionReaders(
  configVersion: number,
  { version, config }: Profile,
): readonly SectionReader[] {
  if (!config.registryVersions.includes(configVersion)) return [];
  if (version.startsWith('1.')) return configVersion === 1 ? [shortCri] : [cri];
  if (configVersion === 1) return [shortCri, criImages];
  if (configVersion === 2) return [criImages, cri];
  // 2.3 migrates whatever it finds; before, a file of the newest version is taken as it is.
  return config.registryVersions.includes(1) ? [cri, criImages] : [criImages];
}
