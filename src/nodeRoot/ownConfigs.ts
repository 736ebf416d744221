import type { ContainerdConfig } from '../config/containerdConfig.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { ClusterNode } from '../node/clusterNode.ts';
import { configureNode } from '../render/configureNode.ts';
import type { ConfiguredNode } from '../render/target.ts';
import { profileFor } from '../resolver/profile.ts';
import { containerdNode, type ContainerdNode } from './containerdNode.ts';
import { repositoryNodeFiles } from './repositoryNodeFiles.ts';

/** A node's own config.toml and the nodes that have it. */
export interface OwnConfig {
  readonly config: ContainerdConfig;
  readonly nodes: readonly ClusterNode[];
}

/** The nodes with their configuration, and the config.toml files that some of them have in the repository. */
export interface ConfiguredNodes {
  readonly nodes: readonly ConfiguredNode[];
  /** One for each distinct pair of a file and a containerd version that reads it. */
  readonly ownConfigs: readonly OwnConfig[];
}

/**
 * Configures the nodes: as registries.yaml says, or, where it says nothing for a node, as the node's own files do. Each file is
 * read once for each containerd version that reads it; one that is not there is left to the checks.
 */
export function configureNodes(nodes: readonly ClusterNode[], files: RepositoryFiles): ConfiguredNodes {
  const byKey = new Map<string, { own: ContainerdNode; nodes: ClusterNode[] }>();
  const configured = nodes.map((node): ConfiguredNode => {
    const entry = ownEntry(node, files, byKey);
    if (!entry) return { node, configuration: configureNode(node) };
    entry.nodes.push(node);
    return withOwnConfig(node, entry.own);
  });
  return {
    nodes: configured,
    ownConfigs: [...byKey.values()].map(({ own, nodes }) => ({ config: own.config, nodes })),
  };
}

function ownEntry(
  { containerdConfig, runtime }: ClusterNode,
  files: RepositoryFiles,
  byKey: Map<string, { own: ContainerdNode; nodes: ClusterNode[] }>,
): { own: ContainerdNode; nodes: ClusterNode[] } | undefined {
  if (!containerdConfig) return undefined;
  const profile = profileFor(runtime);
  const key = `${profile.runtime} ${profile.version} ${containerdConfig.value}`;
  const known = byKey.get(key);
  const content = known ? undefined : files.read(containerdConfig.value);
  if (known || !content || !('text' in content)) return known;
  const entry = {
    own: containerdNode(repositoryNodeFiles(files, containerdConfig.value), profile),
    nodes: [],
  };
  byKey.set(key, entry);
  return entry;
}

function withOwnConfig(node: ClusterNode, { config, configuration }: ContainerdNode): ConfiguredNode {
  const isSilent = node.mirrors.size === 0 && node.configs.size === 0 && node.configPath === undefined;
  const isContainerd = configuration.profile.runtime !== 'docker';
  if (isSilent && isContainerd) {
    const complete = { ...node, ...(config.configPath && { configPath: config.configPath }) };
    const settings = { mirrors: config.mirrors, configs: config.configs };
    return { node: { ...complete, ...settings }, configuration, own: config, isUnchanged: true };
  }
  const configPath = node.configPath ?? config.configPath;
  const complete = { ...node, ...(configPath && { configPath }) };
  // The registry section is rendered; all else stays in the node's own file.
  const rendered = { ...configureNode(complete), forcesLocalPull: config.forcesLocalPull };
  return { node: complete, configuration: rendered, own: config };
}
