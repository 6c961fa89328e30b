import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { nameError, SpiffeError } from '../../core';
import { quote } from '../../id/quote';
import { OptionFault, processId } from '../options';
import { messageOf } from '../program';
import type { HelperOptions } from './helper-options';

/**
 * Why nobody could be told of new files:
 *
 * - `pid-file`: the file with the number of the process cannot be read, or holds none;
 * - `process`: there is no such process, or it cannot be signalled;
 * - `command`: the command cannot be started, failed, was killed, or was not started since the helper ends.
 */
export type NotifyErrorCode = 'pid-file' | 'process' | 'command';

/** Somebody who could not be told of new files. */
export class NotifyError extends SpiffeError<NotifyErrorCode> {
  static {
    nameError(NotifyError, 'NotifyError');
  }
}

/** Who is told. */
export type NotifyOptions = Pick<HelperOptions, 'pid' | 'pidFile' | 'signal' | 'command' | 'commandTimeout'>;

/** More than any number of a process has digits. */
const MAX_PID_FILE_BYTES = 32;

/**
 * Tells a process, a command or both that there are new files. One that fails does not keep the other from being told.
 *
 * @param options who is told
 * @param stop ends a command that is running, and keeps one from being started
 * @returns what failed
 */
export async function notify(options: NotifyOptions, stop: AbortSignal): Promise<readonly NotifyError[]> {
  const { pid, pidFile, signal = 'SIGHUP', command, commandTimeout } = options;
  const [program, ...args] = command;
  const steps = [
    pid !== undefined || pidFile !== undefined ? signalProcess(pid, pidFile, signal) : undefined,
    program !== undefined ? runCommand(program, args, commandTimeout, stop) : undefined,
  ];
  const errors: NotifyError[] = [];
  for (const { reason } of (await Promise.allSettled(steps)).filter((result) => result.status === 'rejected')) {
    if (!(reason instanceof NotifyError)) {
      throw reason;
    }
    errors.push(reason);
  }
  return errors;
}

async function signalProcess(
  pid: number | undefined,
  pidFile: string | undefined,
  signal: NodeJS.Signals,
): Promise<void> {
  const target = pid ?? (await readPidFile(pidFile as string));
  if (target === process.pid) {
    throw new NotifyError('process', `process ${target}: is the helper itself; name the process that uses the files`);
  }
  try {
    process.kill(target, signal);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'ESRCH' ? 'is not running' : code === 'EPERM' ? 'belongs to somebody else' : messageOf(cause);
    throw new NotifyError('process', `process ${target}: ${reason}; ${signal} was not sent`, { cause });
  }
}

/** Reads the number of a process that has been started at any time, so it is read anew for each signal. */
async function readPidFile(path: string): Promise<number> {
  const fail = (fault: string, cause?: unknown) =>
    new NotifyError('pid-file', `file ${quote(path)}: ${fault}; no signal was sent`, { cause });
  let text: string;
  try {
    // A named pipe would make it wait for ever.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) {
        throw fail('is no file');
      }
      const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_PID_FILE_BYTES), 0, MAX_PID_FILE_BYTES, 0);
      text = buffer.toString('latin1', 0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (cause) {
    throw cause instanceof NotifyError ? cause : fail(messageOf(cause), cause);
  }
  try {
    return processId(text.trim());
  } catch (cause) {
    if (cause instanceof OptionFault) {
      throw fail('holds no number of a process');
    }
    throw cause;
  }
}

/** Runs a command, without a shell. What it prints goes where the helper prints. */
function runCommand(program: string, args: readonly string[], timeoutMs: number, stop: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (fault: string, cause?: unknown) =>
      reject(new NotifyError('command', `command ${quote(program)}: ${fault}`, { cause }));
    // A signal that was given before tells nobody who listens from now on.
    if (stop.aborted) {
      fail('was not started, for the helper was told to end');
      return;
    }
    const child = spawn(program, args, { stdio: ['ignore', 'inherit', 'inherit'] });
    const timer = setTimeout(() => child.kill('SIGKILL'), timeoutMs);
    const end = (): void => void child.kill('SIGTERM');
    stop.addEventListener('abort', end, { once: true });
    const settle = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', end);
    };
    child.once('error', (cause) => {
      settle();
      fail(`cannot be started: ${messageOf(cause)}`, cause);
    });
    child.once('exit', (code, signal) => {
      settle();
      if (code === 0) {
        resolve();
      } else {
        fail(code === null ? `was ended by ${signal}` : `ended with exit code ${code}`);
      }
    });
  });
}
