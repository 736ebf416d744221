import type { NodePull } from '../plan.ts';
import type { ProofRequest } from '../proof.ts';
import type { Surroundings } from '../surroundings.ts';
import type { GrpcCode } from './grpc.ts';

/** What the process in a simulated node is asked. */
export type NodeRequest =
  | { readonly kind: 'start'; readonly surroundings: Surroundings }
  /** Each result is handed over as a part, as soon as it is there. */
  | {
      readonly kind: 'pull';
      readonly pulls: readonly PullTask[];
      /** How many of them at the same time. */
      readonly limit: number;
      readonly deadline: number;
    }
  /** Pulls once more with all registries withheld. */
  | { readonly kind: 'control'; readonly pull: PullTask; readonly deadline: number };

/** An image to pull. */
export type PullTask = Pick<NodePull, 'id' | 'image' | 'reference' | 'logins' | 'asked'>;

/** How containerd started. The text is its reason for not doing so. */
export type NodeStart =
  { readonly kind: 'running' } | { readonly kind: 'ended' | 'without-cri' | 'failed'; readonly text: string };

/** What came of a pull. */
export type PullResult =
  | { readonly kind: 'pulled' }
  | { readonly kind: 'failed'; readonly code: GrpcCode; readonly text: string }
  /** There was no end before the deadline. */
  | { readonly kind: 'hung' }
  /** containerd itself came to an end. */
  | { readonly kind: 'crashed'; readonly text: string };

/** A pull that has ended, and the requests for it. */
export interface PullReport {
  readonly id: string;
  readonly result: PullResult;
  readonly requests: readonly ProofRequest[];
  /** The registry that served the manifest: scheme, host and port. */
  readonly via?: string;
  readonly isUpstream: boolean;
}

/** The last message for each request. */
export type NodeAnswer =
  | { readonly kind: 'started'; readonly start: NodeStart }
  | { readonly kind: 'done' }
  | { readonly kind: 'control'; readonly result: PullResult }
  /** A fault of the process itself. */
  | { readonly kind: 'fault'; readonly text: string };
