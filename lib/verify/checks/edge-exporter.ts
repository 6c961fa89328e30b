import { fetchInterval } from '../../core';
import type { EdgeCheck } from '../check';
import { podName } from '../discovery/pods';
import { type ExportedPeer, exportedPeer, exportersOf } from '../observe/exporters';
import { PORT_FORWARD } from '../rights';
import { doubtful, type Outcome, ok, wrong } from '../verdict';

/** Seconds from one fetch of the exporter to the next: of a bundle without a hint, and of any at most. */
const INTERVAL = { withoutHint: 300, most: 3600 } as const;

/** So many polls may be missed before an exporter counts as not fetching. */
const MISSED_POLLS = 4;

export const EDGE_EXPORTER: EdgeCheck = {
  id: 'V27',
  title: 'The federation exporter sees the same',
  about: 'edge',
  proves:
    "The federation exporter in the consumer's cluster gets the bundle of the peer as a workload does, fetches it from the endpoint " +
    'itself, and finds both equal. Nothing is said where there is no exporter.',
  causes: [
    'the endpoint cannot be reached from the pod of the exporter: see V25',
    "the agent of the exporter's node has not got the bundle (yet)",
    'the exporter was made for other peers than are declared now',
  ],
  next: 'kubectl --context {context} get pods -A -o wide | grep exporter',
  needs: [...PORT_FORWARD],
  async run({ view, provider, world }) {
    return (await exportersOf(view)).map(({ pod, text }) =>
      exporterOutcome(
        exportedPeer(text, provider.trustDomain),
        provider.trustDomain,
        world.now(),
        `exporter in pod ${podName(pod)}`,
      ),
    );
  },
};

/** What an exporter sees of one peer. */
export function exporterOutcome(seen: ExportedPeer, peer: string, now: Date, place: string): Outcome {
  const { isHeld, matches, fetchedAt, fetches, refreshHint } = seen;
  const interval =
    refreshHint === undefined ? INTERVAL.withoutHint : Math.min(fetchInterval(refreshHint), INTERVAL.most);
  const evidence = fetches ? `since its start ${fetches.good} fetches were good, and ${fetches.bad} failed` : '';
  if (isHeld === undefined) return doubtful(`says nothing of ${peer}`, place, { evidence });
  if (!isHeld) return wrong(`gets no bundle of ${peer} from the Workload API`, place, { evidence });
  const age = fetchedAt && Math.round((now.getTime() - fetchedAt.getTime()) / 1000);
  if (fetches && age === undefined) return wrong(`has never fetched the bundle of ${peer}`, place, { evidence });
  if (age !== undefined && age > MISSED_POLLS * interval) {
    return wrong(`has last fetched the bundle of ${peer} ${age} s ago, and tries every ${interval} s`, place, {
      evidence,
    });
  }
  if (matches === false) {
    return doubtful(`what workloads get of ${peer} is not what its endpoint serves`, place, {
      evidence,
      causes: ['the peer has just changed its authorities', 'the server of the consumer does not fetch: see V25'],
    });
  }
  return ok(`gets the bundle of ${peer}${age === undefined ? '' : `, as it was served ${age} s ago`}`, place, evidence);
}
