import { DEFAULT_CA_TTL, moment } from '../../core';
import { seededAt } from '../analysis/concerns';
import { bundleContent } from '../bundle-content';
import type { Mesh } from '../mesh';
import type { Member, MemberPlatform } from '../model';
import { trustDomainIn } from './endpoint-id';
import type { MeshFinding, MeshRule } from './rule';
import { caTtlWord, dynamicOf, memberNames, remaining, span } from './wording';

/** Where a user writes them. */
const ROOTS: Readonly<Record<MemberPlatform, string>> = {
  kubernetes: ' (server.upstreamAuthority: UpstreamAuthority.disk({ secret, roots }))',
  openshift: ' (server.upstreamAuthority, and upstreamRoots)',
  external: '',
};

/** With `https_spiffe`, the first fetch needs a bundle already. */
export const firstBundles: MeshRule = {
  id: 'E06',
  severity: 'error',
  title: 'https_spiffe has a bundle to begin with',
  text: 'An endpoint that proves itself by an SVID can be verified only by those who have its bundle already; without one, every fetch fails for ever. A CA that signs itself ends too soon for its bundle to lie in a program.',
  remedy:
    'give the provider a seed from the roots of its upstream authority, choose https_web, or have its peers fetch its bundle (BootstrapJob)',
  source: 'https://github.com/spiffe/spire/blob/main/pkg/server/bundle/client/client.go',
  shownBy: ['spire/federation-rules', 'spire/federation-harms'],

  *check(mesh, { now }) {
    const seeds = new Map<Member, ReadonlySet<string>>();
    for (const member of mesh.members) {
      const problem = seedFinding(mesh, member, seeds, now);
      if (problem) yield problem;
      yield* foreignFindings(mesh, member);
    }
  },
};

/** Whether a member's own CA is its root. Of an external one nobody knows. */
export const signsItself = (member: Member): boolean => member.platform !== 'external' && member.upstream === undefined;

/** Whether this rule, and not the one about bundles, speaks of the end of a member's seed. */
export const seedIsOfOwnCa = (member: Member): boolean =>
  member.endpoint?.profile === 'https_spiffe' && signsItself(member);

function seedFinding(
  mesh: Mesh,
  provider: Member,
  seeds: Map<Member, ReadonlySet<string>>,
  now: Date,
): MeshFinding | undefined {
  const { endpoint, seed, name, caTtl } = provider;
  if (endpoint?.profile !== 'https_spiffe') return undefined;
  const own = signsItself(provider);
  const life = span(caTtl ?? DEFAULT_CA_TTL);
  const short = own
    ? `its CA signs itself and lives ${life} (${caTtlWord(provider)}), so that a bundle of it in Git is dead within that time`
    : '';
  const remedy = own
    ? `give it an upstream authority with its roots${ROOTS[provider.platform]}, choose https_web (BundleEndpoint.httpsWeb), or have peers fetch its bundle (BootstrapJob)`
    : provider.platform === 'external'
      ? 'ask those who run it for a bundle of its roots, and write it as seed'
      : `give the roots of its authority${ROOTS[provider.platform]}, or a seed of them`;

  const blind = blindConsumers(mesh, provider, seeds);
  if (!seed) {
    if (blind.length === 0) return undefined;
    return {
      member: name,
      property: 'seed',
      message: `is missing: ${memberNames(blind)} cannot verify the endpoint by https_spiffe the first time${own ? `; ${short}` : ''}`,
      remedy,
    };
  }
  const { earliestEnd, problems } = bundleContent(seed.bundle);
  if (own && earliestEnd !== undefined) {
    const left = (earliestEnd - now.getTime()) / 1000;
    if (left < mesh.seedShelfLife) {
      const ends = left > 0 ? `ends in ${remaining(left)}` : `has ended at ${moment(earliestEnd)}`;
      const message = `${ends}, but must stay usable for ${span(mesh.seedShelfLife)}: ${short}`;
      return { member: name, property: 'seed.bundle', message, remedy };
    }
  }
  // A seed that is broken is handed to nobody, and without a relationship there is nothing to hand it to.
  if (problems.some(({ severity }) => severity !== 'warning')) return undefined;
  const unseeded = blind.filter((consumer) => mesh.trustedBy(consumer).has(provider.trustDomain));
  if (unseeded.length === 0) return undefined;
  return {
    member: name,
    property: 'seed',
    message: `is not in the relationships of ${memberNames(unseeded)}, and the endpoint cannot be verified by https_spiffe the first time`,
    remedy: 'write it into these relationships as their bundle',
  };
}

/** Consumers that fetch a provider's bundle and have none of it to begin with. */
function blindConsumers(mesh: Mesh, provider: Member, seeds: Map<Member, ReadonlySet<string>>): Member[] {
  const { trustDomain, endpoint, name } = provider;
  // Where the endpoint is of a third trust domain, it is the bundle of that one that is needed, and checked there.
  const serving = trustDomainIn(endpoint?.spiffeId);
  if (serving !== undefined && serving !== trustDomain) return [];
  return mesh.consumersOf(name).filter((consumer) => {
    const seeded = seeds.get(consumer) ?? seededAt(consumer);
    seeds.set(consumer, seeded);
    return !seeded.has(trustDomain);
  });
}

/** Relationships with those that are no members. */
function* foreignFindings(mesh: Mesh, consumer: Member): Iterable<MeshFinding> {
  for (const placed of dynamicOf(consumer)) {
    const { relationship } = placed;
    const { trustDomain, profile, bundle, firstBundle, endpointSpiffeId } = relationship;
    if (profile !== 'https_spiffe' || (bundle ?? firstBundle) !== undefined || mesh.ofTrustDomain(trustDomain))
      continue;
    const serving = trustDomainIn(endpointSpiffeId);
    if (serving !== undefined && serving !== trustDomain) continue;
    yield {
      ...placed.at('bundle'),
      message: `is missing, and '${trustDomain}' cannot be verified by https_spiffe without it`,
      remedy: 'paste the bundle of its roots, or choose the profile https_web',
    };
  }
}
