import { Duration, durationProblem, isLate, PLAIN_PROBLEM } from '../core';
import { PropChecks } from './prop-checks';

const RULE = 'certificate-lifetime';
const DEFAULT_LIFETIME = Duration.hours(2160);
const DEFAULT_RENEWAL = Duration.hours(360);
const MIN_LIFETIME = Duration.hours(1);
const MIN_RENEWAL = Duration.minutes(5);

/** How long a certificate is valid, and how long before its end it is replaced. */
export interface Lifetime {
  readonly duration: Duration;
  readonly renewBefore: Duration;
}

/**
 * Reads `duration` and `renewBefore`. The limits are those of cert-manager.
 *
 * @see https://github.com/cert-manager/cert-manager/blob/v1.19.0/internal/apis/certmanager/validation/certificate.go
 */
export function readLifetime(checks: PropChecks, given: { duration?: unknown; renewBefore?: unknown }): Lifetime {
  const duration =
    readDuration(checks, 'duration', given.duration, MIN_LIFETIME, 'of at least an hour') ?? DEFAULT_LIFETIME;
  const renewBefore = readDuration(checks, 'renewBefore', given.renewBefore, MIN_RENEWAL, 'of at least 5 minutes');
  if (renewBefore === undefined) return { duration, renewBefore: defaultRenewal(duration) };
  if (renewBefore.compare(duration) >= 0) {
    checks.add(
      RULE,
      'renewBefore',
      { message: `is not shorter than the lifetime of ${duration}`, remedy: `write '${defaultRenewal(duration)}'` },
      String(renewBefore),
    );
  } else if (renewBefore.nanoseconds * 2n > duration.nanoseconds) {
    checks.findings.push({
      rule: RULE,
      severity: 'warning',
      property: 'renewBefore',
      value: String(renewBefore),
      message: `is more than half of the lifetime of ${duration}: certificates are replaced sooner than they need to be`,
      remedy: `write '${defaultRenewal(duration)}'`,
    });
  }
  return { duration, renewBefore };
}

/** The same where what is wrong is said elsewhere. */
export const lifetimeOf = (given: { duration?: unknown; renewBefore?: unknown }): Lifetime =>
  readLifetime(new PropChecks(), given);

/** 15 days, or a third of a shorter life, in whole seconds. */
function defaultRenewal(duration: Duration): Duration {
  const third = Duration.parse(`${duration.nanoseconds / 3_000_000_000n}s`);
  return third.compare(DEFAULT_RENEWAL) < 0 ? third : DEFAULT_RENEWAL;
}

function readDuration(
  checks: PropChecks,
  property: string,
  value: unknown,
  least: Duration,
  limit: string,
): Duration | undefined {
  if (value === undefined) return undefined;
  if (isLate(value)) return checks.add(RULE, property, PLAIN_PROBLEM);
  const parsed = tryParse(value);
  if (typeof parsed === 'string') {
    return checks.add(RULE, property, durationProblem(parsed, 'write a shorter one'), value);
  }
  if (parsed.compare(least) >= 0) return parsed;
  return checks.add(
    RULE,
    property,
    { message: 'is shorter than cert-manager accepts', remedy: `write a duration ${limit}` },
    String(parsed),
  );
}

/** Plain JavaScript may pass an object whose method throws. */
function tryParse(value: unknown): Duration | string {
  try {
    return Duration.tryParse(value);
  } catch {
    return "is not a duration; write numbers with the units h, m or s, such as '2160h'";
  }
}
