import { TrustDomain } from '@spirekit/runtime/id';
import type { Construct } from 'constructs';
import { isLate, PLAIN_PROBLEM, report } from '../core';
import type { NameProblem } from '../kube';

/** Stands in for a trust domain that cannot be used, so that the other findings of the program are seen too. */
const UNUSABLE = TrustDomain.parse('invalid.invalid');

/**
 * The trust domain of a layout, or what stands in for it when it is wrong.
 *
 * @param problemOf what a platform has against names that SPIFFE allows
 */
export function readTrustDomain(
  scope: Construct,
  value: unknown,
  problemOf: (name: string) => NameProblem = () => undefined,
): TrustDomain {
  const place = { rule: 'trust-domain', property: 'trustDomain' };
  if (isLate(value)) {
    report(scope, { ...place, ...PLAIN_PROBLEM });
    return UNUSABLE;
  }
  const parsed = TrustDomain.is(value) ? ({ ok: true, value } as const) : TrustDomain.tryParse(value as string);
  if (!parsed.ok) {
    report(scope, { ...place, message: parsed.error.message });
    return UNUSABLE;
  }
  const { name } = parsed.value;
  const problem = problemOf(name);
  if (!problem) return parsed.value;
  report(scope, { ...place, value: name, ...problem });
  return UNUSABLE;
}

/**
 * A text of a layout, or what stands in for it when it is wrong, so that one mistake is one finding.
 *
 * @param standIn takes the place of a wrong text; nothing is written then
 */
export function readText(
  scope: Construct,
  property: string,
  value: unknown,
  problemOf: (text: string) => NameProblem,
  standIn: string,
): string {
  const rule = `layout-${property.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (isLate(value)) {
    report(scope, { rule, property, ...PLAIN_PROBLEM });
    return standIn;
  }
  const problem =
    typeof value === 'string' ? problemOf(value) : { message: 'is not text', remedy: 'write it in quotes' };
  if (problem) report(scope, { rule, property, value, ...problem });
  return problem ? standIn : (value as string);
}
