import { readFileSync, statSync } from 'node:fs';
import { isLate, PLAIN_PROBLEM } from '../../core';
import { LockError, RESTORE } from './lock-error';
import { LONGEST_LOCK, tooLarge } from './read-lock';

/**
 * The text of a lock file.
 *
 * @param path relative to the folder of the process
 * @returns undefined if there is none
 * @throws LockError if it cannot be read
 */
export function lockTextOf(path: unknown): string | undefined {
  if (isLate(path)) throw new LockError(PLAIN_PROBLEM.message, 'pass its path as plain text');
  if (typeof path !== 'string' || path === '' || path.includes('\0')) {
    throw new LockError('has no path', "write MeshLock.fromFile('mesh.lock.json')");
  }
  const bytes = bytesOf(path);
  if (bytes === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new LockError('is no UTF-8', RESTORE);
  }
}

function bytesOf(path: string): Buffer | undefined {
  try {
    const state = statSync(path);
    if (state.isDirectory()) throw new LockError('is a folder', 'name the file in it');
    // A device may have no end, and a pipe is read only once.
    if (!state.isFile()) throw new LockError('is no file', 'name a file');
    if (state.size > LONGEST_LOCK) throw tooLarge(state.size);
    return readFileSync(path);
  } catch (error) {
    if (error instanceof LockError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    throw new LockError(`cannot be read (${code ?? message})`, 'make it readable, or name another file');
  }
}
