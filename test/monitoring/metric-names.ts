/** Names of metrics in a PromQL expression: what stands in front of matchers. */
export const metricNamesIn = (expr: string): string[] =>
  [...expr.matchAll(/([a-zA-Z_:][\w:]*)\s*\{/g)].map(([, name = '']) => name);

/** Names of the table that a series is of: a summary has a sum and a count, a histogram buckets too. */
export const metricOf = (series: string, names: ReadonlySet<string>): string | undefined =>
  names.has(series) ? series : [series.replace(/_(sum|count|bucket)$/, '')].find((name) => names.has(name));
