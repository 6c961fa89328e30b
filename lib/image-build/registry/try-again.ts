import { setTimeout as sleep } from 'node:timers/promises';
import type { ImageError } from '../../image';

/** Longest time that a registry may ask to wait, in milliseconds. */
const LONGEST_WAIT = 60_000;

/** How something is tried again. */
export interface Tries {
  readonly tries: number;
  /** Milliseconds. */
  readonly pause: number;
  readonly signal?: AbortSignal;
}

/** Something failed that may go well the next time. */
export class TryAgain extends Error {
  /**
   * @param give the error for the user, when it is not tried again
   * @param after milliseconds that the server asks to wait
   */
  constructor(
    readonly give: (tries: number) => ImageError,
    readonly after?: number,
  ) {
    super('to be tried again');
  }

  /** Waits before the next try. @throws ImageError when there is none @param failed how many tries have failed */
  async wait(failed: number, { tries, pause, signal }: Tries): Promise<void> {
    if (failed >= tries || (this.after ?? 0) > LONGEST_WAIT) throw this.give(failed);
    const time = this.after ?? Math.min(pause * 2 ** (failed - 1), LONGEST_WAIT);
    try {
      await sleep(time, undefined, { signal });
    } catch (error) {
      throw signal?.aborted ? signal.reason : error;
    }
  }
}

/** Does something, again as long as it throws {@link TryAgain}. @throws ImageError when it was tried often enough */
export async function trying<T>(tries: Tries, action: () => Promise<T>): Promise<T> {
  for (let failed = 1; ; failed++) {
    try {
      return await action();
    } catch (error) {
      if (!(error instanceof TryAgain)) throw error;
      await error.wait(failed, tries);
    }
  }
}

/** What `Retry-After` says, in milliseconds. @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3 */
export function retryAfter(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^[0-9]{1,9}$/.test(header)) return Number(header) * 1000;
  // Of what else can be written for a date, `-1` would be one in 2001.
  const date = /^[A-Z][a-z]+, .* GMT$/.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(date - now, 0);
}
