import { columns } from '../../core';

/** Members up to which a person can read a table, or follow the lines of a picture. */
export const LEGIBLE = 20;

/**
 * A table with a line for each of some items; of more than can be read, those with the greatest weight.
 *
 * @param rest what is said of the others, after their number
 */
export function tableOf<T>(
  head: readonly string[],
  items: readonly T[],
  lineOf: (item: T) => readonly string[],
  weightOf: (item: T) => number,
  rest: string,
): string[] {
  if (items.length === 0) return [];
  const shown =
    items.length <= LEGIBLE ? items : [...items].sort((a, b) => weightOf(b) - weightOf(a)).slice(0, LEGIBLE);
  const lines = columns([head, ...shown.map(lineOf)]);
  return shown.length === items.length ? lines : [...lines, `and ${items.length - shown.length} ${rest}`];
}

/** What stands where a value is not known. */
export const UNKNOWN = '?';

/** How often something happens in a second. */
export const perSecond = (rate: number): string => `${rate < 10 ? Math.round(rate * 100) / 100 : Math.round(rate)}/s`;
