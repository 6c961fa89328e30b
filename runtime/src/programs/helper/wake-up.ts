/** Wakes a loop that waits for anything to happen. What happens while it does not wait is not lost. */
export class WakeUp {
  #rung = false;
  #wake: (() => void) | undefined;

  /** Something has happened. */
  readonly ring = (): void => {
    this.#rung = true;
    this.#wake?.();
  };

  /**
   * Waits until something happens, or has happened since the last time.
   *
   * @param timeoutMs how long at most, in milliseconds
   */
  async wait(timeoutMs?: number): Promise<void> {
    if (!this.#rung) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        timer = timeoutMs === undefined ? undefined : setTimeout(resolve, timeoutMs);
      });
      clearTimeout(timer);
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}
