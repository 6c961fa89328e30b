import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { rememberPid } from './logs';
import { sleep } from './process';
import { Waiting } from './progress';
import type { Outcome } from './run';

/** How a program is run beside the test. */
export interface BesideOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Its standard input. */
  readonly input?: string;
  /** Is told of each line of its standard output as it comes. */
  readonly onLine?: (line: string) => void;
}

/** Runs a program to its end; the test goes on meanwhile, so that others can run beside it. */
export function runBeside(program: string, args: readonly string[], options: BesideOptions = {}): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const { env = process.env, cwd, input = '', onLine } = options;
    const child = spawn(program, args, { env, stdio: 'pipe', ...(cwd !== undefined && { cwd }) });
    rememberPid(child.pid);
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk) => {
        texts[name] += chunk;
      });
    }
    if (onLine) createInterface(child.stdout).on('line', onLine);
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...texts, text: texts.stdout + texts.stderr }));
    child.stdin.on('error', () => undefined); // it ended before it read everything: its status says so
    child.stdin.end(input);
  });
}

/** Runs a program beside the test that must succeed; gives its standard output. */
export async function mustBeside(
  program: string,
  args: readonly string[],
  options: BesideOptions = {},
): Promise<string> {
  const outcome = await runBeside(program, args, options);
  if (outcome.status !== 0) {
    throw new Error(`${program} ${args.join(' ')} ended with ${outcome.status}:\n${outcome.text}`);
  }
  return outcome.stdout;
}

/** Tries until the action gives a value, for as long as it may take; what fails is tried again. */
export async function eventuallyBeside<T>(seconds: number, what: string, action: () => Promise<T>): Promise<T> {
  const end = Date.now() + seconds * 1000;
  const waiting = new Waiting(what, seconds);
  for (;;) {
    try {
      return await action();
    } catch (error) {
      if (Date.now() > end) throw new Error(`${what}: not within ${seconds} s; last: ${error}`, { cause: error });
    }
    waiting.tick();
    await sleep(500);
  }
}

/**
 * Asks until there is a value, or until the time is over; gives the last answer then.
 *
 * @param pause milliseconds from one answer to the next question: more, where an answer takes much work
 */
export async function settled<T>(
  seconds: number,
  ask: () => Promise<T>,
  isDone: (answer: T) => boolean,
  pause = 200,
): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (isDone(answer) || Date.now() > end) return answer;
    await sleep(pause);
  }
}

/** Starts the actions in their order, each when the one before the last has ended. */
export function twoAtATime<T>(actions: readonly (() => Promise<T>)[]): Promise<T>[] {
  const results: Promise<T>[] = [];
  for (const action of actions) {
    const before: Promise<unknown> = results[results.length - 2] ?? Promise.resolve();
    const result = before.then(action, action);
    result.catch(() => undefined); // who awaits it hears of it
    results.push(result);
  }
  return results;
}
