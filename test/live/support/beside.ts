import { spawn } from 'node:child_process';
import { sleep } from './process';
import type { Outcome } from './run';

/** Runs a program to its end; the test goes on meanwhile, so that others can run beside it. */
export function runBeside(
  program: string,
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly input?: string } = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: options.env ?? process.env, stdio: 'pipe' });
    const texts = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (chunk) => {
        texts[name] += chunk;
      });
    }
    child.on('error', reject);
    child.on('close', (status) => resolve({ status, ...texts, text: texts.stdout + texts.stderr }));
    child.stdin.on('error', () => undefined); // it ended before it read everything: its status says so
    child.stdin.end(options.input ?? '');
  });
}

/** Asks until there is a value, or until the time is over; gives the last answer then. */
export async function settled<T>(seconds: number, ask: () => Promise<T>, isDone: (answer: T) => boolean): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (isDone(answer) || Date.now() > end) return answer;
    await sleep(200);
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
