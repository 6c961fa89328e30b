import type { BundleSet } from '../../bundle';
import type { WorkloadApiError } from '../../workload-api';

/** How long what the Workload API said last is believed when it says nothing more, in milliseconds. */
export interface HeldTimes {
  /** After it has denied this workload: an agent that was just started denies what it is about to give. */
  readonly deniedMs: number;
  /** While it cannot be reached, or sends what cannot be read: an agent may be restarted. */
  readonly lostMs: number;
}

/**
 * What is known of one stream:
 *
 * - `bundles`: all that the Workload API gives now;
 * - `denied`: nothing, since it has no identity for this workload;
 * - `unknown`: it has not said, or not for a long time.
 */
export type HeldWord =
  | { readonly type: 'bundles'; readonly bundles: BundleSet }
  | { readonly type: 'denied'; readonly why: string }
  | { readonly type: 'unknown'; readonly why: string };

const SILENT = 'the Workload API has not answered; look whether it runs';

/** One stream of bundles: what was said last, and for how long that counts. */
export class HeldStream {
  readonly #times: HeldTimes;
  readonly #now: () => number;
  #word: HeldWord = { type: 'unknown', why: SILENT };
  #error: WorkloadApiError | undefined;
  /** Since when the Workload API denies without a break. */
  #deniedSince: number | undefined;
  /** Since when there was no word that counts. */
  #silentSince: number | undefined;

  /**
   * @param times how long the last word counts
   * @param now the time, in milliseconds since 1970
   */
  constructor(times: HeldTimes, now: () => number) {
    this.#times = times;
    this.#now = now;
  }

  /** Whether the last thing that came was an answer with bundles. */
  get isUp(): boolean {
    return this.#word.type === 'bundles' && this.#error === undefined;
  }

  /** What is known now. */
  get word(): HeldWord {
    this.#settle();
    const error = this.#error;
    const isKnown = this.#word.type !== 'unknown' && !this.#isOver(this.#silentSince, this.#times.lostMs);
    return error === undefined || isKnown ? this.#word : { type: 'unknown', why: error.message };
  }

  /**
   * Takes an answer.
   *
   * @param bundles all that there is
   */
  update(bundles: BundleSet): void {
    this.#word = { type: 'bundles', bundles };
    this.#error = undefined;
    this.#deniedSince = undefined;
    this.#silentSince = undefined;
  }

  /**
   * Takes a failure.
   *
   * @param error what failed
   */
  fail(error: WorkloadApiError): void {
    this.#settle();
    this.#error = error;
    this.#deniedSince = error.code === 'permission-denied' ? (this.#deniedSince ?? this.#now()) : undefined;
    const isRepeated = this.#deniedSince !== undefined && this.#word.type === 'denied';
    this.#silentSince = isRepeated ? undefined : (this.#silentSince ?? this.#now());
  }

  /** What is denied for long enough is gone, whatever comes next. */
  #settle(): void {
    if (this.#error && this.#word.type !== 'denied' && this.#isOver(this.#deniedSince, this.#times.deniedMs)) {
      this.#word = { type: 'denied', why: this.#error.message };
      this.#silentSince = undefined;
    }
  }

  #isOver(since: number | undefined, forMs: number): boolean {
    return since !== undefined && this.#now() - since >= forMs;
  }
}
