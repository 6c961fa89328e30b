import type { Construct } from 'constructs';
import { Duration, type DurationLike, durationProblem, isLate, PLAIN_PROBLEM, type PropKind, report } from '../core';
import type { ProgramImage } from '../image';
import { subdomainProblem } from '../kube';

/*
 * What Jobs that run the command `spirekit` are given, and what is said of what does not fit.
 */

/** A whole number from 0. */
export const atLeastZero = (what: string): PropKind => ({
  fits: (value) => Number.isInteger(value) && (value as number) >= 0,
  message: `is no number of ${what}`,
  remedy: 'write a whole number from 0',
});

/** Names of Secrets. */
export const SECRETS: PropKind = {
  fits: (value) =>
    Array.isArray(value) && value.every((name) => typeof name === 'string' && subdomainProblem(name) === undefined),
  message: 'is not a list of names of Secrets',
  remedy: "write ['registry']",
};

/** An image with the command in it; undefined when there is none, which is reported. */
export function readCommandImage(scope: Construct, rule: string, image: unknown): ProgramImage | undefined {
  const { image: reference, programs } = (image ?? {}) as Partial<ProgramImage>;
  if ((isLate(reference) || typeof reference === 'string') && typeof programs?.node === 'string') {
    return image as ProgramImage;
  }
  const remedy = 'pass WorkloadImage.spirekit(…), or WorkloadImage.existing(…) of one that was built so';
  report(scope, {
    rule,
    property: 'image',
    message: image === undefined ? 'is missing' : 'is no image',
    remedy,
  });
  return undefined;
}

/** How long all tries of a Job may take, in seconds; undefined when nothing usable was given, which is reported. */
export function readDeadline(scope: Construct, rule: string, deadline: DurationLike | undefined): number | undefined {
  if (deadline === undefined) return undefined;
  if (isLate(deadline)) {
    report(scope, { rule, property: 'deadline', ...PLAIN_PROBLEM });
    return undefined;
  }
  const parsed = Duration.tryParse(deadline);
  if (typeof parsed !== 'string' && parsed.toSeconds() >= 1) return Math.ceil(parsed.toSeconds());
  const problem =
    typeof parsed === 'string'
      ? durationProblem(parsed)
      : { message: 'leaves no time', remedy: "write a longer one, such as '15m'" };
  report(scope, { rule, property: 'deadline', value: String(deadline), ...problem });
  return undefined;
}
