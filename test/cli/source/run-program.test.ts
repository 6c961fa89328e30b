import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandFailure, Interrupted } from '../../../lib/cli/failure';
import { runProgram } from '../../../lib/cli/source/run-program';
import { Duration } from '../../../lib/core';
import { newFolder, removeFolders } from '../../synth/fixtures';

// It waits up to five seconds for a process that does not end, or has ended where nobody asks for its end.
jest.setTimeout(60_000);

afterEach(removeFolders);

const LONG = Duration.parse('1m');

/** Waits for a number that a program writes into a file. */
async function numberIn(file: string): Promise<number> {
  while (!existsSync(file) || readFileSync(file, 'utf8').trim() === '') await sleep(10);
  return Number(readFileSync(file, 'utf8'));
}

/** Whether a process still does something; where nobody has asked for its end it may have a name yet. */
function isRunning(pid: number): boolean {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
}

test.each([
  ['true', { code: 0 }],
  ['exit 3', { code: 3 }],
  ['kill -9 $$', { signal: 'SIGKILL' }],
  // It would wait for its input for ever, if it had one.
  ['cat', { code: 0 }],
  ['test "$GIVEN" = "so" && test -n "$PATH"', { code: 0 }],
])('%s', async (command, ending) => {
  expect(await runProgram(command, { GIVEN: 'so' }, LONG)).toEqual(ending);
});

test('a command that is too long for the system', async () => {
  await expect(runProgram(`true ${'x'.repeat(3_000_000)}`, {}, LONG)).rejects.toThrow(
    new CommandFailure('the program cannot be run: spawn E2BIG'),
  );
});

test('a time that no timer can wait is a long one', async () => {
  expect(await runProgram('true', {}, Duration.parse('1000000h'))).toEqual({ code: 0 });
});

describe('when its time is over', () => {
  // Long enough for the shell to have said who it is.
  const SHORT = Duration.parse('2s');

  test('it is ended, and what it has started with it', async () => {
    const folder = newFolder();
    const command = `sleep 60 & echo $! > '${folder}/pid'; wait`;
    expect(await runProgram(command, {}, SHORT)).toBe('timeout');
    expect(isRunning(await numberIn(join(folder, 'pid')))).toBe(false);
  });

  test('so it is when it does not want to', async () => {
    const folder = newFolder();
    const command = `trap '' TERM; echo $$ > '${folder}/pid'; while true; do sleep 0.2; done`;
    expect(await runProgram(command, {}, SHORT)).toBe('timeout');
    expect(isRunning(await numberIn(join(folder, 'pid')))).toBe(false);
  });
});

describe('when this process is to end', () => {
  const listeners = () =>
    (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const).map((signal) => process.listenerCount(signal));

  test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)('by %s, the program ends first', async (signal) => {
    const before = listeners();
    const folder = newFolder();
    const running = runProgram(`echo $$ > '${folder}/pid'; exec sleep 60`, {}, LONG).catch((error) => error);
    const pid = await numberIn(join(folder, 'pid'));
    process.emit(signal, signal);
    expect(await running).toEqual(new Interrupted(signal));
    expect(isRunning(pid)).toBe(false);
    expect(listeners()).toEqual(before);
  });

  test('who asks twice does not wait for a program that does not want to', async () => {
    const folder = newFolder();
    const command = `trap '' TERM; echo $$ > '${folder}/pid'; while true; do sleep 0.2; done`;
    const running = runProgram(command, {}, LONG).catch((error) => error);
    const pid = await numberIn(join(folder, 'pid'));
    process.emit('SIGTERM', 'SIGTERM');
    process.emit('SIGINT', 'SIGINT');
    expect(await running).toEqual(new Interrupted('SIGTERM'));
    expect(isRunning(pid)).toBe(false);
  });
});
