import { Duration } from '../../core';

const DAY = 24 * 60 * 60;

/** A length of time that a person can grasp: in days when it is two or more and whole, else in Go's format. */
export function spanText(seconds: number): string {
  const whole = Math.floor(seconds);
  return whole >= 2 * DAY && whole % DAY === 0 ? `${whole / DAY} days` : Duration.seconds(whole).toString();
}
