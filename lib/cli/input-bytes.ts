import { constants } from 'node:buffer';
import { closeSync, openSync, readSync } from 'node:fs';
import { CommandFailure, reasonOf } from './failure';

/** What a file is called in what is said of it; `-` is standard input. */
export const nameOfInput = (file: string): string => (file === '-' ? 'standard input' : `'${file}'`);

const STANDARD_INPUT = 0;
const AT_A_TIME = 64 * 1024;

/**
 * The bytes of a file, or of standard input. Of a device or a pipe nobody knows how long it is: no more than the limit is read.
 *
 * @param file its path; `-` is standard input
 * @param limit most bytes of it
 * @param what what it should hold, such as `a bundle`
 * @throws CommandFailure if it is not there, cannot be read, or has more bytes
 */
export function inputBytes(file: string, limit: number, what: string): Buffer {
  const name = nameOfInput(file);
  try {
    const bytes = beginningOf(file, limit + 1);
    if (bytes.length <= limit) return bytes;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new CommandFailure(`there is no file ${name}`);
    if (code === 'EISDIR') throw new CommandFailure(`${name} is a folder; name a file`);
    throw new CommandFailure(`${name} cannot be read: ${reasonOf(error)}`);
  }
  throw new CommandFailure(`${name} has more than ${limit} bytes, which are read of ${what} at most`);
}

/**
 * The text of a file, or of standard input, of as many bytes as a text can have.
 *
 * @throws CommandFailure as `inputBytes()` does
 */
export const inputText = (file: string, what: string): string =>
  inputBytes(file, constants.MAX_STRING_LENGTH, what).toString('utf8');

function beginningOf(file: string, length: number): Buffer {
  const descriptor = file === '-' ? STANDARD_INPUT : openSync(file, 'r');
  try {
    const parts: Buffer[] = [];
    for (let left = length; left > 0; ) {
      const part = Buffer.allocUnsafe(Math.min(left, AT_A_TIME));
      const read = readSync(descriptor, part, 0, part.length, null);
      if (read === 0) break;
      parts.push(part.subarray(0, read));
      left -= read;
    }
    return Buffer.concat(parts);
  } finally {
    if (descriptor !== STANDARD_INPUT) closeSync(descriptor);
  }
}
