import { lstatSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** No build takes so long, in milliseconds. */
const LONG_AGO = 24 * 60 * 60 * 1000;

/** As what is to get its name when it is whole is called until then. */
const UNFINISHED = /^\.(.+)\.[0-9a-f]{12}(?:\.before)?$/;

/**
 * Removes what builds have left in a folder that were ended without notice, such as by SIGKILL or by a lack of memory, once it is a
 * day old. That it cannot be done is no reason against a build.
 *
 * @param name only what would have got this name
 */
export function removeLeftovers(folder: string, name?: string): void {
  try {
    for (const each of readdirSync(folder)) {
      const wanted = UNFINISHED.exec(each)?.[1];
      if (wanted === undefined || (name !== undefined && wanted !== name)) continue;
      const path = join(folder, each);
      if (Date.now() - lstatSync(path).mtimeMs > LONG_AGO) rmSync(path, { recursive: true, force: true });
    }
  } catch {
    // There is no such folder, another build was faster, or it belongs to another user.
  }
}
