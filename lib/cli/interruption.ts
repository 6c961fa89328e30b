import { setMaxListeners } from 'node:events';
import { Interrupted } from './failure';

const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** So long the work may take to end once it was told to, in milliseconds. */
const GRACE = 5_000;

/**
 * Does work that ends when the process is told to end. Who asks twice does not want to wait.
 *
 * @throws Interrupted if the process was told to end
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>, grace = GRACE): Promise<T> {
  const ending = new AbortController();
  // Every question that is open listens.
  setMaxListeners(0, ending.signal);
  let why: NodeJS.Signals | undefined;
  let late: NodeJS.Timeout | undefined;
  const end = (signal: NodeJS.Signals): void => {
    if (why !== undefined) process.exit(new Interrupted(signal).exitCode);
    why = signal;
    ending.abort(new Interrupted(signal));
    late = setTimeout(() => process.exit(new Interrupted(signal).exitCode), grace).unref();
  };
  for (const signal of ENDING) process.on(signal, end);
  try {
    const done = await work(ending.signal);
    if (why !== undefined) throw new Interrupted(why);
    return done;
  } catch (error) {
    if (why !== undefined) throw new Interrupted(why);
    throw error;
  } finally {
    clearTimeout(late);
    for (const signal of ENDING) process.off(signal, end);
  }
}
