import { badOption, requireDuration } from './options';

/** How often bundles are fetched. */
export interface RefreshOptions {
  /**
   * The shortest time between two fetches, in milliseconds, whatever the bundle asks for.
   *
   * @default 10000
   */
  readonly minIntervalMs?: number;

  /**
   * The longest time between two fetches, in milliseconds, whatever the bundle asks for: as long as a withdrawn key may
   * stay trusted.
   *
   * @default 86400000
   */
  readonly maxIntervalMs?: number;
}

/** The time between two fetches when the bundle does not ask for any, as the standard recommends. */
const DEFAULT_INTERVAL_MS = 300_000;

/** The time between two fetches while there is no bundle at all: nobody of the trust domain can be verified. */
const FIRST_INTERVAL_MS = 60_000;

const MIN_INTERVAL_MS = 10_000;
const MAX_INTERVAL_MS = 86_400_000;

/** By what part of it a fetch may come early, so that not all who began together ask together. */
const JITTER = 0.1;

/** When to fetch a bundle again. */
export class RefreshInterval {
  readonly #minMs: number;
  readonly #maxMs: number;

  /** @throws {@link FederationError} `bad-option` when an option is no time, or the shortest is longer than the longest */
  constructor({ minIntervalMs = MIN_INTERVAL_MS, maxIntervalMs = MAX_INTERVAL_MS }: RefreshOptions = {}) {
    this.#minMs = requireDuration('minIntervalMs', minIntervalMs);
    this.#maxMs = requireDuration('maxIntervalMs', maxIntervalMs);
    if (minIntervalMs > maxIntervalMs) {
      throw badOption(
        'minIntervalMs',
        minIntervalMs,
        `is more than maxIntervalMs, ${maxIntervalMs}; lower one or raise the other`,
      );
    }
  }

  /**
   * The time between two fetches at the most, in milliseconds.
   *
   * @param bundle the bundle that is held, with its refresh hint in seconds
   */
  of(bundle: { readonly refreshHint?: number } | undefined): number {
    const { refreshHint } = bundle ?? {};
    const wantedMs =
      bundle === undefined ? FIRST_INTERVAL_MS : refreshHint === undefined ? DEFAULT_INTERVAL_MS : refreshHint * 1000;
    return Math.min(Math.max(wantedMs, this.#minMs), this.#maxMs);
  }

  /**
   * The same, up to a tenth shorter.
   *
   * @param bundle the bundle that is held
   * @param random from 0 to 1
   */
  next(bundle: { readonly refreshHint?: number } | undefined, random: number = Math.random()): number {
    return this.of(bundle) * (1 - JITTER * random);
  }
}
