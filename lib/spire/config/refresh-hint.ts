import { Duration } from '../../core';
import type { Checks } from './checks';

const LEAST = Duration.minutes(1);
const TOO_LONG = Duration.hours(24);

/** How often others should look for a new bundle: SPIRE looks no more than once a minute, and wants it within a day. */
export function refreshHintFindings(checks: Checks, property: string, value: unknown): void {
  const hint = checks.duration(property, value);
  if (hint === undefined) return;
  if (hint.compare(LEAST) < 0) {
    checks.add({
      rule: 'refresh-hint',
      severity: 'warning',
      property,
      value: String(value),
      message: 'is less than a minute, and SPIRE refreshes no more often than that',
      remedy: "write at least '1m'",
    });
  } else if (hint.compare(TOO_LONG) >= 0) {
    checks.add({
      rule: 'refresh-hint',
      severity: 'warning',
      property,
      value: String(value),
      message: 'is a day or more, so that others would learn of an unplanned change of keys too late',
      remedy: "write a shorter time, such as '5m'",
    });
  }
}
