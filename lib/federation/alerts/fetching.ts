import { fetchInterval, SHORTEST_HINT } from '../../core';
import {
  type Alert,
  type AlertParts,
  atLeast,
  NOT_OK,
  OK,
  promDuration,
  series,
  spireLabelValue,
  trustDomainsMatcher,
} from '../../monitoring';
import type { Edge, EdgeFacts } from './edge-facts';
import { type EdgeTimes, fetchWindow, lateWords } from './edge-times';
import { groupedBy } from './peers';

const FETCHES = 'spire_server_bundle_manager_fetch_federated_bundle';

/** Edges of which everything that is said by the clock is the same. */
const alike = (edges: readonly Edge[]) => groupedBy(edges, ({ times }) => times.key);

/** Nothing is fetched any more, or never was. */
export const fetchStalled: Alert<EdgeFacts> = {
  name: 'SpireFederationFetchStalled',
  title: 'a bundle that is to be fetched has not been fetched for too long',
  severities: ['warning', 'critical'],
  make: (facts) =>
    alike(facts.edges).flatMap((edges) => [
      stalledRule(facts, edges, 'warning'),
      stalledRule(facts, edges, 'critical'),
    ]),
};

function stalledRule(
  { own, interval, member }: EdgeFacts,
  edges: readonly [Edge, ...Edge[]],
  severity: 'warning' | 'critical',
): AlertParts {
  const [{ times }] = edges;
  const window = fetchWindow(times, interval);
  // Each has a series, be there a fetch of it or not. SPIRE writes some names alike.
  const labels = new Set(edges.map(({ trustDomain }) => spireLabelValue(trustDomain)));
  const expected = [...labels].map((label) => `label_replace(vector(0), "trust_domain_id", "${label}", "", "")`);
  return {
    severity,
    expr: [
      '(',
      `  ${expected.join('\n  or ')}`,
      ') unless on (trust_domain_id) (',
      `  sum by (trust_domain_id) (increase(${series(FETCHES, [own, OK], window)})) > 0`,
      // A server that has just begun has fetched each bundle once, which is no increase yet. One that has gone is forgotten
      // before it is taken for one that does not fetch; one that was restarted is not.
      `) and on () (max(max_over_time(${series('spire_server_uptime_in_ms', [own], window)})) > ${Math.ceil(window / 2) * 1000})`,
    ].join('\n'),
    lasts: times.late[severity] - window,
    labels: times.labels,
    summary: `${member.trustDomain} has not fetched the bundle of {{ $labels.trust_domain_id }} for ${promDuration(times.late[severity])}`,
    description: `The SPIRE servers of ${member.trustDomain} are to fetch it ${times.pollWords}. ${lateWords(times, severity)}. Whatever a CA signs that was not fetched is refused here, and a revoked one is believed.`,
  };
}

/** Fetches fail. */
export const fetchFailing: Alert<EdgeFacts> = {
  name: 'SpireFederationFetchFailing',
  title: 'fetches of a bundle fail again and again',
  severities: ['warning'],
  make: ({ edges, own, interval, member }) =>
    groupedBy(edges, ({ times }) => String(triedEvery(times))).map((group) => {
      const [{ times }] = group;
      // So long that two tries fall into it, even if one takes its time.
      const window = 2 * triedEvery(times) + atLeast(interval);
      const peers = trustDomainsMatcher(
        'trust_domain_id',
        group.map(({ trustDomain }) => trustDomain),
      );
      return {
        severity: 'warning',
        expr: `sum by (trust_domain_id) (increase(${series(FETCHES, [own, peers, NOT_OK], window)})) > 0`,
        lasts: window + 2 * interval,
        labels: { tried_every: promDuration(triedEvery(times)) },
        summary: `${member.trustDomain} fails to fetch the bundle of {{ $labels.trust_domain_id }}`,
        description: `It is tried every ${promDuration(triedEvery(times))} at least, and has failed again and again for ${promDuration(2 * (window + interval))}, the time of several tries. The log of the SPIRE server says why; with the bundle that it has, it goes on meanwhile.`,
      };
    }),
};

/** Where there is no bundle yet, SPIRE tries once in the shortest hint. */
const triedEvery = ({ poll }: EdgeTimes): number => Math.max(poll, SHORTEST_HINT);

/** The longest hint that is usual. */
const LONG_HINT = 60 * 60;

/** Somebody is believed whom the program does not know. */
export const undeclaredPeer: Alert<EdgeFacts> = {
  name: 'SpireFederationUndeclaredPeer',
  title: 'a bundle is fetched that the program knows nothing of',
  severities: ['warning'],
  make({ edges, own, interval, member }) {
    const longest = edges.reduce((most, { times }) => Math.max(most, times.poll), fetchInterval(LONG_HINT));
    const window = atLeast(interval, 2 * longest);
    const declared = edges.map(({ trustDomain }) => trustDomain);
    const others =
      declared.length === 0 ? 'trust_domain_id!=""' : trustDomainsMatcher('trust_domain_id', declared, true);
    return [
      {
        severity: 'warning',
        expr: `sum by (trust_domain_id) (increase(${series(FETCHES, [own, others], window)})) > 0`,
        lasts: 2 * interval,
        summary: `${member.trustDomain} fetches the bundle of {{ $labels.trust_domain_id }}, which nobody has declared`,
        description: `The SPIRE servers of ${member.trustDomain} have a relationship that is not in the program: whoever signs for {{ $labels.trust_domain_id }} is believed by workloads whose entries name it. Fetches of the last ${promDuration(window)} are looked at, the time of two with the longest pause between them.`,
      },
    ];
  },
};
