import { caTtlFor, publishedAhead } from '../../core';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { namedTrustDomains } from './publisher-hint';
import type { MeshFinding, MeshRule } from './rule';
import { aheadSum, memberNames, span } from './wording';

/** What is known of foreign systems is enough to tell that a new CA is seen in time. */
export const foreignPeers: MeshRule = {
  id: 'W31',
  severity: 'warning',
  title: 'foreign systems see new CAs in time, and theirs are seen',
  text: 'Of a foreign system nothing is known but what is written here. Without its refresh hint and the lifetime of its CAs nobody can tell whether peers see a new CA before it signs. One that does not go by hints has to look often enough for those whom it believes; one that forgets a bundle when a fetch fails, or puts all roots into one pool, is told so.',
  remedy: 'ask those who run it, and write what they say',
  source: 'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md#41-adding-and-removing-keys',

  *check(mesh) {
    for (const member of mesh.members) {
      if (member.platform !== 'external') continue;
      const unknown = providerFinding(mesh, member);
      if (unknown) yield unknown;
      if (member.fetches) yield* consumerFindings(mesh, member);
    }
  },
};

function providerFinding(mesh: Mesh, provider: Member): MeshFinding | undefined {
  const { name, trustDomain, endpoint, caTtl } = provider;
  if (!endpoint || endpoint.refreshHint !== undefined || caTtl !== undefined) return undefined;
  // SPIRE always has a hint; of object stores the rule about published bundles says more.
  if (endpoint.servedBySpire || endpoint.exposure === 'object-store') return undefined;
  // An old bundle does no harm where no workload gets it.
  if (mesh.consumersOf(name).length === 0 || !namedTrustDomains(mesh).has(trustDomain)) return undefined;
  const harm =
    endpoint.profile === 'https_spiffe' ? '; by https_spiffe, who misses one can never verify the endpoint again' : '';
  return {
    member: name,
    property: 'endpoint.refreshHint',
    message: `is not known, and neither is the lifetime of its CAs (caTtl): nobody can tell whether a new one is seen before it signs${harm}`,
    remedy: 'ask those who run it for both, and write refreshHint and caTtl',
  };
}

function* consumerFindings(mesh: Mesh, consumer: Member): Iterable<MeshFinding> {
  const { name, fetches } = consumer;
  const providers = [...mesh.providersOf(name)].flatMap((provider) => {
    const found = provider === name ? undefined : mesh.member(provider);
    return found?.endpoint ? [found] : [];
  });
  if (!fetches || providers.length === 0) return;
  if (fetches.interval !== undefined) yield* intervalFindings(consumer, fetches.interval, providers);
  const at = (property: string) => ({ member: name, property: `fetches.${property}` });
  if (fetches.forgetsOnFailure) {
    const pause =
      fetches.interval === undefined ? 'it has fetched again' : `it fetches again, ${span(fetches.interval)} later`;
    yield {
      ...at('forgetsOnFailure'),
      message: `makes it refuse ${memberNames(providers)} when a single fetch has failed, until ${pause}`,
      remedy: 'run more than one server behind the endpoints that it fetches from, and accept this',
    };
  }
  if (fetches.poolsRoots) {
    yield {
      ...at('poolsRoots'),
      message: `lets ${memberNames(providers)} sign identities of any trust domain in its eyes, and of its own too`,
      remedy: 'let it believe only those who may, and accept this',
    };
  }
}

/** Chances to see a new CA that must be there, and that the standard wants. */
const [FEWEST, WANTED] = [3, 5];

/** Too few chances by far, too few by a little, and too few for the JWT keys of those below an upstream authority. */
const KINDS = ['late', 'tight', 'tokens'] as const;
type IntervalKind = (typeof KINDS)[number];

const HARM: Readonly<Record<IntervalKind, string>> = {
  late: 'fewer than three chances to see it',
  tight: 'the standard wants up to 5',
  tokens: 'so are the keys of its JWT-SVIDs, with fewer than three chances to see them',
};

function* intervalFindings(consumer: Member, interval: number, providers: readonly Member[]): Iterable<MeshFinding> {
  const found: Record<IntervalKind, Member[]> = { late: [], tight: [], tokens: [] };
  for (const provider of providers) {
    const kind = provider.caTtl === undefined ? undefined : kindOf(provider, interval, publishedAhead(provider.caTtl));
    if (kind) found[kind].push(provider);
  }
  for (const kind of KINDS) {
    const worst = shortest(found[kind]);
    const { caTtl } = worst ?? {};
    if (!worst || caTtl === undefined) continue;
    const times = Math.floor((publishedAhead(caTtl) / interval) * 10) / 10;
    const others = found[kind].filter((provider) => provider !== worst);
    const rest = others.length === 0 ? '' : ` (the same is true of ${memberNames(others)})`;
    const longer = caTtlFor(interval * WANTED);
    yield {
      member: consumer.name,
      severity: kind === 'late' ? 'error' : 'warning',
      property: 'fetches.interval',
      message: `is ${span(interval)} whatever the hint is, and of '${worst.name}' ${aheadSum(caTtl)}, ${times} times that: ${HARM[kind]}${rest}`,
      remedy: `fetch more often${longer === undefined ? '' : `, or lengthen the caTtl of ${others.length === 0 ? `'${worst.name}'` : 'these members'} to ${span(longer)} at least`}`,
    };
  }
}

function kindOf(provider: Member, interval: number, ahead: number): IntervalKind | undefined {
  // Below an upstream authority a new CA is verified by the root that is known already.
  if (provider.upstream) return interval * FEWEST > ahead ? 'tokens' : undefined;
  if (interval * FEWEST > ahead) return 'late';
  return interval * WANTED > ahead ? 'tight' : undefined;
}

function shortest(providers: readonly Member[]): Member | undefined {
  let worst: Member | undefined;
  for (const provider of providers) if (!worst || (provider.caTtl ?? 0) < (worst.caTtl ?? 0)) worst = provider;
  return worst;
}
