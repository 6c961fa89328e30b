import type { SeriesName } from '../metrics';

const UNITS = [
  ['d', 24 * 60 * 60],
  ['h', 60 * 60],
  ['m', 60],
  ['s', 1],
] as const;

/** A length of time in Prometheus' format, rounded up to whole seconds: `2h`, `3m45s`, `5d18h`. */
export function promDuration(seconds: number): string {
  let rest = Math.ceil(seconds);
  let text = '';
  for (const [unit, length] of UNITS) {
    const amount = Math.floor(rest / length);
    if (amount > 0) text += `${amount}${unit}`;
    rest -= amount * length;
  }
  return text || '0s';
}

/**
 * The series of a metric of the table.
 *
 * @param range how far back, in seconds; @default - the latest value
 */
export function series(name: SeriesName, matchers: readonly string[], range?: number): string {
  const selector = `${name}{${matchers.join(',')}}`;
  return range === undefined ? selector : `${selector}[${promDuration(range)}]`;
}

/** Matchers of calls that went well, and of those that did not. */
export const OK = 'status="OK"';
export const NOT_OK = 'status!="OK"';

/** How many readings a time must hold at least, so that one that fails changes nothing. */
const READINGS = 4;

/** The longest of some times, in seconds, and as long as several readings. */
export const atLeast = (interval: number, ...times: readonly number[]): number =>
  Math.max(READINGS * interval, ...times);
