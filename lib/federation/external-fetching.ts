import { isLate, isObject, PLAIN_PROBLEM } from '../core';
import { type Problem, timeProblem } from './external-problem';
import type { ExternalFetching } from './external-trust-domain';

const RULE = 'external-fetching';
const PROFILES: readonly unknown[] = ['https_web', 'https_spiffe'];

type Found = Pick<Problem, 'value' | 'message' | 'remedy'>;

const CHECKS: Readonly<Record<keyof ExternalFetching, (value: unknown) => Found | undefined>> = {
  profiles: (value) =>
    Array.isArray(value) && value.length > 0 && value.every((profile) => PROFILES.includes(profile))
      ? undefined
      : { message: 'is not a list of profiles', remedy: "write ['https_web'], ['https_spiffe'] or both" },
  interval: timeProblem,
  fetchesPerHint: (value) =>
    Number.isInteger(value) && (value as number) > 0
      ? undefined
      : { value, message: 'is not a whole number above 0', remedy: 'write one, such as 4' },
  forgetsOnFailure: flagProblem,
  poolsRoots: flagProblem,
};

/** What is wrong with the way in which a foreign system is said to fetch; the first of it. */
export function fetchingProblem(given: unknown): Problem | undefined {
  if (isLate(given)) return { rule: RULE, ...PLAIN_PROBLEM };
  if (!isObject(given)) {
    return { rule: RULE, value: given, message: 'is not an object', remedy: "write { profiles: ['https_web'] }" };
  }
  const values = given as Readonly<Record<string, unknown>>;
  if (values.profiles == null) {
    return { rule: RULE, at: '.profiles', message: 'is missing', remedy: "write ['https_web'], or both profiles" };
  }
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined || value === null) continue;
    const at = `.${name}`;
    if (!Object.hasOwn(CHECKS, name)) {
      const remedy = `write one of ${Object.keys(CHECKS).join(', ')}`;
      return { rule: RULE, at, message: 'is not a property', remedy };
    }
    if (isLate(value)) return { rule: RULE, at, ...PLAIN_PROBLEM };
    const problem = CHECKS[name as keyof ExternalFetching](value);
    if (problem) return { rule: RULE, at, ...problem };
  }
  return undefined;
}

function flagProblem(value: unknown): Found | undefined {
  if (typeof value === 'boolean') return undefined;
  return { value, message: 'is not a boolean', remedy: 'write true or false, without quotes' };
}
