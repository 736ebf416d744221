/**
 * A wrong invocation or an input that cannot be used: the person who started mirrorproof can mend it. What is wrong in the
 * repository's files is a finding instead, and any other error is a bug of mirrorproof.
 */
export class UserError extends Error {
  override readonly name = 'UserError';
  /** What to do about it. */
  readonly hint: string | undefined;

  /** Message and hint begin with a small letter and have no full stop: the one who prints them puts them into a sentence. */
  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
