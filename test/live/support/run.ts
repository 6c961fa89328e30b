import { type SpawnSyncOptions, spawnSync } from 'node:child_process';
import { Waiting } from './progress';

/** What a program did. */
export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Both outputs. */
  readonly text: string;
}

/** Runs a program to its end. */
export function run(program: string, args: readonly string[], options: SpawnSyncOptions = {}): Outcome {
  const result = spawnSync(program, args, { maxBuffer: 1 << 28, ...options, encoding: 'utf8' });
  if (result.error) throw result.error;
  return {
    status: result.status,
    stdout: result.stdout,
    stderr: result.stderr,
    text: `${result.stdout}${result.stderr}`,
  };
}

/** Runs a program that must succeed. */
export function must(program: string, args: readonly string[], options: SpawnSyncOptions = {}): string {
  const outcome = run(program, args, options);
  if (outcome.status !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${outcome.status}:\n${outcome.text}`);
  }
  return outcome.stdout;
}

/** Tries until the action gives a value, for as long as it may take. */
export async function eventually<T>(seconds: number, action: () => T | undefined, what: string): Promise<T> {
  const end = Date.now() + seconds * 1000;
  const waiting = new Waiting(what, seconds);
  let last: unknown;
  for (;;) {
    waiting.tick();
    try {
      const value = action();
      if (value !== undefined) return value;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s${last ? `; last: ${last}` : ''}`);
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}
