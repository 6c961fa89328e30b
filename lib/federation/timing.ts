/*
 * What SPIRE does by the clock, in seconds. Everything that is computed from a refresh hint or a lifetime goes by these.
 */

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

/**
 * SPIRE looks at a hint that is shorter as if it were this long.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/common/bundleutil/refreshhint.go
 */
export const SHORTEST_HINT = 60;

/** What SPIRE's own endpoint says where nothing is set. */
export const DEFAULT_HINT = 300;

/**
 * How often it fetches within one hint.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/bundle/client/manager.go
 */
export const FETCHES_PER_HINT = 4;

/** Without a hint it takes this part of the shortest lifetime among the certificates for one. */
export const HINTS_PER_LIFETIME = 10;

/**
 * How often an agent asks its server for entries and bundles.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/agent/manager/manager.go
 */
export const AGENT_SYNC = 5;

/** Lifetime of SPIRE's own CA where a member says nothing: SPIRE's default, and that of ZTWIM. */
export const DEFAULT_CA_TTL = DAY;

/** Time from one fetch of a bundle to the next. */
export const fetchInterval = (hint: number): number => Math.max(hint, SHORTEST_HINT) / FETCHES_PER_HINT;

/** Time from one fetch to the next of a bundle that has no hint; `lifetime` is the shortest of its certificates. */
export const fetchIntervalWithoutHint = (lifetime: number): number => fetchInterval(lifetime / HINTS_PER_LIFETIME);

/**
 * How long before its use a new CA is published at the latest: a third of its lifetime up to 42 days.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/ca/manager/slot.go
 */
export const publishedAhead = (caTtl: number): number => Math.min(caTtl / 2, 30 * DAY) - Math.min(caTtl / 6, 7 * DAY);
