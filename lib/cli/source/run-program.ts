import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Duration } from '../../core';
import { CommandFailure, Interrupted, messageOf } from '../failure';

/** How a program has ended: by itself, by a signal, or because its time was over. */
export type Ending = { readonly code: number } | { readonly signal: NodeJS.Signals } | 'timeout';

/** Signals that end this command, and the program with it. */
const ENDING = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

/** How long a program may take to end once it was told to, in milliseconds, and how often it is looked at. */
const GRACE = 5_000;
const LOOK = 50;

/** The longest time that a timer of Node.js can wait, in milliseconds. */
const LONGEST = 2 ** 31 - 1;

/**
 * Runs a command by the shell until it ends. What it prints, on either of its outputs, goes to standard error: standard output
 * is for what is made of its report. It has no input, so that it fails instead of waiting for an answer.
 *
 * It is a group of processes by itself, all of which are ended when the time is over or this process is told to end: what
 * package managers and shells start would stay behind otherwise.
 *
 * @throws Interrupted if this process was told to end
 * @throws CommandFailure if there is no shell
 */
export async function runProgram(
  command: string,
  environment: Readonly<Record<string, string>>,
  timeout: Duration,
): Promise<Ending> {
  let child: ChildProcess;
  let why: NodeJS.Signals | 'timeout' | undefined;
  let ended: Promise<void> | undefined;
  const urgent = new AbortController();
  const end = (reason: NodeJS.Signals | 'timeout'): void => {
    // Who asks twice does not want to wait.
    if (why !== undefined) urgent.abort();
    why ??= reason;
    ended ??= endGently(child, urgent.signal);
  };
  const timer = setTimeout(end, Math.min(timeout.toSeconds() * 1000, LONGEST), 'timeout');
  // Before there is a program: a signal that comes at once would end this process alone.
  for (const signal of ENDING) process.on(signal, end);
  try {
    child = shell(command, environment);
    const [code, signal] = await endOf(child);
    await ended;
    if (why === 'timeout') return why;
    if (why !== undefined) throw new Interrupted(why);
    return signal === null ? { code } : { signal };
  } finally {
    clearTimeout(timer);
    for (const signal of ENDING) process.off(signal, end);
  }
}

function shell(command: string, environment: Readonly<Record<string, string>>): ChildProcess {
  try {
    return spawn(command, {
      shell: true,
      detached: true,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, ...environment },
    });
  } catch (error) {
    throw new CommandFailure(CANNOT_RUN + messageOf(error));
  }
}

async function endOf(
  child: ChildProcess,
): Promise<[code: number, signal: null] | [code: null, signal: NodeJS.Signals]> {
  try {
    return (await once(child, 'exit')) as Awaited<ReturnType<typeof endOf>>;
  } catch (error) {
    throw new CommandFailure(CANNOT_RUN + messageOf(error));
  }
}

const CANNOT_RUN = 'the program cannot be run: ';

/**
 * Gives all processes of a program time to end by themselves.
 *
 * @param urgent ends the patience
 */
async function endGently(child: ChildProcess, urgent: AbortSignal): Promise<void> {
  signalGroup(child, 'SIGTERM');
  // Where nobody reaps what has ended, it counts as being there until the time is over.
  for (let waited = 0; waited < GRACE && !urgent.aborted && signalGroup(child, 0); waited += LOOK) await sleep(LOOK);
  signalGroup(child, 'SIGKILL');
}

/** Sends a signal to all processes of a program; 0 asks only whether there is one. */
function signalGroup({ pid }: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  try {
    return pid !== undefined && process.kill(-pid, signal);
  } catch {
    // All have ended.
    return false;
  }
}
