import type { ContainerdConfig } from '../config/containerdConfig.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import type { RepositoryFiles } from '../files/repositoryFiles.ts';
import type { ClusterNode } from '../node/clusterNode.ts';
import { configureNode } from '../render/configureNode.ts';
import type { ConfiguredNode } from '../render/target.ts';
import type { NodeConfiguration } from '../resolver/nodeConfiguration.ts';
import { profileFor } from '../resolver/profile.ts';
import type { Located } from '../source/location.ts';
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
  const byKey = new Map<string, OwnEntry>();
  const configured = nodes.map((node): ConfiguredNode => {
    const entry = ownEntry(node, files, byKey);
    if (!entry) return { node, configuration: configureNode(node) };
    entry.nodes.push(node);
    return withOwnConfig(node, entry);
  });
  return {
    nodes: configured,
    ownConfigs: [...byKey.values()].map(({ own, nodes }) => ({ config: own.config, nodes })),
  };
}

interface OwnEntry {
  readonly own: ContainerdNode;
  readonly nodeFiles: NodeFiles;
  readonly nodes: ClusterNode[];
}

function ownEntry(
  { containerdConfig, runtime }: ClusterNode,
  files: RepositoryFiles,
  byKey: Map<string, OwnEntry>,
): OwnEntry | undefined {
  if (!containerdConfig) return undefined;
  const profile = profileFor(runtime);
  const key = `${profile.runtime} ${profile.version} ${containerdConfig.value}`;
  const known = byKey.get(key);
  const content = known ? undefined : files.read(containerdConfig.value);
  if (known || !content || !('text' in content)) return known;
  const nodeFiles = repositoryNodeFiles(files, containerdConfig.value);
  const entry: OwnEntry = { own: containerdNode(nodeFiles, profile), nodeFiles, nodes: [] };
  byKey.set(key, entry);
  return entry;
}

/** One folder where the transfer service would take a list of them for the name of one. */
function singleFolder(
  { value, location }: Located<string>,
  { profile, forcesLocalPull }: NodeConfiguration,
): Located<string> {
  const [first = value] = profile.pullPath === 'transfer' && !forcesLocalPull ? value.split(':') : [];
  return { value: first, location };
}

function withOwnConfig(node: ClusterNode, { own, nodeFiles }: OwnEntry): ConfiguredNode {
  const { config, configuration } = own;
  const files = { own: config, ownFiles: nodeFiles };
  const isSilent = node.mirrors.size === 0 && node.configs.size === 0 && node.configPath === undefined;
  const isContainerd = configuration.profile.runtime !== 'docker';
  if (isSilent && isContainerd) {
    const complete = { ...node, ...(config.configPath && { configPath: config.configPath }) };
    const settings = { mirrors: config.mirrors, configs: config.configs };
    return { node: { ...complete, ...settings }, configuration, ...files, isUnchanged: true };
  }
  const configPath =
    node.configPath ?? (config.configPath && singleFolder(config.configPath, own.configuration));
  const complete = { ...node, ...(configPath && { configPath }) };
  // The registry section is rendered; all else stays in the node's own file.
  const rendered = {
    ...configureNode(complete),
    ...(config.headers.length > 0 && { headers: config.headers }),
    forcesLocalPull: config.forcesLocalPull,
  };
  return { node: complete, configuration: rendered, ...files };
}
