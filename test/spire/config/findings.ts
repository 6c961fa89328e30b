import { describe, type FindingInput } from '../../../lib/core';

/** A finding as a user sees it, without its place in the tree. */
export function lines(findings: readonly FindingInput[]): string[] {
  return findings.map((finding) => `${finding.severity ?? 'error'}: ${describe(finding)} (${finding.rule})`);
}

/** The findings of several configurations, by name. */
export function table<T>(cases: Record<string, T>, check: (value: T) => readonly FindingInput[]): string {
  return Object.entries(cases)
    .flatMap(([name, value]) => [name, ...lines(check(value)).map((line) => `  ${line}`)])
    .join('\n');
}
