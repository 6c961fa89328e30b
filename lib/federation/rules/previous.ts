import { pushTo } from '../../core';
import type { Mesh } from '../mesh';
import type { Member, Relationship } from '../model';
import { relationshipsWith } from '../relationship-index';
import { Placed } from './wording';

/*
 * What a federation was, beside what it is.
 *
 * A trust domain stays with its servers whatever they are called, so that it says which member is which: who has another
 * name now was renamed, and is neither gone nor new. Where two members have one trust domain, the name says it too. A
 * cluster of which the name has stayed and the trust domain has not is compared no further: the rule about that comes first.
 */

/** Members that have stayed, in their order now, each with what it was. */
export function* keptMembers(mesh: Mesh, previous: Mesh): Iterable<readonly [is: Member, was: Member]> {
  const [now, before] = [ownersIn(mesh), ownersIn(previous)];
  for (const is of mesh.members) {
    const { name, trustDomain } = is;
    if (otherNamesake(is, mesh, previous)) continue;
    const was = (now.get(trustDomain) && before.get(trustDomain)) ?? previous.member(name);
    if (was?.trustDomain === trustDomain) yield [is, was];
  }
}

/**
 * The cluster that had the name of this one, with another trust domain. A name leads to a cluster; of members that others
 * run it leads to nothing, and a new trust domain is a new peer.
 */
export function otherNamesake(is: Member, mesh: Mesh, previous: Mesh): Member | undefined {
  const was = previous.member(is.name);
  if (!was || was.trustDomain === is.trustDomain || mesh.member(is.name) !== is) return undefined;
  return is.platform === 'external' || was.platform === 'external' ? undefined : was;
}

/** Whom each trust domain belongs to; undefined where it is not one. */
function ownersIn({ members }: Mesh): Map<string, Member | undefined> {
  const owners = new Map<string, Member | undefined>();
  for (const member of members) {
    const { trustDomain } = member;
    owners.set(trustDomain, owners.has(trustDomain) ? undefined : member);
  }
  return owners;
}

/** Something that a member's server is told otherwise than before about a trust domain that it believed already. */
export interface RelationshipChange {
  readonly consumer: Member;
  readonly was: Relationship;
  readonly is: Relationship;
  /** Where it stands. */
  readonly list: List;
  readonly index: number;
  /** Whether it was an object, and is one. */
  readonly isObject: boolean;
}

const LISTS = ['relationships', 'staticRelationships'] as const;
type List = (typeof LISTS)[number];

const FOUND = new WeakMap<Mesh, readonly [previous: Mesh, changes: ReadonlyMap<string, RelationshipChange[]>]>();

/** All such changes by trust domain. Without any, they cost a look at each relationship, once for all rules. */
export function changedRelationships(mesh: Mesh, previous: Mesh): ReadonlyMap<string, RelationshipChange[]> {
  const [known, found] = FOUND.get(mesh) ?? [];
  if (found && known === previous) return found;
  const changes = new Map<string, RelationshipChange[]>();
  for (const [is, was] of keptMembers(mesh, previous)) addChanges(changes, is, was);
  FOUND.set(mesh, [previous, changes]);
  return changes;
}

function addChanges(changes: Map<string, RelationshipChange[]>, consumer: Member, before: Member): void {
  const find = (list: List, trustDomain: string): Relationship | undefined => {
    const { object, configured } = relationshipsWith(before, trustDomain);
    return list === 'relationships' ? object : configured;
  };
  for (const list of LISTS) {
    const then: readonly Relationship[] = before[list] ?? [];
    consumer[list]?.forEach((is: Relationship, index) => {
      const { trustDomain } = is;
      // Most stand where they stood.
      const inPlace = then[index];
      const sameKind = inPlace?.trustDomain === trustDomain ? inPlace : find(list, trustDomain);
      const was = sameKind ?? find('relationships', trustDomain) ?? find('staticRelationships', trustDomain);
      if (!was || (saysTheSame(was, is) && was.bundle === is.bundle)) return;
      const change = { consumer, was, is, list, index, isObject: list === 'relationships' && sameKind !== undefined };
      pushTo(changes, trustDomain, change);
    });
  }
}

/**
 * Whether two relationships are the same to the controller manager, which then leaves the server's as it is.
 *
 * @see https://github.com/spiffe/spire-controller-manager/blob/main/pkg/spireapi/types.go
 */
export const saysTheSame = (a: Relationship, b: Relationship): boolean =>
  a.url === b.url && a.profile === b.profile && (a.endpointSpiffeId ?? '') === (b.endpointSpiffeId ?? '');

/** Where the relationship of a change stands. */
export const placeOf = ({ consumer, is, list, index }: RelationshipChange): Placed<Relationship> =>
  new Placed(is, consumer.name, list, index, is.path);

/** Names of those whom changes concern, once each. */
export const consumersIn = (changes: readonly RelationshipChange[]): string[] => [
  ...new Set(changes.map(({ consumer }) => consumer.name)),
];
