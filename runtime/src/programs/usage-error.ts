import { nameError, SpiffeError } from '../core';

/** What is wrong with the words that a program was started with. */
export type UsageErrorCode = 'usage';

/** Arguments or a configuration that a program cannot run with. All that is wrong is said at once. */
export class UsageError extends SpiffeError<UsageErrorCode> {
  /** What is wrong, one after the other, each with the option that it is about. */
  readonly faults: readonly string[];

  /**
   * @param faults what is wrong
   */
  constructor(faults: readonly string[]) {
    super('usage', faults.join('\n'));
    this.faults = Object.freeze([...faults]);
  }

  static {
    nameError(UsageError, 'UsageError');
  }
}
