import { ImageError } from '../../image';
import type { Progress } from '../../image-build';
import { CommandFailure, Interrupted } from '../failure';
import { ProgressLines } from './progress';

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

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
  const end = (signal: NodeJS.Signals): void => {
    if (why !== undefined) process.exit(new Interrupted(signal).exitCode); // who asks twice does not want to wait
    why = signal;
    ending.abort();
  };
  for (const signal of ENDING) process.on(signal, end);
  try {
    const done = await work(lines, ending.signal);
    if (why !== undefined) throw new Interrupted(why);
    return done;
  } catch (error) {
    if (why !== undefined) throw new Interrupted(why);
    if (error instanceof ImageError) throw new CommandFailure(onOneLine(error.message));
    throw error;
  } finally {
    for (const signal of ENDING) process.off(signal, end);
    lines.end();
  }
}

/** Several problems stand on lines of their own, and the command says all on one. */
function onOneLine(message: string): string {
  return message.replace(/(:?)\n\s*/g, (_, colon: string) => (colon === '' ? '; ' : ': '));
}
