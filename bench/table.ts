/** A line of a table: the first cell is text, the others are numbers as text. */
export type Row = readonly string[];

/** Text columns to the left, numbers to the right, a rule under the first row. */
export function tableOf(rows: readonly Row[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: Row): string =>
    widths
      .map((width, column) => (column === 0 ? (row[column] ?? '').padEnd(width) : (row[column] ?? '').padStart(width)))
      .join('  ')
      .trimEnd();
  const [head = [], ...body] = rows;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...body.map(line)].join('\n');
}

export function milliseconds(value: number): string {
  return value >= 10_000 ? `${(value / 1000).toFixed(1)} s` : `${value.toFixed(0)} ms`;
}

export function mebibytes(bytes: number): string {
  return `${(bytes / 2 ** 20).toFixed(0)} MiB`;
}

export function times(value: number): string {
  return `${value.toFixed(value < 10 ? 2 : 1)}×`;
}

/** Numbers of the JSON line: no more digits than a timer can know. */
export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
