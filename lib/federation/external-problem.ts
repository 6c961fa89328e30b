import { Duration, durationProblem, type FindingInput, isLate, PLAIN_PROBLEM } from '../core';

/** What is wrong with one property, before it is known whose it is. */
export type Problem = Omit<FindingInput, 'property' | 'severity' | 'path'> & {
  /** Below the property, such as `.roots`. @default - the property itself */
  readonly at?: string;
};

/** What is wrong with a length of time. */
export function timeProblem(value: unknown): Problem | undefined {
  const rule = 'duration';
  if (isLate(value)) return { rule, ...PLAIN_PROBLEM };
  const parsed = Duration.tryParse(value);
  if (typeof parsed === 'string') return { rule, value, ...durationProblem(parsed, "write a time such as '5m'") };
  if (parsed.nanoseconds > 0n) return undefined;
  return {
    rule,
    value: String(value),
    message: 'is no time at all',
    remedy: "write a time such as '5m', or leave it out",
  };
}
