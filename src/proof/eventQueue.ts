/** What several producers find out, in the order in which they do. For one reader. */
export class EventQueue<T> implements AsyncIterable<T> {
  readonly #waiting: T[] = [];
  #end: { readonly error?: unknown } | undefined;
  #wake: () => void = () => undefined;

  add(event: T): void {
    this.#waiting.push(event);
    this.#wake();
  }

  /** Ends with whoever adds to it. After a fault the reader gets all that was added before, and then the error. */
  endWith(work: Promise<unknown>): void {
    work.then(
      () => this.#endWith({}),
      (error: unknown) => this.#endWith({ error }),
    );
  }

  #endWith(end: { readonly error?: unknown }): void {
    this.#end = end;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncIterator<T> {
    for (;;) {
      while (this.#waiting.length > 0) yield* this.#waiting.splice(0);
      if (this.#end) break;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if ('error' in this.#end) throw this.#end.error;
  }
}
