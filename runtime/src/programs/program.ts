import type { Duplex } from 'node:stream';

/** How a program ended. */
export const ExitCode = {
  /** It did what it was asked to do. */
  ok: 0,
  /** It could not do it, or what it checked is not so. */
  failed: 1,
  /** It was started with arguments that it cannot run with. */
  usage: 2,
} as const;

/** What a program has of the process that it runs in. */
export interface Surroundings {
  /** Takes results. */
  readonly stdout: (text: string) => void;
  /** Takes what is said beside results. */
  readonly stderr: (text: string) => void;
  /** Aborted when the program is told to end. */
  readonly stop: AbortSignal;
  /** Standard input and output as one stream of bytes, for a program that says nothing on `stdout` itself. */
  readonly standardStream: () => Duplex;
}

/** One of the programs of this package. */
export interface Program {
  /** What it does, in one line. */
  readonly summary: string;
  /** How it is started, in full. */
  readonly usage: string;
  /**
   * Runs until it is done or told to end.
   *
   * @param args the words after its name
   * @param surroundings the process
   * @returns the exit code
   * @throws {@link UsageError} when the words make no sense
   */
  run(args: readonly string[], surroundings: Surroundings): Promise<number>;
}

/**
 * Waits until a signal is aborted, and keeps the process alive meanwhile, which neither a source nor a listener of a
 * signal does.
 *
 * @param stop the signal
 */
export async function untilAborted(stop: AbortSignal): Promise<void> {
  if (stop.aborted) {
    return;
  }
  const alive = setInterval(() => undefined, 2 ** 30);
  await new Promise<void>((resolve) => stop.addEventListener('abort', () => resolve(), { once: true }));
  clearInterval(alive);
}

/**
 * What an error says, for a line of a log. Errors of this package hold no secrets; of others only the message is shown.
 *
 * @param error whatever was thrown
 */
export function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : undefined;
  return typeof message === 'string' ? message : String(error);
}
