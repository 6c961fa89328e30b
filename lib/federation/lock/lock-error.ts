/** Why a text is no lock file that can be gone by. */
export class LockError extends Error {
  override readonly name = 'LockError';

  /**
   * @param problem what is wrong with it, as it follows the file's name: `is cut off`
   * @param remedy what to do
   */
  constructor(
    readonly problem: string,
    readonly remedy: string,
  ) {
    super(`the lock ${problem}; ${remedy}`);
  }
}

/** Nothing else knows what is deployed, so it is never made up. */
export const RESTORE = 'restore it from version control, as it says what is deployed';
