import { Refusal } from './refusal';

/** The longest hint, in bytes of UTF-8. */
const MAX_HINT_BYTES = 1024;

/**
 * The SVIDs of a message whose hints are not those of earlier ones. Any number may have none.
 *
 * @param svids the SVIDs as they came
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Workload_API.md#default-identity
 */
export function withUniqueHints<T extends { readonly hint: string }>(svids: readonly T[]): T[] {
  const seen = new Set<string>();
  return svids.filter(({ hint }) => {
    if (Buffer.byteLength(hint) > MAX_HINT_BYTES) {
      throw new Refusal(`it has a hint of ${Buffer.byteLength(hint)} bytes, of which ${MAX_HINT_BYTES} are allowed`);
    }
    const isNew = hint === '' || !seen.has(hint);
    seen.add(hint);
    return isNew;
  });
}
