/** Order of texts by their code units, the same on every machine: what a locale says differs. */
export function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The same values, by the order of their names. */
export function sortedByName<T>(values: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => byText(a, b)));
}

/**
 * The same JSON, all its objects by the order of their names.
 *
 * @param deepest how many lists and objects may lie in each other
 * @throws RangeError if it is nested more deeply
 */
export function inNameOrder(value: unknown, deepest: number): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (deepest === 0) throw new RangeError('nested too deeply');
  if (Array.isArray(value)) return value.map((item) => inNameOrder(item, deepest - 1));
  const sorted = sortedByName(value as Readonly<Record<string, unknown>>);
  return Object.fromEntries(Object.entries(sorted).map(([name, inner]) => [name, inNameOrder(inner, deepest - 1)]));
}
