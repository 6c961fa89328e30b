import { DEFAULT_CA_TTL, SHORTEST_HINT } from '../../core';
import {
  type Alert,
  type AlertParts,
  atLeast,
  FIRST_FETCHES,
  promDuration,
  type SeriesName,
  series,
  trustDomainsMatcher,
} from '../../monitoring';
import { certificatesIn } from '../certificate-text';
import type { Member } from '../model';
import type { Edge, EdgeFacts } from './edge-facts';
import { type EdgeTimes, fetchWindow, timeLabel } from './edge-times';
import { groupedBy } from './peers';

/** Series of the exporter about some edges; about all, where they are alike. */
export function exported(
  name: SeriesName,
  { own, edges }: EdgeFacts,
  group: readonly Edge[],
  matchers: readonly string[] = [],
): string {
  const names = group.map(({ trustDomain }) => trustDomain);
  const peers = group.length === edges.length ? [] : [trustDomainsMatcher('trust_domain_id', names)];
  return series(name, [own, ...matchers, ...peers]);
}

/** Workloads that name a peer have no bundle of it. */
export const bundleMissing: Alert<EdgeFacts> = {
  name: 'SpireFederationBundleMissing',
  title: 'there is no bundle of a trust domain that is to be believed',
  severities: ['critical'],
  make(facts) {
    const { exporter, edges, interval, member, own } = facts;
    if (!exporter || edges.length === 0) return [];
    const lasts = atLeast(interval, FIRST_FETCHES * SHORTEST_HINT);
    return [
      {
        severity: 'critical',
        expr: [
          `max by (trust_domain_id) (${exported('spirekit_federation_bundle_held', facts, edges)}) == 0`,
          `and on () (max(${series('spirekit_exporter_workload_api_up', [own])}) == 1)`,
        ].join('\n'),
        lasts,
        summary: `${member.trustDomain} has no bundle of {{ $labels.trust_domain_id }}`,
        description: `The Workload API gives none to the exporter: no workload of ${member.trustDomain} can verify one of {{ $labels.trust_domain_id }}, and whoever is registered anew to talk to it gets no identity at all. ${promDuration(lasts)} is the time of ${FIRST_FETCHES} first fetches, one every ${promDuration(SHORTEST_HINT)}.`,
      },
    ];
  },
};

type Severity = 'warning' | 'critical';

/** When the end of a bundle is near, in seconds before it, and why. */
interface EndTimes {
  readonly left: Readonly<Record<Severity, number>>;
  readonly words: (severity: Severity) => string;
  /** What it follows from, as labels. */
  readonly labels: { readonly ca_ttl: string; readonly upstream?: 'true' };
}

/** What is held of a peer ends soon, and nothing newer was seen. */
export const bundleEnding: Alert<EdgeFacts> = {
  name: 'SpireFederationBundleEnding',
  title: 'the bundle that is held of a trust domain ends soon',
  severities: ['warning', 'critical'],
  make(facts) {
    if (!facts.exporter) return [];
    const timed = facts.edges.map((edge) => ({ ...edge, end: endTimes(edge, facts.seedShelfLife) }));
    const key = ({ left, labels }: EndTimes) => [labels.ca_ttl, labels.upstream, left.warning, left.critical].join();
    return groupedBy(timed, ({ end }) => key(end)).flatMap((group) => {
      const [{ end }] = group;
      return [endingRule(facts, group, end, 'warning'), endingRule(facts, group, end, 'critical')];
    });
  },
};

function endingRule(
  facts: EdgeFacts,
  group: readonly Edge[],
  { left, words, labels }: EndTimes,
  severity: Severity,
): AlertParts {
  const { interval, member } = facts;
  const held = exported('spirekit_federation_bundle_expiry_timestamp_seconds', facts, group, ['held_by="server"']);
  return {
    severity,
    expr: `max by (trust_domain_id) (${held}) - time() < ${Math.ceil(left[severity])}`,
    lasts: 2 * interval,
    labels: { ...labels, ends_in: promDuration(left[severity]) },
    summary: `The bundle of {{ $labels.trust_domain_id }} at ${member.trustDomain} ends in {{ $value | humanizeDuration }}`,
    description: `The last X.509 authority of it that ${member.trustDomain} holds has less than ${promDuration(left[severity])} left. ${words(severity)}`,
  };
}

const endTimes = ({ provider, times }: Edge, seedShelfLife: number): EndTimes =>
  provider.upstream ? endOfRoots(provider, seedShelfLife) : endOfCa(times);

/** A CA is followed by the next one. */
function endOfCa({ prepared, ahead, late, caWords, labels }: EdgeTimes): EndTimes {
  // When the next one signs, it is late in any case.
  const waited = (severity: Severity) => Math.min(late[severity], ahead);
  return {
    left: { warning: prepared - waited('warning'), critical: prepared - waited('critical') },
    words: (severity) =>
      `The next one is published ${promDuration(prepared)} before the end, and ${promDuration(ahead)} before it signs (${caWords}); it was not seen for ${promDuration(waited(severity))}.`,
    labels: { ca_ttl: labels.ca_ttl },
  };
}

/** Roots are replaced by people. */
function endOfRoots({ caTtl: known, upstream }: Member, seedShelfLife: number): EndTimes {
  const caTtl = known ?? DEFAULT_CA_TTL;
  const life = rootLife(upstream?.roots);
  const shelf = life === undefined ? 0 : Math.min(seedShelfLife, life / 3);
  const warning = Math.max(2 * caTtl, shelf);
  return {
    left: { warning, critical: caTtl },
    words: (severity) =>
      `They are roots of an upstream authority, which people replace. ${
        severity === 'critical'
          ? `${promDuration(caTtl)} is the lifetime of a CA: SPIRE cuts those short that it makes from now on.`
          : warning === 2 * caTtl
            ? `${promDuration(warning)} are two lifetimes of a CA.`
            : shelf === seedShelfLife
              ? `For ${promDuration(shelf)} bundles in the program are to be good.`
              : `${promDuration(shelf)} are a third of their lifetime.`
      }`,
    labels: { ca_ttl: timeLabel(known), upstream: 'true' },
  };
}

/** The longest lifetime of some roots, in seconds; undefined when they are not known. */
function rootLife(roots: string | undefined): number | undefined {
  const reading = roots === undefined ? undefined : certificatesIn(roots);
  if (!reading || !('certificates' in reading)) return undefined;
  return reading.certificates.reduce((most, { x509 }) => {
    const { validFrom, validTo } = x509;
    return Math.max(most, (Date.parse(validTo) - Date.parse(validFrom)) / 1000);
  }, 0);
}

/** Two looks at one bundle differ. */
export const bundleDiffers: Alert<EdgeFacts> = {
  name: 'SpireFederationBundleDiffers',
  title: 'the bundle that is held of a trust domain is not the one that its endpoint serves',
  severities: ['warning'],
  make(facts) {
    const { exporter, edges, interval, member } = facts;
    if (!exporter) return [];
    return groupedBy(edges, ({ times }) => times.labels.refresh_hint + times.poll).map((group) => {
      const [{ times }] = group;
      const lasts = fetchWindow(times, interval) + 2 * interval;
      return {
        severity: 'warning',
        expr: `max by (trust_domain_id) (${exported('spirekit_federation_bundle_matches', facts, group)}) == 0`,
        lasts,
        labels: { refresh_hint: times.labels.refresh_hint, fetched_every: promDuration(times.poll) },
        summary: `${member.trustDomain} holds another bundle of {{ $labels.trust_domain_id }} than its endpoint serves`,
        description: `The exporter fetches the bundle itself, and the Workload API gives another. Server and exporter fetch it ${times.pollWords} each, so that they differ for ${promDuration(times.poll)} after a change; it has been ${promDuration(lasts)}. The server does not fetch, or the two do not reach the same endpoint.`,
      };
    });
  },
};
