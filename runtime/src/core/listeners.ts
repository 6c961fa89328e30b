import { isolate } from './isolate';

/** Functions of the user that are called after every change of something. What one throws becomes a warning of the process. */
export class Listeners {
  readonly #what: string;
  readonly #entries = new Set<() => unknown>();

  /** @param what what one of them is called in a warning, such as `a listener of a source` */
  constructor(what: string) {
    this.#what = what;
  }

  /**
   * Adds a listener.
   *
   * @param listener called without arguments
   * @returns ends the calls
   */
  add(listener: () => void): () => void {
    // Wrapped, so that one function can listen twice and leave once.
    const entry = (): unknown => listener();
    this.#entries.add(entry);
    return () => void this.#entries.delete(entry);
  }

  /** Calls all of them. */
  tell(): void {
    for (const entry of [...this.#entries]) isolate(this.#what, entry);
  }

  /** Forgets all of them. */
  clear(): void {
    this.#entries.clear();
  }
}
