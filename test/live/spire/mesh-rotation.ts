import { sleep } from '../support/process';
import type { ServerPod } from './federation-pods';

/** Polls that SPIRE makes within the refresh hint of a bundle. */
const ATTEMPTS = 4;
/** Seconds for the request itself, and for the question whether it was made, on a busy machine. */
const SLACK = 10;

/**
 * Waits until the bundle of a server, which has just changed, is at all who believe it.
 *
 * @throws Error if that takes longer than SPIRE promises: a quarter of the refresh hint that the endpoint serves
 */
export async function untilSpread(producer: ServerPod, consumers: ReadonlyMap<string, ServerPod>, trustDomain: string) {
  const hint = servedHint(producer);
  const limit = hint / ATTEMPTS + SLACK;
  const begun = Date.now();
  const fresh = JSON.stringify(producer.keys());
  const seconds = new Map<string, number>();
  while (seconds.size < consumers.size) {
    const now = (Date.now() - begun) / 1000;
    for (const [name, server] of consumers) {
      if (!seconds.has(name) && JSON.stringify(server.keys(trustDomain)) === fresh) seconds.set(name, now);
    }
    if (now > limit) {
      const late = [...consumers.keys()].filter((name) => !seconds.has(name));
      throw new Error(
        `the new keys of ${trustDomain} are not at ${late.join(', ')} after ${now.toFixed(0)} s; with a spiffe_refresh_hint of ${hint} s they must be after ${limit} s`,
      );
    }
    await sleep(500);
  }
  return seconds;
}

/** The refresh hint that an endpoint serves, in seconds. */
function servedHint(producer: ServerPod): number {
  const served = JSON.parse(producer.curl('-sSk', 'https://127.0.0.1:8443/')) as { spiffe_refresh_hint?: number };
  if (!served.spiffe_refresh_hint)
    throw new Error(`the endpoint serves no spiffe_refresh_hint: ${Object.keys(served)}`);
  return served.spiffe_refresh_hint;
}
