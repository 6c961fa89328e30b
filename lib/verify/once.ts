/** Remembers what was made under a name, so that nothing is asked twice: not even while the first answer is still on its way. */
export class Once {
  private readonly made = new Map<string, unknown>();

  /** @param make is called the first time alone; a promise that fails has failed for all who ask */
  of<T>(name: string, make: () => T): T {
    if (!this.made.has(name)) {
      const value = make();
      // Whoever asks is told; that nobody has asked yet is no reason for an unhandled rejection.
      if (value instanceof Promise) value.catch(() => undefined);
      this.made.set(name, value);
    }
    return this.made.get(name) as T;
  }
}
