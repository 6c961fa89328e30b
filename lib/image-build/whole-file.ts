import { randomBytes } from 'node:crypto';
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { makeFolder } from '../core';
import { ImageError } from '../image';

/** A hidden name in the folder of a file or folder, for what is to get its name when it is whole. */
export function besideOf(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}`);
}

/** Writes a file in parts, which has its name only when it is whole. */
export class WholeFile {
  private readonly beside: string;
  private readonly descriptor: number;
  private open = true;

  /** @throws ImageError if the folder cannot be made or written to */
  constructor(readonly file: string) {
    this.beside = besideOf(file);
    this.descriptor = attempt(file, () => {
      makeFolder(dirname(file));
      return openSync(this.beside, 'wx');
    });
  }

  /** @throws ImageError if there is no space */
  write(part: Uint8Array): void {
    attempt(this.file, () => {
      for (let at = 0; at < part.length; ) at += writeSync(this.descriptor, part, at);
    });
  }

  /**
   * Gives the file its name.
   *
   * @param file another name than the one it was made for, in the same folder
   * @throws ImageError if that is refused
   */
  keep(file: string = this.file): void {
    this.close();
    attempt(file, () => renameSync(this.beside, file));
  }

  /** Removes what was written, unless it was kept. */
  discard(): void {
    this.close();
    rmSync(this.beside, { force: true });
  }

  private close(): void {
    if (!this.open) return;
    this.open = false;
    closeSync(this.descriptor);
  }
}

/** Writes a whole file, or leaves what was there. @throws ImageError if it cannot be written */
export function writeWhole(file: string, content: Uint8Array | string): void {
  const whole = new WholeFile(file);
  try {
    whole.write(typeof content === 'string' ? Buffer.from(content) : content);
    whole.keep();
  } finally {
    whole.discard();
  }
}

function attempt<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw new ImageError(`'${file}' cannot be written: ${reasonOf(error)}`);
  }
}

/** Why the system refused, in words where its own are too short. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return 'there is no space left on the disk; free some, or name another folder';
  }
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `writing there is not allowed (${code}); name another folder`;
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') return 'a file stands where a folder is needed; name another folder';
  if (code === 'EISDIR') return 'a folder has that name; remove it, or write another';
  if (code === 'ENAMETOOLONG') return 'the name is too long; write a shorter one';
  return message;
}
