import { Duration } from '../core';
import { UsageFailure } from './failure';

/** The longest time that a timer of Node.js waits, in milliseconds: of a longer one it makes one millisecond. */
const LONGEST = 2 ** 31 - 1;

/**
 * A time of the command line, in whole milliseconds.
 *
 * @param option its name, without dashes
 * @param command whose help says more
 * @throws UsageFailure if it is none, or none that can be waited for
 */
export function timeOption(option: string, given: string, command: string): number {
  const parsed = Duration.tryParse(given);
  const wrong = (what: string): UsageFailure => new UsageFailure(`--${option} '${given}' ${what}`, command);
  if (typeof parsed === 'string') throw wrong(parsed);
  if (parsed.nanoseconds <= 0n) throw wrong('leaves no time; write a longer one, such as 30s');
  const milliseconds = Math.ceil(parsed.toSeconds() * 1000);
  if (milliseconds > LONGEST) throw wrong('is longer than can be waited for; write 596h at most');
  return milliseconds;
}
