import { mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeFolder } from '../core';
import { ImageError } from '../image';

/**
 * Does work in a folder that is there for its time alone.
 *
 * @param parent where there is space, and none is lost when the system clears away
 * @throws ImageError if the folder cannot be made
 */
export async function inTemporaryFolder<T>(
  parent: string,
  name: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  let folder: string;
  try {
    makeFolder(resolve(parent));
    folder = mkdtempSync(join(resolve(parent), `${name}-`));
  } catch (error) {
    throw new ImageError(`'${parent}' cannot be written: ${(error as Error).message}; name another folder`);
  }
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
