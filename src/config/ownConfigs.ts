import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { ClusterNode } from '../node/clusterNode.ts';
import { profileFor } from '../resolver/profile.ts';
import { readContainerdConfig, type ContainerdConfig } from './containerdConfig.ts';

/** A node's own config.toml and the nodes that have it. */
export interface OwnConfig {
  readonly config: ContainerdConfig;
  readonly nodes: readonly ClusterNode[];
}

/** The config.toml of every node that has one in the repository. */
export interface OwnConfigs {
  /** One for each distinct pair of a file and a containerd version that reads it. */
  readonly all: readonly OwnConfig[];
  of(node: ClusterNode): ContainerdConfig | undefined;
}

/** Reads each file once for each containerd version that reads it. A file that is not there is left to the checks. */
export function readOwnConfigs(nodes: readonly ClusterNode[], files: RepositoryFiles): OwnConfigs {
  const byKey = new Map<string, { config: ContainerdConfig; nodes: ClusterNode[] }>();
  const byName = new Map<string, ContainerdConfig>();
  for (const node of nodes) {
    if (!node.containerdConfig) continue;
    const profile = profileFor(node.runtime);
    const path = node.containerdConfig.value;
    const key = `${profile.runtime} ${profile.version} ${path}`;
    const content = byKey.has(key) ? undefined : files.read(path);
    if (content && 'text' in content) {
      byKey.set(key, { config: readContainerdConfig(path, content.text, profile), nodes: [] });
    }
    const own = byKey.get(key);
    if (!own) continue;
    own.nodes.push(node);
    byName.set(node.name, own.config);
  }
  return { all: [...byKey.values()], of: (node) => byName.get(node.name) };
}

/**
 * The node with what its own config.toml says where registries.yaml says nothing: the folder of its hosts directories, and,
 * when registries.yaml has neither mirrors nor logins for it, those of the file.
 */
export function withOwnConfig(node: ClusterNode, config: ContainerdConfig | undefined): ClusterNode {
  if (!config) return node;
  const isSilent = node.mirrors.size === 0 && node.configs.size === 0;
  const usesInline = isSilent && !config.configPath?.value && config.mirrors.size > 0;
  const configPath =
    node.configPath ??
    (usesInline && node.containerdConfig ? { ...node.containerdConfig, value: '' } : config.configPath);
  return {
    ...node,
    ...(configPath && { configPath }),
    ...(isSilent && { mirrors: config.mirrors, configs: config.configs }),
  };
}
