import { readFileSync } from 'node:fs';
import { ImageError } from './image-error';

/** A file; undefined if there is none. @throws ImageError if it cannot be read */
export function bytesOf(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new ImageError(`'${file}' cannot be read: ${message}`);
  }
}

/** A file as a text in UTF-8; undefined if there is none. @throws ImageError if it cannot be read */
export function textOf(file: string): string | undefined {
  return bytesOf(file)?.toString('utf8');
}
