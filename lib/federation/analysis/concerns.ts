import { pushTo } from '../../core';
import type { Mesh } from '../mesh';
import type { Identity, Member } from '../model';
import { trustDomainIn } from '../rules/endpoint-id';

/** An identity, by the member that registers it. */
export interface IdentityOf {
  /** Name of the member. */
  readonly member: string;
  /** Name of the identity. */
  readonly identity: string;
}

/** Visits the trust domains that an identity has to do with in one way or another; one may come several times. */
export type Concern = (member: Member, identity: Identity, visit: (trustDomain: string) => void) => void;

/** What an identity names: peers that its workloads can verify, and cannot do without. */
export const named: Concern = ({ trustDomain: own }, { federatesWith }, visit) => {
  for (const trustDomain of federatesWith) if (trustDomain !== own) visit(trustDomain);
};

/** What an identity names of which its server has no bundle to begin with, so that it must have been fetched once. */
export function unseeded(mesh: Mesh): Concern {
  // Identities are asked about member by member, and the list of one may be as long as the mesh.
  let asked: Member | undefined;
  let waited: ReadonlySet<string>;
  return (member, identity, visit) => {
    if (asked !== member) waited = fetchedAt(mesh, member);
    asked = member;
    named(member, identity, (trustDomain) => {
      if (waited.has(trustDomain)) visit(trustDomain);
    });
  };
}

/** Trust domains that a member believes and has no bundle of before it is fetched. */
function fetchedAt(mesh: Mesh, member: Member): ReadonlySet<string> {
  const seeded = seededAt(member);
  // Without a relationship there is no identity in any case, and that is another finding.
  const fetched = new Set<string>();
  for (const trustDomain of mesh.trustedBy(member)) if (!seeded.has(trustDomain)) fetched.add(trustDomain);
  return fetched;
}

/** Trust domains of which a member has a bundle before anything is fetched. */
export function seededAt({ relationships = [] }: Member): ReadonlySet<string> {
  const seeded = new Set<string>();
  for (const { trustDomain, bundle, firstBundle } of relationships) {
    if (bundle !== undefined || firstBundle !== undefined) seeded.add(trustDomain);
  }
  return seeded;
}

/** Of which trust domains the workloads of an identity would believe a forged one, as far as they do not say otherwise. */
export const believed: Concern = (member, identity, visit) => {
  const { accepts } = identity;
  const only = accepts === undefined || accepts === 'any' ? undefined : new Set(accepts.map(trustDomainOf));
  if (only?.has(member.trustDomain) ?? true) visit(member.trustDomain);
  named(member, identity, (trustDomain) => {
    if (only?.has(trustDomain) ?? true) visit(trustDomain);
  });
};

/** The trust domain of an ID, or the one that is named. */
const trustDomainOf = (accepted: string): string =>
  // A name that is tried as an ID costs an error each time.
  accepted.startsWith('spiffe://') ? (trustDomainIn(accepted) ?? accepted) : accepted;

/** The identities of all members by the trust domains that they have to do with: a list costs no more than it is long. */
export class Concerned {
  private readonly identities: IdentityOf[] = [];
  private readonly byTrustDomain = new Map<string, number[]>();

  constructor(mesh: Mesh, concern: Concern) {
    for (const member of mesh.members) {
      for (const identity of member.identities ?? []) {
        const number = this.identities.push({ member: member.name, identity: identity.name }) - 1;
        concern(member, identity, (trustDomain) => {
          pushTo(this.byTrustDomain, trustDomain, number);
        });
      }
    }
  }

  /**
   * Those that have to do with any of some trust domains, each once, in the order of the mesh.
   *
   * @param except name of a member whose own identities are left out
   */
  with(trustDomains: Iterable<string>, except?: string): IdentityOf[] {
    const numbers = new Set<number>();
    for (const trustDomain of trustDomains) {
      for (const number of this.byTrustDomain.get(trustDomain) ?? []) numbers.add(number);
    }
    return [...numbers]
      .sort((a, b) => a - b)
      .flatMap((number) => this.identities[number] ?? [])
      .filter(({ member }) => member !== except);
  }
}
