import type { ContainerdConfig } from '../config/containerdConfig.ts';
import type { ClusterNode } from '../node/clusterNode.ts';
import type { NodeConfiguration } from '../resolver/nodeConfiguration.ts';

/** A node together with the configuration that is rendered for it. */
export interface ConfiguredNode {
  readonly node: ClusterNode;
  readonly configuration: NodeConfiguration;
  /** The node's own config.toml, where the repository has it. */
  readonly own?: ContainerdConfig;
  /** The configuration is what the node's own files say already, so that there is nothing to render. */
  readonly isUnchanged?: boolean;
}

/** One kind of file that nodes need. */
export interface Target {
  /** Kebab-case name. */
  readonly id: string;
  /** Files by their absolute path on the node; none where the node has no use for this target. Never holds a secret. */
  render(configured: ConfiguredNode): ReadonlyMap<string, string>;
}
