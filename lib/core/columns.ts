import { oneLine } from './findings-table';

const GAP = '  ';

/**
 * Columns of text, each as wide as its widest cell, whatever the names in it are.
 *
 * @param numbers whether all columns but the first hold numbers, which stand at the right @default false
 */
export function columns(given: readonly (readonly string[])[], numbers = false): string[] {
  const rows = given.map((row) => row.map(oneLine));
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  const padded = (cell: string, index: number): string =>
    numbers && index > 0 ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0);
  return rows.map((row) => row.map(padded).join(GAP).trimEnd());
}
