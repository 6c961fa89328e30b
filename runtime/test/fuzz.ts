import fc from 'fast-check';

/** How many times as many cases: `npm run test:fuzz` sets it. */
const FACTOR = Number(process.env.SPIREKIT_FUZZ ?? 1);

/** The same cases at every run, so that a test that passes goes on passing; others in a longer run, unless it names a seed. */
const SEED = Number(process.env.SPIREKIT_FUZZ_SEED ?? (FACTOR > 1 ? Date.now() % 2 ** 31 : 1));

/** How a property is tested. */
export interface FuzzOptions {
  /** Cases of a usual run. @default 100 */
  readonly numRuns?: number;
}

/** Tests a property on made-up cases. A failure names its seed and path. */
export function fuzz<T>(property: fc.IPropertyWithHooks<T>, { numRuns = 100 }: FuzzOptions = {}): void {
  fc.assert(property, { seed: SEED, numRuns: numRuns * FACTOR });
}
