import { byText, pushTo } from '../../core';
import type { Mesh } from '../mesh';
import type { Member, Profile } from '../model';
import { relationshipsOf } from '../rules/wording';

/** A trust domain whose bundle a member fetches. */
export interface Peer {
  readonly trustDomain: string;
  /** How its endpoint proves itself. */
  readonly profile: Profile;
  /** What is known of it: little of one that is no member of the mesh. */
  readonly provider: Member;
}

/**
 * Those whose bundles a member fetches, by their names: of edges, be there an object that makes them or not, and of
 * relationships with whom there is no edge.
 */
export function peersOf(mesh: Mesh, member: Member): readonly Peer[] {
  const peers = new Map<string, Peer>();
  for (const name of mesh.providersOf(member.name)) {
    const provider = mesh.member(name);
    if (!provider?.endpoint || !isPeer(member, provider.trustDomain)) continue;
    const { trustDomain, endpoint } = provider;
    peers.set(trustDomain, { trustDomain, profile: endpoint.profile, provider });
  }
  for (const { relationship } of relationshipsOf(member)) {
    const { trustDomain, profile } = relationship;
    if (!isPeer(member, trustDomain)) continue;
    const provider = mesh.ofTrustDomain(trustDomain) ?? { name: trustDomain, platform: 'external', trustDomain };
    peers.set(trustDomain, { trustDomain, profile, provider });
  }
  return [...peers.values()].sort((a, b) => byText(a.trustDomain, b.trustDomain));
}

/** What is no trust domain is a finding, and fetched by nobody. */
const isPeer = (member: Member, trustDomain: string): boolean =>
  trustDomain !== member.trustDomain && NAME.test(trustDomain);

/** @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE-ID.md#21-trust-domain */
const NAME = /^[a-z0-9._-]{1,255}$/;

/** Groups what has the same key, in the order of the first of each. */
export function groupedBy<T>(items: readonly T[], key: (item: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, T[]>();
  for (const item of items) pushTo(groups, key(item), item);
  return [...groups.values()] as [T, ...T[]][];
}
