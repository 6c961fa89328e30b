import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { ImageError } from './image-error';

/** A file; undefined if there is none. @throws ImageError if it cannot be read */
export function bytesOf(file: string): Buffer | undefined {
  return ifThere(file, () => readFileSync(file));
}

/** Names of what is in a folder; undefined if there is none. @throws ImageError if it cannot be read */
export function namesIn(folder: string): string[] | undefined {
  return ifThere(folder, () => readdirSync(folder));
}

function ifThere<T>(path: string, read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ImageError(`'${path}' cannot be read: ${message}`);
  }
}

/** A file as a text in UTF-8; undefined if there is none. @throws ImageError if it cannot be read */
export function textOf(file: string): string | undefined {
  return bytesOf(file)?.toString('utf8');
}

/** Size of a file in bytes; undefined if there is none that can be read. */
export function sizeOf(file: string): number | undefined {
  try {
    const stats = statSync(file);
    return stats.isFile() ? stats.size : undefined;
  } catch {
    return undefined;
  }
}

/** Where a path leads by its links, as an absolute path; of what is not there, as far as it is. */
export function realPath(path: string): string {
  const full = resolve(path);
  try {
    return realpathSync(full);
  } catch {
    const above = dirname(full);
    return above === full ? full : join(realPath(above), basename(full));
  }
}
