import type { TransportErrorKind } from './transport.ts';

/** The codes that a pull can end in, as gRPC names them. */
export type GrpcCode =
  'Unknown' | 'NotFound' | 'InvalidArgument' | 'FailedPrecondition' | 'Unimplemented' | 'DeadlineExceeded';

/** What an error says besides its text; it stays when more words are put before the text. */
export interface ErrorFacts {
  readonly code?: GrpcCode | undefined;
  /** The URL that Go's HTTP client names in the error. */
  readonly url?: string | undefined;
  /** The request got no answer. */
  readonly transport?: TransportErrorKind | undefined;
  /** The request was answered with this status. */
  readonly status?: number | undefined;
  /** The registry refused what it was shown. */
  readonly isUnauthorized?: boolean | undefined;
}

/** An error that a pull may end in, in the words of containerd. */
export class PullError extends Error {
  override readonly name = 'PullError';
  readonly facts: ErrorFacts;

  constructor(text: string, facts: ErrorFacts = {}) {
    super(text);
    this.facts = facts;
  }
}

/** containerd does something with an image that is not known here. */
export class NotEmulated extends Error {
  override readonly name = 'NotEmulated';
}

/** containerd comes to an end; the message is that of its panic. */
export class Crash extends Error {
  override readonly name = 'Crash';
}

/** The error with words before its text. What is no error of a pull is thrown on: it is a bug. */
// Go fmt.Errorf with %w
export function wrapError(prefix: string, error: unknown): PullError {
  const cause = asPullError(error);
  return new PullError(`${prefix}: ${cause.message}`, cause.facts);
}

/** The error of a pull. What is none is thrown on: it is a bug. */
export function asPullError(error: unknown): PullError {
  if (error instanceof PullError) return error;
  throw error;
}

/** An error that ends in `: not found`. */
export function notFound(text: string): PullError {
  return new PullError(`${text}: not found`, { code: 'NotFound' });
}
