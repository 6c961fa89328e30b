import { nameError, SpiffeError } from '../../core';

/**
 * Why the helper ended, or does not write files yet:
 *
 * - `incomplete`: something that belongs into the files is not there yet;
 * - `timeout`: the first set of files was not there in time;
 * - `stopped`: it was told to end before it had written the only set that it was to write.
 */
export type HelperErrorCode = 'incomplete' | 'timeout' | 'stopped';

/** A helper that did not do what it was to do. */
export class HelperError extends SpiffeError<HelperErrorCode> {
  static {
    nameError(HelperError, 'HelperError');
  }
}
