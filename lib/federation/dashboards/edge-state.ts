import { promDuration, type State, spireLabelValue, trustDomainsMatcher } from '../../monitoring';
import { edgeTimes } from '../alerts/edge-times';
import type { Member } from '../model';
import { type MeshFacts, membersBy } from './mesh-facts';

/** What can be said of an edge: of all that is known the worst, which is the highest number. */
export const EDGE_STATES = [
  { value: 4, word: 'missing', tone: 'error' },
  { value: 3, word: 'stalled', tone: 'error' },
  { value: 2, word: 'differs', tone: 'warning' },
  { value: 1, word: 'OK', tone: 'ok' },
  { value: 0, word: 'not seen', tone: 'unknown' },
] as const satisfies readonly State[];

/** What the states mean, for descriptions. */
export const STATES_EXPLAINED =
  'missing: the server has no bundle of the provider; stalled: it has not fetched one for too long; differs: it has not what the provider serves, as for a moment after each change; not seen: nothing is known of it.';

/** The two ends of an edge. */
export const PAIR = 'by (trust_domain, trust_domain_id)';

/** Matchers of the edges that the reader has chosen. */
export const CHOSEN = [`trust_domain=~"\${consumer:pipe}"`, `trust_domain_id=~"\${provider:pipe}"`].join(',');

/** Up to so many edges stand in the queries, so that those of which nothing was ever seen are seen to be missing. */
export const MOST_DECLARED = 400;

/** How far back an edge is looked for that is not declared in the query, in seconds. */
const REMEMBERED = 24 * 60 * 60;

const FETCH = 'spire_server_bundle_manager_fetch_federated_bundle';

/** Seconds without a good fetch of a provider's bundle after which an edge is stalled: the alert about it warns then. */
export const stalledAfter = (provider: Member, interval: number): number => edgeTimes(provider, interval).late.warning;

/** The state of every edge, as a number. */
export function edgeStates(facts: MeshFacts): string {
  const [held, matches] = [
    `spirekit_federation_bundle_held{${CHOSEN}}`,
    `spirekit_federation_bundle_matches{${CHOSEN}}`,
  ];
  // Each with a label of its own, so that none takes the place of another.
  const known = [
    ['held', `(max ${PAIR} (${held}) == 0) + 4`],
    ['fetched', `3 - 2 * (${fetchedInTime(facts)})`],
    ['matches', `2 - min ${PAIR} (${matches})`],
    ['declared', `0 * ${declared(facts)}`],
  ].map(([what, vector]) => `label_replace(${vector}, "known", "${what}", "", "")`);
  return `max ${PAIR} (${inOneSpelling(known.join('\nor '), facts)})`;
}

/**
 * Names of trust domains as SPIRE writes them, be they so or as they are: what is said by SPIRE and by the exporter is about
 * the same edge then. One character at a time.
 */
export function inOneSpelling(vector: string, { clusters, providers }: MeshFacts): string {
  const spelt = (inner: string, label: string, members: readonly Member[]): string => {
    let text = inner;
    for (let left = mostReplaced(members); left > 0; left--) {
      text = `label_replace(${text}, "${label}", "\${1}_$2", "${label}", "(\\\\w*)\\\\W+_?(.*)")`;
    }
    return text;
  };
  return spelt(spelt(vector, 'trust_domain', clusters), 'trust_domain_id', providers);
}

/** How many characters SPIRE replaces in a name at most. */
const mostReplaced = (members: readonly Member[]): number =>
  members.reduce((most, { trustDomain }) => Math.max(most, trustDomain.split(/\W+_?/).length - 1), 0);

/**
 * Whether there was a good fetch in time: 1 or 0, for every edge of which there was a fetch at all. A counter that has just
 * begun says nothing by its increase.
 */
function fetchedInTime({ providers, interval }: MeshFacts): string {
  const groups = limitsOf(providers, interval);
  const fetched = groups.map(({ limit, members }) => {
    const which = groups.length > 1 ? `,${ofMembers(members)}` : '';
    const good = `${FETCH}{status="OK",${CHOSEN}${which}}`;
    const range = promDuration(limit);
    return `group ${PAIR} (${good} unless ${good} offset ${range}) or (sum ${PAIR} (increase(${good}[${range}])) > bool 0)`;
  });
  // What is not read any more has risen within the time all the same.
  const seen = `group ${PAIR} (${FETCH}{${CHOSEN}})`;
  return `(${[...fetched, `0 * ${seen}`].join(' or ')}) and ${seen}`;
}

/** Providers with one limit. */
interface LimitGroup {
  readonly limit: number;
  readonly members: readonly Member[];
}

/** Up to so many limits have their own place in a query. */
const MOST_LIMITS = 4;

/** Whether there are so many limits that some providers have a longer one. */
export const areMerged = ({ providers, interval }: MeshFacts): boolean =>
  membersBy(providers, (provider) => stalledAfter(provider, interval)).size > MOST_LIMITS;

/** Limits of all providers, from the shortest on. Where they are too many, the ones that are nearest have the longer of them. */
export function limitsOf(providers: readonly Member[], interval: number): LimitGroup[] {
  const groups = [...membersBy(providers, (provider) => stalledAfter(provider, interval))]
    .map(([limit, members]): LimitGroup => ({ limit, members }))
    .sort((a, b) => a.limit - b.limit);
  while (groups.length > MOST_LIMITS) {
    let nearest = 1;
    const distance = (at: number): number => (groups[at]?.limit ?? 0) / (groups[at - 1]?.limit ?? 1);
    for (let at = 2; at < groups.length; at++) if (distance(at) < distance(nearest)) nearest = at;
    const [shorter, longer] = groups.slice(nearest - 1) as [LimitGroup, LimitGroup];
    groups.splice(nearest - 1, 2, { limit: longer.limit, members: [...shorter.members, ...longer.members] });
  }
  return groups;
}

const ofMembers = (members: readonly Member[]): string =>
  trustDomainsMatcher(
    'trust_domain_id',
    members.map(({ trustDomain }) => trustDomain),
  );

/** Edges that there are to be. */
function declared({ edges }: MeshFacts): string {
  if (edges.length === 0 || edges.length > MOST_DECLARED) {
    const seen = `last_over_time(spirekit_federation_bundle_held{${CHOSEN}}[${promDuration(REMEMBERED)}])`;
    return `group ${PAIR} (${seen} or last_over_time(${FETCH}{${CHOSEN}}[${promDuration(REMEMBERED)}]))`;
  }
  const providers = new Map<Member, Member[]>();
  for (const { consumer, provider } of edges) providers.set(consumer, [...(providers.get(consumer) ?? []), provider]);
  const all = [...providers].map(([consumer, believed]) =>
    labelled(
      believed.map((provider) => labelled('vector(1)', 'trust_domain_id', provider)).join(' or '),
      'trust_domain',
      consumer,
    ),
  );
  // What is written here knows nothing of what is chosen: labels say it that only what is chosen gets.
  const marked = (vector: string, consumer: string, provider: string): string =>
    `label_replace(label_replace(${vector}, "c", "1", ${consumer}), "p", "1", ${provider})`;
  const chosen = marked(
    all.join('\n or '),
    `"trust_domain", "\${consumer:pipe}"`,
    `"trust_domain_id", "\${provider:pipe}"`,
  );
  return `max ${PAIR} (${chosen} and on (c, p) ${marked('vector(1)', '"", ""', '"", ""')})`;
}

const labelled = (vector: string, label: string, { trustDomain }: Member): string =>
  `label_replace(${vector}, "${label}", "${spireLabelValue(trustDomain)}", "", "")`;
