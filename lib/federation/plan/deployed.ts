import { Mesh } from '../mesh';
import type { Identity, Member, Relationship, StaticRelationship, TrustEdge } from '../model';

/**
 * All that may stand in clusters while a program changes: what was deployed last, and what it says now. Who ends a trust must
 * leave out nobody who may have it.
 *
 * @param was the federation as it was deployed last
 * @param is as the program has it now; what both have is as it is here
 */
export function deployedMesh(was: Mesh, is: Mesh): Mesh {
  const before = new Map(was.members.map((member) => [member.name, member]));
  const kept = is.members.map((member) => bothOf(before.get(member.name), member));
  const gone = was.members.filter(({ name }) => is.member(name) === undefined);
  return new Mesh({ ...is.data(), members: [...kept, ...gone], edges: edgesOf(was, is) });
}

function edgesOf(was: Mesh, is: Mesh): TrustEdge[] {
  return [...is.edges, ...was.edges.filter(({ consumer, provider }) => !is.hasEdge(consumer, provider))];
}

function bothOf(was: Member | undefined, is: Member): Member {
  // Another trust domain is another system, of which nothing holds.
  if (!was || was.trustDomain !== is.trustDomain) return is;
  return {
    ...is,
    ...listed('relationships', relationshipsOf(was.relationships, is.relationships)),
    ...listed('staticRelationships', relationshipsOf(was.staticRelationships, is.staticRelationships)),
    ...listed('identities', identitiesOf(was.identities, is.identities)),
    ...listed('exporter', identitiesOf(was.exporter, is.exporter)),
  };
}

const listed = <T>(name: string, list: readonly T[]): object => (list.length > 0 ? { [name]: list } : {});

function relationshipsOf<R extends Relationship | StaticRelationship>(
  was: readonly R[] = [],
  is: readonly R[] = [],
): R[] {
  const known = new Set(is.map(({ trustDomain }) => trustDomain));
  return [...is, ...was.filter(({ trustDomain }) => !known.has(trustDomain))];
}

function identitiesOf(was: readonly Identity[] = [], is: readonly Identity[] = []): Identity[] {
  const before = new Map(was.map((identity) => [identity.name, identity]));
  const known = new Set(is.map(({ name }) => name));
  const kept = is.map((identity) => {
    const then = before.get(identity.name)?.federatesWith ?? [];
    return { ...identity, federatesWith: [...new Set([...identity.federatesWith, ...then])] };
  });
  return [...kept, ...was.filter(({ name }) => !known.has(name))];
}
