import { DEFAULT_HINT, fetchInterval, SHORTEST_HINT } from '../../core';
import type { EdgeCheck, EdgeSubject } from '../check';
import { podName } from '../discovery/pods';
import { AccessError } from '../kube';
import { NotSeen } from '../not-seen';
import { fetchedEvery } from '../observe/bundle';
import { type FetchState, faultOf, fetchCounts, fetchStateOfLog, fetchStateOfMetrics } from '../observe/fetch-state';
import type { OfPod } from '../observe/spire-view';
import { PORT_FORWARD, RIGHTS } from '../rights';
import { doubtful, type Outcome, ok, unseen, wrong } from '../verdict';

/** What shows why there is no fetch: of a relationship that the server does not have, it refreshes nothing. */
const RELATIONSHIPS =
  'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} federation list';

/** Seconds that one attempt may take beside that: Go gives up a connection after 30 s, and TLS after 10 s. */
const ATTEMPT = 45;

export const EDGE_FETCHES: EdgeCheck = {
  id: 'V25',
  title: "The consumer's server fetches the bundle of the peer, now",
  about: 'edge',
  proves:
    "From inside the consumer's cluster the endpoint of the peer is reached and believed: by the log and the counters of each of " +
    'its servers. What a laptop can reach says nothing of that. A failure is told until another attempt is due and ' +
    'over.',
  causes: [
    'the network between the two clusters',
    'DNS in the cluster of the consumer',
    'the certificate of the endpoint: see V12 of the peer',
  ],
  next: 'kubectl --context {context} -n {namespace} exec {pod} -c {container} -- {server} federation refresh -id spiffe://{peer}',
  needs: [RIGHTS.logs, ...PORT_FORWARD],
  async run(subject) {
    const { view, provider, world } = subject;
    const { pods } = await view.installation();
    const [logs, metrics, retry] = await Promise.all([
      seenOf(view.serverLogs()),
      seenOf(view.serverMetrics()),
      retryOf(subject),
    ]);
    if (typeof logs === 'string' && typeof metrics === 'string') {
      return [unseen(`neither log nor metrics of the server can be seen: ${logs}; ${metrics}`, '')];
    }
    return pods.map((pod) => {
      const uid = pod.metadata.uid;
      const of = <T>(all: readonly OfPod<T>[] | string): T | undefined =>
        typeof all === 'string' ? undefined : all.find((each) => each.pod.metadata.uid === uid)?.value;
      const state: FetchState = {
        ...fetchStateOfLog(of(logs) ?? [], provider.trustDomain),
        ...fetchStateOfMetrics(
          view.once(`fetch counts ${podName(pod)}`, () => fetchCounts(of(metrics) ?? '')),
          provider.trustDomain,
        ),
      };
      return fetchOutcome(state, provider.trustDomain, retry, world.now(), `server in pod ${podName(pod)}`);
    });
  },
};

/** Seconds after which the server tries again, by the bundle that it holds: what the peer serves now, it has not read. */
async function retryOf({ view, provider }: EdgeSubject): Promise<number> {
  const held = await seenOf(view.heldBundles());
  if (typeof held === 'string') {
    return Math.max(SHORTEST_HINT, fetchInterval(provider.endpoint?.refreshHint ?? DEFAULT_HINT));
  }
  const bundle = held.get(provider.trustDomain);
  // SPIRE knows no other interval than the shortest hint there.
  return bundle ? fetchedEvery(bundle) : SHORTEST_HINT;
}

/**
 * What log and counters say together; the log alone knows when. SPIRE writes a line at every failure, and at a good fetch only where
 * what it got differs from what it has: silence is good.
 *
 * @param retry seconds from one attempt to the next
 */
export function fetchOutcome(
  { last, counts }: FetchState,
  peer: string,
  retry: number,
  now: Date,
  place: string,
): Outcome {
  const counted = counts ? `since its start ${counts.good} fetches were good, and ${counts.bad} failed` : '';
  const evidence = [last?.error ?? '', counted].filter((part) => part !== '').join('; ');
  const age = last?.time && Math.round((now.getTime() - last.time.getTime()) / 1000);
  const isOver = age !== undefined && age > retry + ATTEMPT;
  if (last?.was === 'ended') {
    const since = last.time ? ` (${last.time.toISOString()})` : '';
    return wrong(`does not fetch the bundle of ${peer} any more${since}`, place, {
      evidence,
      causes: ['the relationship was deleted: see V21 and V23'],
      next: RELATIONSHIPS,
    });
  }
  if (last?.was === 'failed' && !isOver) {
    const fault = faultOf(last.error);
    const since = last.time ? ` (${last.time.toISOString()})` : '';
    const what = `the last fetch of the bundle of ${peer} failed${since}${fault ? `: ${fault.means}` : ''}`;
    return wrong(what, place, { evidence, ...(fault && { causes: fault.causes }) });
  }
  if (last?.was === 'good') {
    return ok(`fetches the bundle of ${peer}${age === undefined ? '' : `, and got it ${age} s ago`}`, place, counted);
  }
  if (counts === undefined && last === undefined)
    return wrong(`has never tried to fetch the bundle of ${peer}, as far as can be seen`, place, {
      causes: ['the server does not have the relationship: see V21 and V23'],
      next: RELATIONSHIPS,
    });
  if (counts?.good === 0) return wrong(`has never fetched the bundle of ${peer}`, place, { evidence });
  if (last?.was === 'failed') {
    return ok(
      `fetches the bundle of ${peer}: the last failure was ${age} s ago, and another try is due every ${retry} s`,
      place,
      counted,
    );
  }
  if (last?.was === 'begun' && !isOver && counts === undefined) {
    return doubtful(`has begun to fetch the bundle of ${peer} ${age} s ago, and how that went is not seen yet`, place);
  }
  if (last?.was === 'begun' || counts?.bad === 0) return ok(`fetches the bundle of ${peer}`, place, counted);
  return doubtful(`not all fetches of the bundle of ${peer} are good`, place, { evidence });
}

/** What was seen, or why nothing was. */
async function seenOf<T>(seen: Promise<T>): Promise<T | string> {
  try {
    return await seen;
  } catch (error) {
    if (error instanceof NotSeen || (AccessError.is(error) && !error.concernsCluster)) return error.message;
    throw error;
  }
}
