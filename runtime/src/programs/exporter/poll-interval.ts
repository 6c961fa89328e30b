import type { SpiffeBundle } from '../../bundle';

/** How many fetches of SPIRE there are in the time of a refresh hint. */
const FETCHES_PER_HINT = 4;

/** What SPIRE takes a shorter hint for, and its interval as long as it has no bundle. */
const MIN_HINT_MS = 60_000;

/** For a bundle without a hint: a SPIRE server waits for a 40th of the shortest lifetime in it, which may be days. */
const DEFAULT_INTERVAL_MS = 300_000;

/** SPIRE has no limit; an exporter that asks once a week would show certificates that are renewed long ago. */
const MAX_INTERVAL_MS = 3_600_000;

/** By what part of it a fetch may come late, so that not all exporters that were started together ask together. */
const JITTER = 0.1;

/**
 * When to fetch a bundle again, in milliseconds: as often as a SPIRE server fetches it by its hint, and up to a tenth later.
 *
 * @param bundle the bundle that was fetched last; undefined when none ever was
 * @param random from 0 to 1
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/bundle/client/manager.go
 */
export function pollInterval(bundle: Pick<SpiffeBundle, 'refreshHint'> | undefined, random = Math.random()): number {
  return Math.min(interval(bundle), MAX_INTERVAL_MS) * (1 + JITTER * random);
}

function interval(bundle: Pick<SpiffeBundle, 'refreshHint'> | undefined): number {
  if (bundle === undefined) return MIN_HINT_MS;
  if (bundle.refreshHint === undefined) return DEFAULT_INTERVAL_MS;
  return Math.max(bundle.refreshHint * 1000, MIN_HINT_MS) / FETCHES_PER_HINT;
}
