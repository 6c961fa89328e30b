/**
 * States one after the other, for any number of readers that take their time: whoever is slow misses states in between,
 * never the newest.
 */
export class Updates<T> {
  #latest: { readonly state: T } | undefined;
  #ended = false;
  readonly #waiting = new Set<() => void>();

  /** Hands a state to all readers. */
  push(state: T): void {
    this.#latest = { state };
    this.#wake();
  }

  /** Ends all readers. */
  end(): void {
    this.#ended = true;
    this.#wake();
  }

  /** Reads from the present state on, until the end. */
  async *read(): AsyncGenerator<T, void, undefined> {
    let seen: { readonly state: T } | undefined;
    while (!this.#ended) {
      if (this.#latest && this.#latest !== seen) {
        seen = this.#latest;
        yield seen.state;
      } else {
        await new Promise<void>((resolve) => this.#waiting.add(resolve));
      }
    }
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const resolve of waiting) resolve();
  }
}
