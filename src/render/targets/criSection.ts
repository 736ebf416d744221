import { stringify } from 'smol-toml';
import { criPlugins } from '../../config/migratePlugins.ts';
import { isK3s } from '../configureNode.ts';
import { hasBracket, writeInline } from '../configToml/inlineToml.ts';
import { registrySettings, type SettingsTable } from '../registrySettings.ts';
import { nothing, type ConfiguredNode, type NodeFile, type Target } from '../target.ts';

/**
 * The settings of containerd's CRI plugin for a node whose own config.toml is not known: a drop-in file for containerd 2.x; for
 * 1.x, where a drop-in file would replace all settings of the plugin, tables that `apply.sh` merges into the node's file.
 */
export const criSection: Target = {
  id: 'cri-section',
  render: (configured) => {
    const { node, configuration, own } = configured;
    const { profile, registry } = configuration;
    if (own || node.containerdConfig || registry.form === 'docker' || isK3s(profile)) return nothing;
    return { files: [sectionFile(configured)] };
  },
};

// containerd v1.7.34 services/server/config/config.go mergeConfig: a section of a drop-in file replaces the one before it whole
function sectionFile(configured: ConfiguredNode): NodeFile {
  const { profile } = configured.configuration;
  const text = sectionText(configured);
  const install = profile.tomlLibrary === 'go-toml v2' ? 'drop-in' : 'section';
  const about = comment([
    `Registry settings for containerd ${install === 'drop-in' ? '2.x' : '1.x'}, written by mirrorproof from registries.yaml.`,
    ...explanations[install],
    ...(text.includes('"${')
      ? ['apply.sh fills in ${NAME} on the node: secrets are never written here.']
      : []),
  ]);
  return { path: paths[install], text: `${about}\n${text}`, install };
}

const paths = {
  'drop-in': '/etc/containerd/conf.d/zz-mirrorproof.toml',
  section: '/etc/containerd/registry-section.toml',
} as const;

const explanations = {
  'drop-in': [
    "containerd reads this file where the node's config.toml has it in `imports`; apply.sh sees to that:",
    '    imports = ["/etc/containerd/conf.d/*.toml"]',
    'It has version 2 on purpose: containerd 2.x takes that beside a config.toml of any later version, but loses the registry',
    'settings of a config.toml of version 2 beside a file of version 3. It comes last for the same reason.',
  ],
  section: [
    "apply.sh merges these tables into the node's config.toml. This is no drop-in file: in containerd 1.x a file in `imports`",
    'replaces all settings of the plugin, those for runtimes and networks too. The node has to be of config version 2.',
  ],
} as const;

/** The settings as a file of version 2, which apply.sh takes apart by its lines: each value stands in one. */
function sectionText(configured: ConfiguredNode): string {
  const { configPath, tables } = registrySettings(configured);
  const { config } = configured.configuration.profile;
  const { isUnchanged, sandboxImage } = configured;
  const pathSetting = configPath === undefined ? {} : { config_path: configPath };
  const isInline = config.preferredVersion === 2 && hasBracket(tables);
  const registry: SettingsTable = { ...pathSetting, ...(isInline ? {} : tables) };
  // 2.2.0 and 2.2.1 take an empty path of version 2 for their default, which does not go with mirrors.
  const isNewest = configPath === '' && config.defaultConfigPathClashesWithMirrors;
  const sandbox = sandboxImage?.value;
  const plugin = {
    ...(sandbox !== undefined && (isNewest ? { pinned_images: { sandbox } } : { sandbox_image: sandbox })),
    ...(!isUnchanged && { registry }),
  };
  const [version, name] = isNewest ? [3, criPlugins.images] : [2, criPlugins.cri];
  const text = `${stringify({ version, plugins: { [name]: plugin } }).trimEnd()}\n`;
  const inline = Object.entries(tables).map(([key, value]) => `${key} = ${writeInline(value)}\n`);
  return isInline ? text + inline.join('') : text;
}

function comment(lines: readonly string[]): string {
  return lines.map((line) => `# ${line}\n`).join('');
}
