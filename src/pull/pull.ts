import type { ImageUse } from '../manifest/imageUse.ts';
import type { Reference } from '../reference/reference.ts';
import type { ConfiguredNode } from '../render/target.ts';
import type { AttemptsResult } from '../resolver/attempts.ts';
import type { NodeConfiguration } from '../resolver/nodeConfiguration.ts';

/** Nodes whose effective configuration is the same: every pull takes the same path on each of them. */
export interface NodeCase {
  readonly configuration: NodeConfiguration;
  readonly members: readonly ConfiguredNode[];
  /** Why containerd refuses the own config.toml of these nodes, so that they pull nothing. */
  readonly startupError?: string;
}

/** A distinct reference on a distinct node configuration: the unit that is resolved, checked and proved. */
export interface Pull {
  readonly reference: Reference;
  readonly nodeCase: NodeCase;
  /** The nodes of the case on which a Pod with this image may run. */
  readonly nodes: readonly ConfiguredNode[];
  /** Every place that names the reference and may bring it to one of these nodes. */
  readonly uses: readonly ImageUse[];
  /** The requests that containerd makes for it, in order. */
  readonly result: AttemptsResult;
}
