import type { ContainerdConfig } from '../config/containerdConfig.ts';
import type { NodeFiles } from '../files/nodeFiles.ts';
import type { ClusterNode } from '../node/clusterNode.ts';
import type { NodeConfiguration } from '../resolver/nodeConfiguration.ts';
import type { FixableProblem } from '../source/fix.ts';
import type { Located } from '../source/location.ts';

/** A node together with the configuration that is rendered for it. */
export interface ConfiguredNode {
  readonly node: ClusterNode;
  readonly configuration: NodeConfiguration;
  /** The node's own config.toml, where the repository has it. */
  readonly own?: ContainerdConfig;
  /** The files of the node that the repository has; with `own` only. */
  readonly ownFiles?: NodeFiles;
  /** The registry configuration is what the node's own files say already, so that there is nothing to render of it. */
  readonly isUnchanged?: boolean;
  /** The sandbox ("pause") image to set; absent where the node has the right one, or registries.yaml names none. */
  readonly sandboxImage?: Located<string>;
}

/** A file for a node. */
export interface NodeFile {
  /** Absolute path on the node. */
  readonly path: string;
  readonly text: string;
  readonly install: Installation;
}

/**
 * What `apply.sh` does with a file:
 *
 * - `replace` puts it in its place; `restart` does too, and the runtime has to be restarted to read it;
 * - `keep` puts it there unless there is one already;
 * - `drop-in` is `restart`, and `config.toml` has to import it;
 * - `section` merges its tables into `config.toml`;
 * - `json` merges its keys into the file that is there.
 */
export type Installation = 'replace' | 'restart' | 'keep' | 'drop-in' | 'section' | 'json';

/** Why something cannot be rendered for a node. */
export interface RenderProblem extends FixableProblem {
  /** Another check says why already. */
  readonly isKnown?: boolean;
}

/** What a target makes of a node. With a problem, nothing is rendered for the node at all: half of it would be wrong. */
export interface NodeRendering {
  readonly files: readonly NodeFile[];
  readonly problem?: RenderProblem;
}

/** One kind of file that nodes need. */
export interface Target {
  /** Kebab-case name. */
  readonly id: string;
  /** No files where the node has no use for this target. Never holds a secret. */
  render(configured: ConfiguredNode): NodeRendering;
}

/** What a target makes of a node that has no use for it. */
export const nothing: NodeRendering = { files: [] };
