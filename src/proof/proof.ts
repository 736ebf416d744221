import type { Diagnosis } from '../diagnose/diagnose.ts';
import type { ImageUse } from '../manifest/imageUse.ts';
import type { Reference } from '../reference/reference.ts';

/** One pull that is to be proved: a distinct reference with the same logins on a distinct node configuration. */
export interface PlannedPull {
  /** Unique in its plan. */
  readonly id: string;
  readonly reference: Reference;
  /** As the kubelet hands it on: the first use's own text. */
  readonly image: string;
  /** The names of the nodes on which a Pod with this image may run. */
  readonly nodes: readonly string[];
  /** Every place that the outcome stands for. */
  readonly uses: readonly ImageUse[];
}

/** A request that a stand-in for a registry saw while an image was pulled. Never holds a login. */
export interface ProofRequest {
  readonly method: string;
  /** Scheme, host as in the request, path and query. */
  readonly url: string;
  readonly status: number;
}

/** The pull works: the stand-in for `via` served it. */
export interface Proved {
  readonly status: 'proved';
  /** Scheme, host and port of the registry that served the manifest. */
  readonly via: string;
  /** The registry that the reference names served it, and no mirror. */
  readonly isUpstream: boolean;
}

/** The pull does not work. */
export interface Refuted {
  readonly status: 'refuted';
  /** The runtime's own text. */
  readonly error: string;
}

/** Neither: the pull was not tried, or what it showed proves nothing. */
export interface Inconclusive {
  readonly status: 'inconclusive';
  readonly reason: string;
}

export type Outcome = Proved | Refuted | Inconclusive;

/** What became of a planned pull. */
export interface Proof {
  readonly pull: PlannedPull;
  readonly outcome: Outcome;
  /** In the order in which they came. */
  readonly evidence: readonly ProofRequest[];
  /** What was taken for granted and what was not proved, one sentence each. */
  readonly assumptions: readonly string[];
  /** The runtime that pulled, as `containerd 1.7.24`; absent where none did. */
  readonly runtime?: string;
  /** Of a refuted pull: what its error means, and the line that it comes from. No engine makes it. */
  readonly diagnosis?: Diagnosis;
}

/** A pull that has to fail: that of an image that was proved, with all registries withheld, or of one that nobody ever made. */
export interface Control {
  readonly pull: PlannedPull;
  /** It failed, as it must. One without an outcome is not sound either. */
  readonly isSound: boolean;
  /** How it failed, or why that is not known, or what it means that it did not. */
  readonly text: string;
}
