import { AGENT_SYNC, DEFAULT_HINT, FETCHES_PER_HINT, fetchInterval, fetchIntervalWithoutHint } from '../core';
import type { Member } from './model';

/**
 * Time from one fetch of a provider's bundle to the next, in seconds; undefined where nobody can know.
 *
 * Clusters are SPIRE servers, which go by the hint, or by the lifetime of the CA where there is none. What is external says
 * itself how it fetches.
 */
export function fetchesEvery(consumer: Member, provider: Member): number | undefined {
  if (consumer.platform !== 'external') return serversFetchEvery(provider);
  const { interval, fetchesPerHint = FETCHES_PER_HINT } = consumer.fetches ?? {};
  return interval ?? withinHint(provider, Math.max(1, fetchesPerHint));
}

/** The same for a SPIRE server that fetches the provider's bundle, whoever's it is. */
export function serversFetchEvery(provider: Member): number | undefined {
  const { platform, caTtl } = provider;
  const interval = withinHint(provider);
  if (interval !== undefined || platform === 'external' || caTtl === undefined) return interval;
  return fetchIntervalWithoutHint(caTtl);
}

/** The hint that a member's bundle has, in seconds; undefined when there is none that is known. */
export const hintOf = ({ endpoint }: Member): number | undefined =>
  endpoint?.refreshHint ?? (endpoint?.servedBySpire ? DEFAULT_HINT : undefined);

function withinHint(provider: Member, fetches?: number): number | undefined {
  const hint = hintOf(provider);
  return hint === undefined ? undefined : fetchInterval(hint, fetches);
}

/**
 * How long a key that signs at once stays unseen by the workloads of a consumer, in seconds: until the next fetch, and until
 * its agents ask for what was fetched. Undefined where nobody can know.
 */
export function unseenFor(consumer: Member, provider: Member): number | undefined {
  const interval = fetchesEvery(consumer, provider);
  return interval === undefined || consumer.platform === 'external' ? interval : interval + AGENT_SYNC;
}
