import { AGENT_SYNC, AGENT_SYNC_LIMIT, DEFAULT_HINT, fetchInterval, RECONCILE_INTERVAL } from '../../core';
import type { Member } from '../../federation';

/** How long a pod may take to start, in seconds: its image of 50 MiB has to come from somewhere. */
export const POD_START = 180;

/** Longest time that a bundle is waited for which the server does not hold yet, in seconds. */
export const LONGEST_FETCH = 300;

/** How long a handshake may take in a pod, in seconds: two programs start, one after the other on a small node. */
export const HANDSHAKE = 30;

/** How long it is tried to remove what was made, and waited until it is gone, in seconds. */
export const REMOVAL = 90;

/**
 * How long it may take until a pod has its identities and the bundles of its peers, in seconds: the server fetches what it does
 * not hold yet, the controller manager makes entries, and the agent asks for them, once every few seconds.
 *
 * @param missing members whose bundle the server does not hold
 */
export function identityWait(missing: readonly Member[]): number {
  const fetches = missing.map(({ endpoint }) => fetchInterval(endpoint?.refreshHint ?? DEFAULT_HINT));
  const fetch = Math.min(Math.max(0, ...fetches), LONGEST_FETCH);
  return Math.ceil(fetch + RECONCILE_INTERVAL + AGENT_SYNC + AGENT_SYNC_LIMIT);
}
