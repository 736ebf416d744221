import type { HeaderField } from '../hosts/hostsFile.ts';
import type { Mirrors, RegistryConfigs } from '../registries/registries.ts';
import type { Profile } from '../resolver/profile.ts';
import type { Located, Location } from '../source/location.ts';
import type { ConfigRules } from './configRules.ts';
import { locateKey, type ConfigEntry, type ConfigTable } from './configTable.ts';
import type { CriSections } from './criSections.ts';
import { imageConfig, pluginConfig, runtimeConfig, serverConfig } from './criTypes.ts';
import { fieldTable } from './decode.ts';
import { locatedText, readConfigs, readHeaders, readMirrors, scalarValue } from './registrySection.ts';
import { StartupFailure } from './startupFailure.ts';
import { validateDuration, validateRuntime } from './validateCri.ts';

/** What the CRI's sections say about pulling images. */
export interface CriSettings {
  /** As written, even where it is empty. */
  readonly configPath?: Located<string>;
  readonly mirrors: Mirrors;
  readonly configs: RegistryConfigs;
  /** Sent to every registry. */
  readonly headers: readonly HeaderField[];
  /** The sandbox ("pause") image. */
  readonly sandboxImage?: Located<string>;
  /** A setting besides the registry's makes containerd 2.1 and later pull without the transfer service. */
  readonly forcesLocalPull: boolean;
}

/**
 * Reads the settings in the order in which the version validates them.
 *
 * @throws StartupFailure where the CRI plugin refuses them
 */
export function readCriSettings(sections: CriSections, rules: ConfigRules, profile: Profile): CriSettings {
  return rules.isVersion2 ? readSettings2(sections, rules, profile) : readSettings1(sections, rules, profile);
}

// containerd v1.7.34 pkg/cri/config/config.go ValidatePluginConfig
function readSettings1(sections: CriSections, rules: ConfigRules, profile: Profile): CriSettings {
  if (sections.disabling) throw sections.disabling;
  return named('invalid plugin config', () => {
    validateRuntime(sections, rules);
    const settings = readImageSettings(sections, rules, profile);
    const plugin = sections.images;
    validateDuration(plugin, 'stream_idle_timeout', 'invalid stream idle timeout', pluginConfig, rules);
    validateDuration(
      plugin,
      'image_pull_progress_timeout',
      'invalid image pull progress timeout',
      pluginConfig,
      rules,
    );
    validateDuration(
      plugin,
      'drain_exec_sync_io_timeout',
      'invalid `drain_exec_sync_io_timeout`',
      pluginConfig,
      rules,
    );
    return settings;
  });
}

// containerd v2.3.4 internal/cri/config/config.go ValidateImageConfig, ValidateRuntimeConfig, ValidateServerConfig
function readSettings2(sections: CriSections, rules: ConfigRules, profile: Profile): CriSettings {
  const { images, runtime, server } = sections;
  const settings = named('invalid cri image config', () => {
    const read = readImageSettings(sections, rules, profile);
    validateDuration(
      images,
      'image_pull_progress_timeout',
      'invalid image pull progress timeout',
      imageConfig,
      rules,
    );
    return read;
  });
  named('invalid plugin config', () => {
    validateRuntime(sections, rules);
    validateDuration(
      runtime,
      'drain_exec_sync_io_timeout',
      'invalid `drain_exec_sync_io_timeout`',
      runtimeConfig,
      rules,
    );
  });
  // What the CRI needs is loaded before it, and fails first.
  if (sections.disabling) throw sections.disabling;
  named('invalid cri image config', () =>
    validateDuration(server, 'stream_idle_timeout', 'invalid stream idle timeout', serverConfig, rules),
  );
  return settings;
}

/** The plugin puts its own words before what it refuses. */
function named<T>(words: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof StartupFailure) || error.isFatal) throw error;
    const { message, location, detail } = error;
    throw new StartupFailure({ message: `${words}: ${message}`, location }, { isFatal: false, detail });
  }
}

function readImageSettings(
  { images, runtime }: CriSections,
  rules: ConfigRules,
  profile: Profile,
): CriSettings {
  const registry = fieldTable(images, rules, 'registry');
  const mirrors = readMirrors(registry, rules);
  const configPath = locatedText(registry, 'config_path', rules);
  const isClash = configPath === undefined && profile.config.defaultConfigPathClashesWithMirrors;
  const usesConfigPath = isClash || (configPath?.value ?? '') !== '';
  const [mirror] = mirrors.values();
  const detail = describeConfigPath(configPath, mirror?.namespaceHost.location.file, profile);
  if (mirror && usesConfigPath) refuse('mirrors', mirror.namespaceHost.location, detail);
  const withTls = usesConfigPath && profile.knowsInlineTls ? configWithTls(registry, rules) : undefined;
  if (withTls) refuse('configs.tls', locateKey(withTls), detail);
  const sandboxImage = rules.isVersion2
    ? locatedText(fieldTable(images, rules, 'pinned_images'), 'sandbox', rules)
    : locatedText(runtime, 'sandbox_image', rules);
  return {
    ...(configPath && { configPath }),
    mirrors,
    configs: readConfigs(registry, rules, profile),
    headers: readHeaders(registry, rules),
    ...(sandboxImage && { sandboxImage }),
    forcesLocalPull: profile.pullPath === 'transfer' && forcesLocalPull(images, rules),
  };
}

function configWithTls(registry: ConfigTable | undefined, rules: ConfigRules): ConfigEntry | undefined {
  const configs = fieldTable(registry, rules, 'configs');
  return configs?.entries.find(
    ({ value }) => value.kind === 'mapping' && fieldTable(value, rules, 'tls') !== undefined,
  );
}

/** Where the config path comes from that does not go with a setting in this file. */
function describeConfigPath(
  configPath: Located<string> | undefined,
  file: string | undefined,
  profile: Profile,
): string {
  if (!configPath)
    return `containerd ${profile.version} has \`${profile.config.defaultConfigPath}\` where nothing is written`;
  const { start, file: other } = configPath.location;
  return file === undefined || file === other ? `line ${start.line}` : `${other}:${start.line}`;
}

function refuse(setting: string, location: Location, detail: string): never {
  const message = `\`${setting}\` cannot be set when \`config_path\` is provided`;
  throw new StartupFailure({ message, location }, { isFatal: false, detail });
}

// containerd v2.3.4 internal/cri/config/config.go CheckLocalImagePullConfigs; the registry's own settings are looked at apart
function forcesLocalPull(images: ConfigTable, rules: ConfigRules): boolean {
  const isTrue = (key: string): boolean => scalarValue(images, key, rules) === true;
  const downloads = scalarValue(images, 'max_concurrent_downloads', rules);
  return (
    isTrue('use_local_image_pull') ||
    isTrue('discard_unpacked_layers') ||
    isTrue('image_pull_with_sync_fs') ||
    scalarValue(images, 'disable_snapshot_annotations', rules) === false ||
    (downloads !== undefined && Number(downloads) !== 3)
  );
}
