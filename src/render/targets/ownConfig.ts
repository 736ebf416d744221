import type { Located } from '../../source/location.ts';
import { isK3s } from '../configureNode.ts';
import { mergeConfig } from '../configToml/mergeConfig.ts';
import { registrySettings } from '../registrySettings.ts';
import { nothing, type ConfiguredNode, type NodeRendering, type Target } from '../target.ts';

/** A node's own `config.toml`, and what it imports, with the settings of registries.yaml merged in. */
export const ownConfig: Target = {
  id: 'own-config',
  render: (configured) => {
    const { configuration, isUnchanged, sandboxImage } = configured;
    const isElsewhere = configuration.registry.form === 'docker' || isK3s(configuration.profile);
    return isElsewhere || (isUnchanged && !sandboxImage) ? nothing : merged(configured);
  },
};

function merged(configured: ConfiguredNode): NodeRendering {
  const { node, configuration, own, ownFiles, isUnchanged, sandboxImage } = configured;
  if (!node.containerdConfig) return nothing;
  if (!own || !ownFiles) return refuse(node.containerdConfig, 'it cannot be read', true);
  const result = mergeConfig(ownFiles, own, configuration.profile, {
    ...(!isUnchanged && { registry: registrySettings(configured) }),
    ...(sandboxImage && { sandboxImage: sandboxImage.value }),
  });
  if (result.ok) {
    const files = [...result.files].map(([path, text]) => ({ path, text, install: 'restart' as const }));
    return { files };
  }
  const { reason, location = node.containerdConfig.location } = result;
  return refuse({ value: own.file, location }, reason, own.startupError !== undefined);
}

function refuse({ value, location }: Located<string>, reason: string, isKnown: boolean): NodeRendering {
  const message = `nothing can be merged into \`${value}\`, so nothing is rendered for its nodes: ${reason}`;
  return { files: [], problem: { message, location, isKnown } };
}
