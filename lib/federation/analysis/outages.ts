import { pushTo } from '../../core';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { type Concern, type IdentityOf, named, unseeded } from './concerns';
import type { Dependence } from './dependence';
import type { Tally } from './tally';
import { rotationOutage } from './times';

/** What the outage of one member takes. */
export interface Outage {
  /** Name of the member. */
  readonly member: string;
  /** Trust domains whose bundle cannot be fetched any more: its own, and those whose bundles rest on it. */
  readonly trustDomains: number;
  /**
   * Identities of other members that no new pod gets, as long as the bundle was never fetched: there is none to begin with,
   * and SPIRE refuses an entry that names a trust domain of which it has none.
   */
  readonly issuance: number;
  /** Identities of other members that cannot verify whom they name, once the outage has lasted too long. */
  readonly authentication: number;
  /**
   * After how many seconds the first of them cannot: when a CA that signs itself begins to sign by a key that nobody could
   * fetch. `never` where all trust domains are below roots that stay, so that only JWT-SVIDs fail. Undefined when it is not
   * known of one of them.
   */
  readonly after?: number | 'never';
}

/** How many of those whom an outage takes are known by name without a search for all. */
const FIRST = 3;

/** The outage of each member. */
export class Outages {
  /** In the order of the mesh. */
  readonly list: readonly Outage[];
  private readonly first = new Map<string, readonly IdentityOf[]>();

  constructor(mesh: Mesh, members: readonly Member[], dependence: Dependence) {
    const firstOf = new Map<number, IdentityOf[]>();
    const authentication = counted(mesh, dependence, named, firstOf);
    const issuance = counted(mesh, dependence, unseeded(mesh));
    const { trustDomains, after } = reached(members, dependence);
    this.list = members.flatMap(({ name, trustDomain }) => {
      const number = dependence.of(trustDomain);
      if (number === undefined) return [];
      this.first.set(name, firstOf.get(number) ?? []);
      const soonest = after.get(number);
      return {
        member: name,
        trustDomains: trustDomains.of(number),
        issuance: issuance.of(number),
        authentication: authentication.of(number),
        ...(soonest !== undefined && { after: soonest }),
      };
    });
  }

  /** The first three identities that cannot verify others after the outage of a member, in the order of the mesh. */
  firstOf(member: string): readonly IdentityOf[] {
    return this.first.get(member) ?? [];
  }
}

/**
 * By trust domain: how many identities of others lose something when it is away.
 *
 * @param first is filled with the first of them
 */
function counted(mesh: Mesh, dependence: Dependence, concern: Concern, first?: Map<number, IdentityOf[]>): Tally {
  const [identities, passed] = [dependence.tally(), dependence.tally()];
  for (const member of mesh.members) {
    const own = mesh.ofTrustDomain(member.trustDomain) === member ? dependence.of(member.trustDomain) : undefined;
    for (const identity of member.identities ?? []) {
      const reach = (number: number) => {
        if (number === own || !identities.add(number) || !first || identities.of(number) > FIRST) return;
        const found = { member: member.name, identity: identity.name };
        pushTo(first, number, found);
      };
      identities.turn();
      passed.turn();
      concern(member, identity, (trustDomain) => {
        const number = dependence.of(trustDomain);
        if (number !== undefined) dependence.toServers(number, passed, reach);
      });
    }
  }
  return identities;
}

/** By trust domain: how many bundles rest on it, and when the first of them has been out of reach for too long. */
function reached(members: readonly Member[], dependence: Dependence) {
  const [trustDomains, passed] = [dependence.tally(), dependence.tally()];
  const after = new Map<number, Outage['after']>();
  for (const member of members) {
    const from = dependence.of(member.trustDomain);
    if (from === undefined) continue;
    const own = member.upstream ? 'never' : rotationOutage(member);
    trustDomains.turn();
    passed.turn();
    dependence.toServers(from, passed, (number) => {
      if (trustDomains.add(number)) after.set(number, after.has(number) ? earlier(after.get(number), own) : own);
    });
  }
  return { trustDomains, after };
}

function earlier(a: Outage['after'], b: Outage['after']): Outage['after'] {
  if (a === undefined || b === undefined) return undefined;
  if (a === 'never' || b === 'never') return a === 'never' ? b : a;
  return Math.min(a, b);
}
