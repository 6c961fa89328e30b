/** How long a watch waits before it tries again: longer each time, until something good arrives. */
export interface BackoffOptions {
  /**
   * The first wait in milliseconds.
   *
   * @default 1000; 2000 after PermissionDenied
   */
  readonly initialMs?: number;

  /**
   * The longest wait in milliseconds. Each wait is twice the one before until then.
   *
   * @default 30000; 60000 after PermissionDenied
   */
  readonly maxMs?: number;
}

/** The part of a wait that is left to chance, so that workloads that lost one agent do not come back all at once. */
const JITTER = 0.2;

/** A row of waits. */
export class Backoff {
  readonly initialMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #nextMs: number;

  /**
   * @param options the first wait and the longest one
   * @param random a number from 0 to 1, for the jitter
   */
  constructor({ initialMs, maxMs }: Required<BackoffOptions>, random: () => number = Math.random) {
    this.initialMs = initialMs;
    this.#maxMs = maxMs;
    this.#random = random;
    this.#nextMs = this.initialMs;
  }

  /** The next wait in milliseconds: from four fifths of its place in the row to all of it. */
  next(): number {
    const delayMs = this.#nextMs * (1 - JITTER * this.#random());
    this.#nextMs = Math.min(this.#nextMs * 2, this.#maxMs);
    return Math.round(delayMs);
  }

  /** Begins the row again. */
  reset(): void {
    this.#nextMs = this.initialMs;
  }
}
