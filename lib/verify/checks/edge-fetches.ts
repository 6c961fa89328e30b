import { DEFAULT_HINT, fetchInterval } from '../../core';
import type { EdgeCheck, EdgeSubject } from '../check';
import { podName } from '../discovery/pods';
import { AccessError } from '../kube';
import { NotSeen } from '../not-seen';
import { type FetchState, faultOf, fetchCounts, fetchStateOfLog, fetchStateOfMetrics } from '../observe/fetch-state';
import type { OfPod } from '../observe/spire-view';
import { PORT_FORWARD, RIGHTS } from '../rights';
import { doubtful, type Outcome, ok, unseen, wrong } from '../verdict';

/** So many polls may be missed before a server counts as not fetching. */
const MISSED_POLLS = 4;

export const EDGE_FETCHES: EdgeCheck = {
  id: 'V25',
  title: "The consumer's server fetches the bundle of the peer, now",
  about: 'edge',
  proves:
    "From inside the consumer's cluster the endpoint of the peer is reached and believed: by the log and the counters of each of " +
    'its servers. What a laptop can reach says nothing of that.',
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
    const [logs, metrics] = await Promise.all([seenOf(view.serverLogs()), seenOf(view.serverMetrics())]);
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
      return fetchOutcome(
        state,
        provider.trustDomain,
        intervalOf(subject),
        world.now(),
        `server in pod ${podName(pod)}`,
      );
    });
  },
};

/** Seconds between two fetches. */
const intervalOf = ({ provider }: EdgeSubject): number => fetchInterval(provider.endpoint?.refreshHint ?? DEFAULT_HINT);

/** What log and counters say together; the log alone knows when. */
export function fetchOutcome(
  { last, counts }: FetchState,
  peer: string,
  interval: number,
  now: Date,
  place: string,
): Outcome {
  const counted = counts ? `since its start ${counts.good} fetches were good, and ${counts.bad} failed` : '';
  const evidence = [last?.error ?? '', counted].filter((part) => part !== '').join('; ');
  if (last?.was === 'ended') {
    const since = last.time ? ` (${last.time.toISOString()})` : '';
    return wrong(`does not fetch the bundle of ${peer} any more${since}`, place, {
      evidence,
      causes: ['the relationship was deleted: see V21 and V23'],
    });
  }
  if (last?.was === 'failed') {
    const fault = faultOf(last.error);
    const since = last.time ? ` (${last.time.toISOString()})` : '';
    const what = `the last fetch of the bundle of ${peer} failed${since}${fault ? `: ${fault.means}` : ''}`;
    return wrong(what, place, { evidence, ...(fault && { causes: fault.causes }) });
  }
  if (last?.was === 'good' && last.time) {
    const age = Math.round((now.getTime() - last.time.getTime()) / 1000);
    if (age <= MISSED_POLLS * interval) {
      return ok(`fetched the bundle of ${peer} ${age} s ago`, place, counted);
    }
    return doubtful(
      `the last fetch of the bundle of ${peer} that was seen is ${age} s ago, and one is due every ${interval} s`,
      place,
      { evidence },
    );
  }
  if (counts === undefined)
    return wrong(`has never tried to fetch the bundle of ${peer}, as far as can be seen`, place);
  if (counts.good === 0) return wrong(`has never fetched the bundle of ${peer}`, place, { evidence });
  if (counts.bad === 0) return ok(`fetches the bundle of ${peer}`, place, counted);
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
