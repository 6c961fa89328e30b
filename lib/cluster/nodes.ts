import type { IConstruct } from 'constructs';
import { isLate, PLAIN_PROBLEM, report } from '../core';

/** Number of nodes that were said to be expected; what is none is reported. */
export function readNodes(cluster: IConstruct, given: unknown): number | undefined {
  if (given === undefined || given === null) return undefined;
  if (Number.isSafeInteger(given) && (given as number) > 0) return given as number;
  const problem = isLate(given)
    ? PLAIN_PROBLEM
    : { value: given, message: 'is not a number of nodes', remedy: 'write a whole number, such as 12' };
  report(cluster, { rule: 'cluster-nodes', property: 'nodes', ...problem });
  return undefined;
}
