import type { ProofPlan } from './plan.ts';
import type { Control, Proof } from './proof.ts';

/** Whether an engine can do something on this machine. */
export type Availability =
  | { readonly isAvailable: true }
  | {
      readonly isAvailable: false;
      /** One sentence. */
      readonly reason: string;
    };

/** What an engine finds out, as soon as it does. */
export type ProofEvent =
  { readonly kind: 'proof'; readonly proof: Proof } | { readonly kind: 'control'; readonly control: Control };

/**
 * Proves pulls with real software. `prove` gives exactly one proof for each pull of the plan, in any order, also for pulls that
 * it cannot try; it throws only where it has a bug. After an abort it ends at once and leaves pulls out.
 */
export interface ProofEngine {
  readonly name: string;
  probe(): Promise<Availability>;
  prove(plan: ProofPlan, signal: AbortSignal): AsyncIterable<ProofEvent>;
  /** After a run, for people: what took its time, what was left on purpose. */
  readonly notes?: readonly string[];
  /** Removes whatever it has made. May be called at any time, and more than once. */
  dispose(): Promise<void>;
}
