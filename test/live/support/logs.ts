import { appendFileSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

// Where test/live/run.mjs looks for what a run has left running: test/live/runner/leftovers.mjs.
const PIDS = 'pids';

let folder: string | undefined;
let count = 0;

/** The folder in which the outputs of this run's programs and pods are kept; the runner says where it is when a test fails. */
export function logFolder(): string {
  folder ??= process.env.SPIREKIT_LIVE_LOGS ?? mkdtempSync(join(tmpdir(), 'spirekit-live-'));
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** A new file for an output, named for the test file, its number and the program. */
export function newLogFile(program: string): string {
  count += 1;
  const test = basename(expect.getState().testPath ?? 'test').replace(/\.test\.ts$/, '');
  return join(logFolder(), `${test}-${String(count).padStart(3, '0')}-${basename(program)}.log`);
}

/** Writes down a program that was started, so that the runner can end it if the test cannot. */
export function rememberPid(pid: number | undefined): void {
  const time = pid === undefined ? undefined : startTime(pid);
  if (time !== undefined) appendFileSync(join(logFolder(), PIDS), `${pid} ${time}\n`);
}

/** As the kernel has it, in ticks; nothing on systems without `/proc`. */
function startTime(pid: number): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
  } catch {
    return undefined;
  }
}
