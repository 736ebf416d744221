import { locatedKey, readAuth, readTls } from '../registries/hostSettings.ts';
import type { Mirror, Mirrors, RegistryConfig, RegistryConfigs } from '../registries/registries.ts';
import type { Profile } from '../resolver/profile.ts';
import type { Fix } from '../source/fix.ts';
import { startOfFile, type Located, type Location, type SourceProblem } from '../source/location.ts';
import { parseToml, type TomlDocument } from '../source/toml.ts';
import {
  child,
  descend,
  entries,
  items,
  locatedText,
  type TreeNode,
} from '../source/tree.ts';
import { pluginKeys, sectionReaders, type SectionReader } from './pluginSections.ts';

/** What is wrong with a config.toml, and what to do about it. */
export interface ConfigProblem extends SourceProblem {
  readonly fix?: Fix;
}

/** A node's own `config.toml` as its containerd reads it. */
export interface ContainerdConfig {
  readonly file: string;
  /** Why containerd does not start with it, or starts without its CRI plugin: then the node pulls nothing. */
  readonly startupError?: ConfigProblem;
  /** Sections and keys that this version does not read. */
  readonly ignored: readonly ConfigProblem[];
  readonly configPath?: Located<string>;
  readonly mirrors: Mirrors;
  readonly configs: RegistryConfigs;
  /** The sandbox ("pause") image. */
  readonly sandboxImage?: Located<string>;
  /** A setting besides the registry's makes containerd 2.1 and later pull without the transfer service. */
  readonly forcesLocalPull: boolean;
}

/** Reads the text of a `config.toml` as the containerd of this profile does. */
export function readContainerdConfig(file: string, source: string, profile: Profile): ContainerdConfig {
  const { document, problems } = parseToml(file, source);
  const [problem] = problems;
  if (!document)
    return refused(file, problem ?? { message: 'it is no valid TOML', location: startOfFile(file) });
  const version = configVersion(document);
  const versionError = findVersionError(version, profile);
  if (versionError) return refused(file, { message: versionError, location: version.location });
  return readSections(document, version.value, profile);
}

function refused(file: string, { message, location }: SourceProblem): ContainerdConfig {
  const startupError = { message: `containerd does not start: ${message}`, location };
  return { file, startupError, ignored: [], mirrors: new Map(), configs: new Map(), forcesLocalPull: false };
}

/** A file without `version` counts as version 1. */
function configVersion(document: TomlDocument): Located<number> {
  const node = child(document.root, 'version');
  if (node?.kind !== 'scalar') return { value: 1, location: startOfFile(document.file) };
  return { value: Number(node.value), location: document.locate(node) };
}

// containerd services/server/config/config.go ValidateV2 (1.x), cmd/containerd/server/config/config.go ValidateVersion (2.x)
function findVersionError(
  version: Located<number>,
  { config, version: containerd }: Profile,
): string | undefined {
  if (config.versions.includes(version.value)) return undefined;
  if (containerd.startsWith('1.')) return `unsupported config version \`${version.value}\``;
  const newest = Math.max(...config.versions);
  return `expected containerd config version equal to or less than \`${newest}\`, got \`${version.value}\``;
}

function readSections(document: TomlDocument, version: number, profile: Profile): ContainerdConfig {
  const plugins = child(document.root, 'plugins');
  const readers = sectionReaders(version, profile);
  const read = readers.filter((reader) => child(plugins, reader.plugin));
  const registryReader =
    read.findLast((reader) => descend(plugins, reader.plugin, 'registry')) ?? read.at(-1);
  const registry = registryReader && descend(plugins, registryReader.plugin, 'registry');
  const mirrors = readMirrors(document, child(registry, 'mirrors'));
  const configs = readConfigs(document, child(registry, 'configs'), profile);
  const configPath = locatedText(document, child(registry, 'config_path'));
  const sandboxImage = readSandboxImage(document, plugins, read);
  const startupError = findStartupError(document, version, profile, {
    configPath,
    mirrors,
    configs,
    registry,
  });
  return {
    file: document.file,
    ...(startupError && { startupError }),
    ignored: [
      ...ignoredSections(document, plugins, version, profile, readers),
      ...ignoredKeys(document, registry, profile),
    ],
    ...(configPath && { configPath }),
    mirrors,
    configs,
    ...(sandboxImage && { sandboxImage }),
    forcesLocalPull: forcesLocalPull(read.map((reader) => child(plugins, reader.plugin))),
  };
}

function readMirrors(document: TomlDocument, section: TreeNode | undefined): Mirrors {
  const mirrors = entries(section).map((entry): Mirror => ({
    namespaceHost: locatedKey(document, entry),
    endpoints: items(child(entry.value, 'endpoint')).flatMap((node) => locatedText(document, node) ?? []),
    rewrites: [],
  }));
  return new Map(mirrors.map((mirror) => [mirror.namespaceHost.value, mirror]));
}

function readConfigs(
  document: TomlDocument,
  section: TreeNode | undefined,
  profile: Profile,
): RegistryConfigs {
  const configs = entries(section).map((entry): RegistryConfig => {
    const auth = child(entry.value, 'auth');
    const tls = profile.knowsInlineTls ? child(entry.value, 'tls') : undefined;
    return {
      host: locatedKey(document, entry),
      ...(auth && { auth: readAuth(document, auth, 'identitytoken') }),
      ...(tls && { tls: readTls(document, tls) }),
    };
  });
  return new Map(configs.map((config) => [config.host.value, config]));
}

function readSandboxImage(
  document: TomlDocument,
  plugins: TreeNode | undefined,
  read: readonly SectionReader[],
): Located<string> | undefined {
  const images = read.flatMap(
    ({ plugin, sandboxPath }) => locatedText(document, descend(plugins, plugin, ...sandboxPath)) ?? [],
  );
  return images.at(-1);
}

interface RegistrySection {
  readonly registry: TreeNode | undefined;
  readonly configPath: Located<string> | undefined;
  readonly mirrors: Mirrors;
  readonly configs: RegistryConfigs;
}

function findStartupError(
  document: TomlDocument,
  version: number,
  profile: Profile,
  { configPath, mirrors, configs, registry }: RegistrySection,
): ConfigProblem | undefined {
  const shortKey = entries(child(document.root, 'plugins')).find(({ key }) => !key.text.includes('.'));
  // containerd 1.x services/server/config/config.go ValidateV2
  if (profile.version.startsWith('1.') && version >= 2 && shortKey) {
    const message = `containerd does not start: invalid plugin key URI "${shortKey.key.text}" expect io.containerd.x.vx`;
    return { message, location: document.locate(shortKey.key) };
  }
  if (!configPath || configPath.value === '') return undefined;
  // containerd internal/cri/config/config.go ValidateImageConfig, pkg/cri/config/config.go ValidatePluginConfig (1.x)
  const refuse = (setting: string, location: Location): ConfigProblem => ({
    message: `the CRI plugin is not loaded, so this node pulls nothing: \`${setting}\` cannot be set when \`config_path\` is provided (line ${configPath.location.start.line})`,
    location,
    fix: {
      message: `move it into hosts.toml files below \`${configPath.value}\`, or remove \`config_path\``,
    },
  });
  const mirrorsEntry = entries(registry).find(({ key }) => key.text === 'mirrors');
  if (mirrors.size > 0 && mirrorsEntry)
    return refuse('mirrors', locationOfFirst(mirrors) ?? document.locate(mirrorsEntry.key));
  const withTls = [...configs.values()].find(({ tls }) => tls);
  return withTls ? refuse('configs.tls', withTls.host.location) : undefined;
}

function locationOfFirst(mirrors: Mirrors): Location | undefined {
  return [...mirrors.values()][0]?.namespaceHost.location;
}

/** Plugin sections with registry or sandbox settings under a name that this version does not read in this config version. */
function ignoredSections(
  document: TomlDocument,
  plugins: TreeNode | undefined,
  version: number,
  profile: Profile,
  readers: readonly SectionReader[],
): ConfigProblem[] {
  return entries(plugins).flatMap(({ key, value }): ConfigProblem[] => {
    const candidate = pluginKeys.find(({ plugin }) => plugin === key.text);
    if (!candidate || readers.some(({ plugin }) => plugin === key.text)) return [];
    const setting = entries(value).find(
      (entry) => entry.key.text === 'registry' || entry.key.text === candidate.sandboxPath[0],
    );
    if (!setting) return [];
    const expected = readers[0]?.plugin;
    const where = version === 1 ? 'without `version = 2` or later' : `in a file of version ${version}`;
    const fix = expected ? `put it under \`${expected}\`` : 'begin the file with `version = 2`';
    const message = `containerd ${profile.version} ignores \`${setting.key.text}\` under \`${key.text}\` ${where}`;
    return [{ message, location: document.locate(setting.key), fix: { message: fix } }];
  });
}

const registryKeys = ['config_path', 'mirrors', 'configs', 'auths', 'headers'];
const mirrorKeys = ['endpoint'];
const configKeys = ['auth', 'tls'];

function ignoredKeys(
  document: TomlDocument,
  registry: TreeNode | undefined,
  profile: Profile,
): SourceProblem[] {
  const report = (node: TreeNode | undefined, known: readonly string[], place: string): SourceProblem[] =>
    entries(node)
      .filter(({ key }) => !known.includes(key.text))
      .map(({ key }) => ({
        message: `\`${key.text}\` is no key of ${place}: containerd ignores it`,
        location: document.locate(key),
      }));
  const removedTls = profile.knowsInlineTls
    ? []
    : entries(child(registry, 'configs')).flatMap(({ value }) =>
        entries(value)
          .filter(({ key }) => key.text === 'tls')
          .map(({ key }) => ({
            message: `containerd ${profile.version} ignores \`configs.*.tls\`: since 2.0 TLS settings belong in hosts.toml`,
            location: document.locate(key),
          })),
      );
  return [
    ...report(registry, registryKeys, '`registry`'),
    ...entries(child(registry, 'mirrors')).flatMap(({ key, value }) =>
      report(value, mirrorKeys, `the mirror \`${key.text}\``),
    ),
    ...entries(child(registry, 'configs')).flatMap(({ key, value }) =>
      report(value, configKeys, `the config \`${key.text}\``),
    ),
    ...removedTls,
  ];
}

// containerd internal/cri/config/config.go CheckLocalImagePullConfigs (registry settings are looked at apart)
function forcesLocalPull(sections: readonly (TreeNode | undefined)[]): boolean {
  return sections.some((section) => {
    const isTrue = (...path: string[]): boolean => scalarValue(descend(section, ...path)) === true;
    const downloads = scalarValue(child(section, 'max_concurrent_downloads'));
    return (
      isTrue('use_local_image_pull') ||
      isTrue('discard_unpacked_layers') ||
      isTrue('containerd', 'discard_unpacked_layers') ||
      isTrue('image_pull_with_sync_fs') ||
      scalarValue(child(section, 'disable_snapshot_annotations')) === false ||
      (downloads !== undefined && Number(downloads) !== 3)
    );
  });
}

function scalarValue(node: TreeNode | undefined): unknown {
  return node?.kind === 'scalar' ? node.value : undefined;
}
