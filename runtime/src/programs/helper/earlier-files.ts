import { after, SpiffeError, type Timer } from '../../core';
import { DEFAULTS } from '../../source/source-options';

/**
 * Files of a helper that ran before, while this one waits for its first identity: they are those of an identity that may
 * be denied by now. No source holds it, so nothing else says that it was taken away.
 *
 * They are removed when it is denied, and not given within the time for which a source keeps what it holds: a SPIRE agent
 * that has just been started denies what it is about to give.
 */
export class EarlierFiles {
  readonly #remove: () => void;
  #timer: Timer | undefined;
  #isOver = false;

  /**
   * @param remove takes them away
   */
  constructor(remove: () => void) {
    this.#remove = remove;
  }

  /**
   * The first denial starts the clock; those that follow must not put it off.
   *
   * @param error why there is no identity yet
   */
  failed(error: unknown): void {
    const isDenied = SpiffeError.is(error) && error.code === 'permission-denied';
    if (isDenied && !this.#isOver && this.#timer === undefined) {
      this.#timer = after(DEFAULTS.onRedaction.graceMs, this.#remove);
    }
  }

  /** Leaves them to others: the source of the identity that is there now says what becomes of it, or the wait is over. */
  close(): void {
    this.#isOver = true;
    this.#timer?.cancel();
  }
}
