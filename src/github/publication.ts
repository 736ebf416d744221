/** What became of something that was to be put on GitHub. The result of a run never depends on it. */
export type Publication<Published extends object = object> =
  | ({ readonly status: 'published' } & Published)
  /** GitHub answered that this run may not do it. */
  | { readonly status: 'denied'; readonly reason: string }
  /** It cannot be done here, or GitHub did not answer. */
  | { readonly status: 'skipped'; readonly reason: string };
