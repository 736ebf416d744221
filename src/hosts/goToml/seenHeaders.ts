interface Seen {
  readonly key: string;
  isForgotten: boolean;
}

/** More dots in the key of a header than any real file has. */
const maxDots = 200;

/** The keys of the headers so far, as they are written. */
export class SeenHeaders {
  readonly #seen = new Map<string, Seen>();
  readonly #order: Seen[] = [];
  /** The keys below each prefix that ends in a dot. */
  readonly #below = new Map<string, Set<Seen>>();

  has(key: string): boolean {
    return this.#seen.has(key);
  }

  /** The key that was added last and is not forgotten. */
  last(): string | undefined {
    while (this.#order.at(-1)?.isForgotten) this.#order.pop();
    return this.#order.at(-1)?.key;
  }

  add(key: string): void {
    const seen = this.#seen.get(key) ?? { key, isForgotten: false };
    this.#seen.set(key, seen);
    this.#order.push(seen);
    let dots = 0;
    for (let dot = key.indexOf('.'); dot >= 0 && dots < maxDots; dot = key.indexOf('.', dot + 1)) {
      const prefix = key.slice(0, dot + 1);
      this.#below.set(prefix, (this.#below.get(prefix) ?? new Set()).add(seen));
      dots += 1;
    }
  }

  /** Forgets all that begin with this key and a dot. */
  forgetBelow(key: string): void {
    const prefix = `${key}.`;
    for (const seen of this.#below.get(prefix) ?? []) {
      seen.isForgotten = true;
      this.#seen.delete(seen.key);
    }
    this.#below.delete(prefix);
  }
}
