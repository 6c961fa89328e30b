import { MeshLock } from '../federation';
import { CommandFailure, UsageFailure } from './failure';

/** The lock file where nothing else is said: in this folder, beside the program. */
export const DEFAULT_LOCK = 'mesh.lock.json';

/** @throws UsageFailure if the name of a lock file is empty */
export function requireLockName(command: string, given: string | undefined): void {
  if (given === '') throw new UsageFailure('--lock is empty; name a file', command);
}

/**
 * What a lock file says.
 *
 * @param file relative to this folder
 * @returns undefined if there is no such file, so that nothing was deployed yet
 * @throws CommandFailure if it cannot be gone by
 */
export function lockAt(file: string): MeshLock | undefined {
  const lock = MeshLock.fromFile(file);
  const { problem } = lock;
  if (problem) throw new CommandFailure(`'${file}' ${problem.problem}; ${problem.remedy}`);
  return lock.isAbsent ? undefined : lock;
}
