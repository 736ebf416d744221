import type { Mirrors, RegistryConfigs } from '../registries/registries.ts';
import type { Runtime } from '../resolver/runtime.ts';
import type { Located, Location } from '../source/location.ts';

/** A taint of a node: Pods that do not tolerate it are not scheduled there. */
export interface Taint {
  readonly key: string;
  readonly value: string;
  readonly effect: string;
}

/** A node of the cluster with everything that is known of it, its mirrors and logins included. */
export interface ClusterNode {
  readonly name: string;
  /** Where the node is named: registries.yaml or the saved inventory. */
  readonly location: Location;
  /** Undefined when neither inventory nor registries.yaml tell its labels. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints: readonly Taint[];
  readonly architecture?: string;
  readonly runtime: Runtime;
  /** The runtime as it is written; absent when it is not. */
  readonly writtenRuntime?: Located<string>;
  /** Undefined: whatever suits the runtime. */
  readonly configPath?: Located<string>;
  /** Path of the node's own config.toml, relative to the repository. */
  readonly containerdConfig?: Located<string>;
  readonly resolves: ReadonlyMap<string, Located<string>>;
  /** Nodes with the same settings share one and the same map. */
  readonly mirrors: Mirrors;
  readonly configs: RegistryConfigs;
}
