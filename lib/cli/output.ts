import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  lstatSync,
  openSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CommandFailure, reasonOf } from './failure';

/** An error of a stream does not end the process: who writes to it by `write()` is told. */
export function endQuietly(stream: NodeJS.WriteStream): void {
  stream.on('error', () => undefined);
}

/**
 * Writes a text, and waits until it is on its way. A reader that has seen enough, such as `head`, closes the pipe: no reason
 * for an error.
 *
 * @returns whether somebody reads; who goes on writing for as long as it runs has to ask
 * @throws CommandFailure if it cannot be written; not of standard error, for there nobody could be told
 */
export async function write(stream: NodeJS.WriteStream, text: string): Promise<boolean> {
  const error = await new Promise<NodeJS.ErrnoException | null | undefined>((done) => stream.write(text, done));
  if (!error || error.code === 'EPIPE' || stream === process.stderr) return !error;
  throw new CommandFailure(`cannot write standard output: ${reasonOf(error)}`);
}

/**
 * Shows a text, or writes it into a file.
 *
 * @param target file; `-` or undefined: standard output
 * @throws CommandFailure if the file cannot be written; it is then as it was
 */
export async function deliver(text: string, target: string | undefined): Promise<void> {
  if (target === undefined || target === '-') await write(process.stdout, text);
  else writeWhole(target, text);
}

/** The whole text or nothing: it is written beside the file, and takes its place when it is there. */
function writeWhole(target: string, text: string): void {
  let made: string | undefined;
  try {
    const state = statSync(target, { throwIfNoEntry: false });
    if (!state && lstatSync(target, { throwIfNoEntry: false })) {
      throw new CommandFailure(`cannot write '${target}': it is a link to what is not there`);
    }
    if (state?.isDirectory()) throw new CommandFailure(`cannot write '${target}': it is a folder; name a file`);
    if (state !== undefined && !state.isFile()) {
      // A device or a pipe is not to be replaced.
      writeFileSync(target, text);
      return;
    }
    // Of a link, what it leads to.
    const file = state ? realpathSync(target) : target;
    const beside = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}`);
    const descriptor = openSync(beside, 'wx');
    made = beside;
    try {
      if (state) fchmodSync(descriptor, state.mode & 0o777);
      writeFileSync(descriptor, text);
    } finally {
      closeSync(descriptor);
    }
    renameSync(beside, file);
  } catch (error) {
    if (made !== undefined) rmSync(made, { force: true });
    if (error instanceof CommandFailure) throw error;
    throw new CommandFailure(`cannot write '${target}': ${reasonOf(error)}`);
  }
}
