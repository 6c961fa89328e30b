import type { ImageError } from '../../image';
import { type Progress, SILENT } from '../progress';
import { wait } from '../wait';

/** Longest time that a registry may ask to wait, in milliseconds. */
const LONGEST_WAIT = 60_000;

/** How something is tried again. */
export interface Tries {
  readonly tries: number;
  /** Milliseconds. */
  readonly pause: number;
  readonly signal?: AbortSignal;
  /** Is told what is waited for. @default - nobody is */
  readonly progress?: Progress;
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
  async wait(failed: number, { tries, pause, signal, progress = SILENT }: Tries): Promise<void> {
    if (failed >= tries || (this.after ?? 0) > LONGEST_WAIT) throw this.give(failed);
    const time = this.after ?? Math.min(pause * 2 ** (failed - 1), LONGEST_WAIT);
    // Of the sentence for the user what is wrong, without the remedy.
    const [problem = ''] = this.give(1).message.split('; ', 1);
    const step = progress.step(`${problem}: try ${failed + 1} of ${tries} in ${Math.ceil(time / 1000)} s`);
    try {
      await wait(time, signal);
    } finally {
      step.done();
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
