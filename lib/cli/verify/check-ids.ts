/** Ids as they may be written: several by commas, in any case. */
export const idsOf = (ids: readonly string[]): ReadonlySet<string> =>
  new Set(ids.flatMap((id) => id.split(',')).map((id) => id.trim().toUpperCase()));
