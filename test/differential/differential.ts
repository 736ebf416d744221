import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import type { Case, Observation } from './case.ts';
import { disagreement, type Predict, type Prediction } from './disagreement.ts';
import type { Rig } from './rig.ts';

/** What is to be compared. */
export interface Comparison {
  readonly arbitrary: fc.Arbitrary<Case>;
  readonly predict: Predict;
  /** How many cases. */
  readonly count: number;
  readonly seed: number;
  /** After so many disagreements the rest is left. */
  readonly enough: number;
  /** Told after each case that was tried, those tried to make a case smaller apart. */
  readonly onProgress?: (done: number) => void;
}

/** A case in which containerd did otherwise than was predicted, made as small as it would go. */
export interface Disagreement {
  readonly case: Case;
  readonly what: string;
  readonly prediction: Prediction;
  readonly observation: Observation;
  /** The same case had another end when it was tried once more: containerd does not always do the same. */
  readonly isUnstable: boolean;
  /** Seed of the chunk in which it came up, and fast-check's path in it. */
  readonly seed: number;
  readonly path: string;
}

export interface Outcome {
  /** Cases that were tried, those tried to make a case smaller apart. */
  readonly done: number;
  readonly disagreements: readonly Disagreement[];
  /** How many cases ended in a pull, in an error, not before the deadline, in the end of containerd and in no start. */
  readonly tally: Readonly<Record<'pulled' | 'failed' | 'hung' | 'crashed' | 'refused', number>>;
  /** How many requests the registries saw. */
  readonly requests: number;
}

/** Cases are made in chunks of their own seed, so that they do not depend on how many nodes there are. */
const chunkSize = 25;

/** Tries cases on all nodes of the rig and compares each with its prediction. */
export async function compare(rig: Rig, nodes: number, comparison: Comparison): Promise<Outcome> {
  const { count, seed, enough, arbitrary, predict, onProgress } = comparison;
  const disagreements: Disagreement[] = [];
  const tally = { pulled: 0, failed: 0, hung: 0, crashed: 0, refused: 0 };
  let done = 0;
  let requests = 0;
  let next = 0;
  const chunks = Math.ceil(count / chunkSize);
  const runChunk = async (index: number): Promise<void> => {
    const found = await tryChunk(rig, arbitrary, predict, {
      seed: seed * 1_000_003 + index,
      count: Math.min(chunkSize, count - index * chunkSize),
      onCase: (observation) => {
        done += 1;
        requests += observation.requests.length;
        tally[observation.result?.kind ?? 'refused'] += 1;
        onProgress?.(done);
      },
    });
    if (found) disagreements.push(found);
  };
  const runChunks = async (): Promise<void> => {
    while (next < chunks && disagreements.length < enough) {
      next += 1;
      await runChunk(next - 1);
    }
  };
  await Promise.all(Array.from({ length: nodes }, runChunks));
  return { done, disagreements, tally, requests };
}

interface Chunk {
  readonly seed: number;
  readonly count: number;
  readonly onCase: (observation: Observation) => void;
}

async function tryChunk(
  rig: Rig,
  arbitrary: fc.Arbitrary<Case>,
  predict: Predict,
  { seed, count, onCase }: Chunk,
): Promise<Disagreement | undefined> {
  let smallest: Omit<Disagreement, 'seed' | 'path' | 'isUnstable'> | undefined;
  let fault: unknown;
  const observe = async (given: Case): Promise<Observation | undefined> => {
    if (fault !== undefined) return undefined;
    return rig.observe(given).catch((error: unknown) => {
      fault = new Error(`a case could not be tried: ${JSON.stringify(given)}`, { cause: error });
      return undefined;
    });
  };
  const property = fc.asyncProperty(arbitrary, async (given) => {
    const prediction = await predict(given, rig.version);
    const observation = await observe(given);
    // A fault of the rig is no disagreement: nothing is made smaller after one.
    if (!observation) return true;
    if (!smallest) onCase(observation);
    const what = disagreement(prediction, observation);
    // Shrinking goes on from the last case that failed: that one is the smallest.
    if (what !== undefined) smallest = { case: given, what, prediction, observation };
    return what === undefined;
  });
  const result = await fc.check(property, { seed, numRuns: count });
  if (fault !== undefined) throw fault;
  if (!result.failed) return undefined;
  if (!smallest) throw new Error('a prediction failed', { cause: result.errorInstance });
  const again = await rig.observe(smallest.case);
  const isUnstable = !isDeepStrictEqual(again, smallest.observation);
  return { ...smallest, isUnstable, seed, path: result.counterexamplePath ?? '' };
}
