/** Lets so many actions run at a time, and others wait for their turn in the order in which they came. */
export class Slots {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  /**
   * @param count how many may run at a time
   */
  constructor(count: number) {
    this.#free = count;
  }

  /**
   * Runs an action when it is its turn.
   *
   * @param action what to do
   */
  async run<T>(action: () => Promise<T>): Promise<T> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      return await action();
    } finally {
      // Handed over, so that whoever comes in between does not get in front.
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }
}
