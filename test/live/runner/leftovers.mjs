import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** File in the folder of logs with a line for each program that was started: its pid and when it started. */
const PIDS = 'pids';

/**
 * Ends what a run of tests has left running, because it was itself ended from outside. A pid that meanwhile belongs to
 * another program is known by the time of its start, and left alone.
 *
 * @param {string} logs folder of the run
 * @returns {Promise<number>} how many there were
 */
export async function endLeftovers(logs) {
  const left = started(logs).filter(runs);
  for (const { pid } of left) send(pid, 'SIGTERM');
  for (let wait = 0; wait < 50 && left.some(runs); wait += 1) await sleep(100);
  for (const program of left.filter(runs)) send(program.pid, 'SIGKILL');
  return left.length;
}

/**
 * Time at which a process started, in the kernel's ticks; nothing if it has ended, or the system does not tell.
 *
 * @see https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function startTime(pid) {
  try {
    // The name in brackets may hold anything. After it come the state, of which Z has ended, and as the 20th the time.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

function started(logs) {
  try {
    const lines = readFileSync(join(logs, PIDS), 'utf8').split('\n').filter(Boolean);
    return lines.map((line) => ({ pid: Number(line.split(' ')[0]), time: line.split(' ')[1] }));
  } catch {
    return []; // none was started
  }
}

function runs({ pid, time }) {
  return time !== undefined && time === startTime(pid);
}

function send(pid, signal) {
  try {
    process.kill(pid, signal);
  } catch {
    // it ended meanwhile
  }
}
