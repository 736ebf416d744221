import type { Location, SourceProblem } from '../source/location.ts';

/** More on a failure than containerd says. */
export interface FailureOptions {
  /** containerd ends, which is the default; otherwise it runs on without its CRI plugin. */
  readonly isFatal?: boolean;
  /** What is said to people in the place of containerd's words. */
  readonly inWords?: string | undefined;
  /** What people want to know besides. */
  readonly detail?: string | undefined;
}

/** Makes reading end: containerd does not start, or not its CRI plugin. The message is containerd's own error. */
export class StartupFailure extends Error {
  readonly location: Location;
  readonly isFatal: boolean;
  readonly inWords: string | undefined;
  readonly detail: string | undefined;

  constructor(
    { message, location }: SourceProblem,
    { isFatal = true, inWords, detail }: FailureOptions = {},
  ) {
    super(message);
    this.location = location;
    this.isFatal = isFatal;
    this.inWords = inWords;
    this.detail = detail;
  }
}
