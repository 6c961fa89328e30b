import { randomBytes } from 'node:crypto';
import { linkSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolder } from '../core';
import { digestOf, hexOf, ImageError, realPath } from '../image';
import type { BlobCache } from './blob-cache';
import { type Progress, SILENT } from './progress';
import { wait } from './wait';

/** How often it is looked whether the other one has ended, in milliseconds. */
const LOOK = 50;

/** No layout takes so long to write, in milliseconds. */
const LONG_AGO = 10 * 60 * 1000;

/** How somebody waits for a layout. */
export interface LockOptions {
  readonly progress?: Progress;
  readonly signal?: AbortSignal;
  /** How long another build is waited for, in milliseconds. @default 120000 */
  readonly patience?: number;
}

/**
 * Writes a layout while no other build writes it: of two at once, each could remove what only the other one's image needs. Who
 * uses another cache is not seen.
 *
 * @param work that ends at once: who waits for something in it could wait for ever
 * @throws ImageError if another build does not end
 */
export async function whileLocked<T>(
  layout: string,
  { folder }: BlobCache,
  work: () => T,
  { progress = SILENT, signal, patience = 120_000 }: LockOptions = {},
): Promise<T> {
  const lock = join(folder, 'locks', hexOf(digestOf(realPath(layout))));
  const own = `${process.pid} ${hostname()}`;
  if (!taken(lock, own)) {
    const step = progress.step(`wait for another build, which writes '${layout}'`);
    try {
      for (let waited = 0; !taken(lock, own); waited += LOOK) {
        if (waited >= patience) {
          throw new ImageError(
            `'${layout}' is being written by another build; wait for its end, or remove '${lock}' if there is none`,
          );
        }
        await wait(LOOK, signal);
      }
    } finally {
      step.done();
    }
  }
  try {
    return work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Takes a lock, unless somebody has it who is still there. */
function taken(lock: string, own: string): boolean {
  try {
    makeFolder(dirname(lock));
    writeFileSync(lock, own, { flag: 'wx' });
    return true;
  } catch (error) {
    // Where nothing can be written, such as in a cache that can only be read, there is no lock either.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return true;
    removeStale(lock, own);
    return false;
  }
}

/** Removes a lock of somebody who has ended without doing so himself. */
function removeStale(lock: string, own: string): void {
  try {
    const holder = readFileSync(lock, 'utf8');
    if (!isStale(holder, own) && Date.now() - statSync(lock).mtimeMs < LONG_AGO) return;
    // Another one may have found it stale too, and made its own by now: what was taken away is looked at.
    const aside = `${lock}.${randomBytes(6).toString('hex')}`;
    renameSync(lock, aside);
    try {
      if (readFileSync(aside, 'utf8') !== holder) linkSync(aside, lock);
    } finally {
      rmSync(aside, { force: true });
    }
  } catch {
    // It is gone: whose turn it is shows when it is taken.
  }
}

/** Whether the process that a lock names has ended. */
function isStale(holder: string, own: string): boolean {
  // It is written and removed without a pause: this process has it no longer, it is one of the same number, as in containers.
  if (holder === own) return true;
  const [, pid, host] = /^(\d+) (.*)$/s.exec(holder) ?? [];
  if (pid === undefined || host !== hostname()) return false;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
