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

/**
 * The longest time from one question of an agent to the next, after failures.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/agent/manager/manager.go
 */
export const LONGEST_AGENT_PAUSE = 48 * AGENT_SYNC;

/**
 * How often a server reads anew whom it has relationships with; the one that is told of a change does so at once.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/bundle/client/manager.go
 */
export const CONFIG_RELOAD = 10;

/** When a server tries again that has no bundle of a peer. */
export const FIRST_FETCH_RETRY = SHORTEST_HINT;

/**
 * How often a server reads its entries, by which it answers agents.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/endpoints/endpoints.go
 */
export const ENTRY_RELOAD = 5;

/**
 * How often a server, and an agent, looks whether its own SVID is due; one of a tainted CA is at once.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/svid/rotator_config.go
 */
export const OWN_SVID_LOOK = 5;

/**
 * How many SVIDs of a tainted CA an agent takes away at a time, to ask for new ones, and how long it pauses after that.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/agent/manager/cache/lru_cache.go
 */
export const TAINTED_AT_A_TIME = 100;
export const TAINTED_PAUSE = 5;

/** Lifetime of JWT-SVIDs where nothing is said. */
export const DEFAULT_JWT_SVID_TTL = 5 * 60;

/**
 * How long an agent meets a server that it cannot verify until it begins anew by the bundle of its ConfigMap.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/doc/spire_agent.md
 */
export const REBOOTSTRAP_DELAY = 10 * 60;

/** How often a server looks whether a CA is due, and tries again what has failed. */
export const ROTATION_LOOK = 10;

/** How often the controller manager makes entries and relationships what objects say, as it is set by this library. */
export const RECONCILE_INTERVAL = 10;

/**
 * The longest time until a new controller manager acts where the one before has not given up its lease: the lease of 15
 * seconds, counted from its own first look, and a pause of 2 seconds with all of its jitter.
 *
 * @see https://github.com/kubernetes/client-go/blob/v0.36.4/tools/leaderelection/leaderelection.go
 */
export const LEASE_PAUSE = 20;

/** Lifetime of X509-SVIDs where nothing is said; they are renewed when half of it is over. */
export const DEFAULT_SVID_TTL = HOUR;

/**
 * How long before its end the certificate of SPIRE's own ACME client is renewed.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/endpoints/bundle/internal/autocert/autocert.go
 */
export const ACME_RENEWED_BEFORE = 30 * DAY;

/** Lifetime of SPIRE's own CA where a member says nothing: SPIRE's default, and that of ZTWIM. */
export const DEFAULT_CA_TTL = DAY;

/** Time from one fetch of a bundle to the next, by who fetches so often within one hint. */
export const fetchInterval = (hint: number, fetches = FETCHES_PER_HINT): number =>
  Math.max(hint, SHORTEST_HINT) / fetches;

/** Time from one fetch to the next of a bundle that has no hint; `lifetime` is the shortest of its certificates. */
export const fetchIntervalWithoutHint = (lifetime: number): number => fetchInterval(lifetime / HINTS_PER_LIFETIME);

/**
 * How long before the end of a CA the next one is made, and published.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/ca/manager/slot.go
 */
export const preparedBefore = (caTtl: number): number => Math.min(caTtl / 2, 30 * DAY);

/**
 * How long before the end of a CA the next one begins to sign.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/ca/manager/slot.go
 */
export const activatedBefore = (caTtl: number): number => Math.min(caTtl / 6, 7 * DAY);

/** How long before its use a new CA is published at the latest: a third of its lifetime up to 42 days. */
export const publishedAhead = (caTtl: number): number => preparedBefore(caTtl) - activatedBefore(caTtl);

/**
 * How long an agent gives itself to ask for everything once, and how many bundles it asks for at a time.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/agent/client/client.go
 */
export const AGENT_SYNC_LIMIT = 30;
export const BUNDLES_AT_A_TIME = 10;

/** Longest time for which a new CA is published before it signs, whatever its lifetime is. */
export const LONGEST_AHEAD = publishedAhead(60 * DAY);

/** The shortest lifetime of a CA that is published for so long before it signs; undefined where none is. */
export function caTtlFor(ahead: number): number | undefined {
  if (ahead > LONGEST_AHEAD) return undefined;
  return ahead <= 14 * DAY ? 3 * ahead : 2 * (ahead + 7 * DAY);
}

/** The longest hint with which a bundle is fetched so often; undefined where none is short enough. */
export function hintFor(interval: number): number | undefined {
  const hint = Math.floor(interval * FETCHES_PER_HINT);
  return hint < SHORTEST_HINT ? undefined : hint;
}

/**
 * How long the bundle may be out of reach until its peers fail to see a new CA before it signs. The last fetch before may
 * have missed the new CA by a moment, and the first one after is due within another interval; then agents have to ask.
 */
export const bearableOutage = (ahead: number, interval: number): number =>
  Math.max(0, ahead - 2 * interval - AGENT_SYNC);

/**
 * How long what has ended stays in SPIRE's own bundle; it looks every 6 hours for what can go.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/ca/manager/manager.go
 */
export const KEPT_AFTER_END = DAY;

/**
 * How many generations of a CA the bundle of a server holds at least, once it has run for a while: SPIRE makes the next one
 * halfway, 30 days before the end at the latest, and keeps each for a day after its end.
 *
 * @see https://github.com/spiffe/spire/blob/v1.15.3/pkg/server/ca/manager/manager.go
 */
export const generationsOf = (caTtl: number): number =>
  Math.max(1, Math.floor((caTtl + KEPT_AFTER_END) / (caTtl - preparedBefore(caTtl))));
