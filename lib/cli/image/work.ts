import { ImageError } from '../../image';
import type { Progress } from '../../image-build';
import { CommandFailure, Interrupted } from '../failure';
import { inOptions } from './option-words';
import { ProgressLines } from './progress';

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** So long the work may take to end in good order, in milliseconds: some of it cannot be ended, such as what the bundler reads. */
const GRACE = 5_000;

/**
 * Does what takes long: shows how far it is, and ends it in good order when the process is told to end, so that nothing half
 * done is left.
 *
 * @throws CommandFailure if it cannot be done
 * @throws Interrupted if the process was told to end
 */
export async function withProgress<T>(work: (progress: Progress, signal: AbortSignal) => Promise<T>): Promise<T> {
  const lines = new ProgressLines();
  const ending = new AbortController();
  let why: NodeJS.Signals | undefined;
  let late: NodeJS.Timeout | undefined;
  const end = (signal: NodeJS.Signals): void => {
    if (why !== undefined) process.exit(new Interrupted(signal).exitCode); // who asks twice does not want to wait
    why = signal;
    ending.abort();
    clearTimeout(late);
    late = setTimeout(() => process.exit(new Interrupted(signal).exitCode), GRACE).unref();
  };
  for (const signal of ENDING) process.on(signal, end);
  try {
    const done = await work(lines, ending.signal);
    if (why !== undefined) throw new Interrupted(why);
    return done;
  } catch (error) {
    if (why !== undefined) throw new Interrupted(why);
    if (error instanceof ImageError) throw new CommandFailure(inOptions(onOneLine(error.message)));
    throw error;
  } finally {
    clearTimeout(late);
    for (const signal of ENDING) process.off(signal, end);
    lines.end();
  }
}

/** Several problems stand on lines of their own, and the command says all on one. */
function onOneLine(message: string): string {
  return message.replace(/(:?)\n\s*/g, (_, colon: string) => (colon === '' ? '; ' : ': '));
}
