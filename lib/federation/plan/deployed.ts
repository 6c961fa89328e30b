import { pushTo } from '../../core';
import { Mesh } from '../mesh';
import type { Identity, Member, Relationship, StaticRelationship, TrustEdge } from '../model';
import { objectNameOf } from '../object-name';
import { keptMembers } from '../rules/previous';

/**
 * All that may stand in clusters while a program changes: what was deployed last, and what it says now. Who ends a trust must
 * leave out nobody who may have it. Who has another trust domain now is somebody else, of whom nothing holds.
 *
 * @param was the federation as it was deployed last
 * @param is as the program has it now; what both have is as it is here
 */
export function deployedMesh(was: Mesh, is: Mesh): Mesh {
  const before = new Map(keptMembers(is, was));
  const stayed = new Set(before.values());
  const kept = is.members.map((member) => bothOf(before.get(member), member));
  const gone = was.members.filter((member) => !stayed.has(member) && is.member(member.name) === undefined);
  const nameNow = new Map([...before].map(([now, then]) => [then.name, now.name]));
  return new Mesh({ ...is.data(), members: [...kept, ...gone], edges: edgesOf(was, is, nameNow) });
}

/** Who was renamed has the edges that it had. */
function edgesOf(was: Mesh, is: Mesh, nameNow: ReadonlyMap<string, string>): TrustEdge[] {
  const nameOf = (name: string): string => nameNow.get(name) ?? name;
  const then = was.edges.map((edge) => ({
    ...edge,
    consumer: nameOf(edge.consumer),
    provider: nameOf(edge.provider),
  }));
  return [...is.edges, ...then.filter(({ consumer, provider }) => !is.hasEdge(consumer, provider))];
}

function bothOf(was: Member | undefined, is: Member): Member {
  if (!was) return is;
  return {
    ...is,
    ...listed('relationships', relationshipsOf(was.relationships, is.relationships, objectOf)),
    ...listed('staticRelationships', relationshipsOf(was.staticRelationships, is.staticRelationships)),
    ...listed('identities', identitiesOf(was.identities, is.identities)),
    ...listed('exporter', identitiesOf(was.exporter, is.exporter)),
  };
}

const listed = <T>(name: string, list: readonly T[]): object => (list.length > 0 ? { [name]: list } : {});

function relationshipsOf<R extends StaticRelationship>(
  was: readonly R[] = [],
  is: readonly R[] = [],
  keyOf: (each: R) => string = ({ trustDomain }) => trustDomain,
): R[] {
  const known = new Set(is.map(keyOf));
  return [...is, ...was.filter((each) => !known.has(keyOf(each)))];
}

/** One that a Job has made stays when the program makes one of another name in its place. */
const objectOf = ({ trustDomain, object = objectNameOf(trustDomain) }: Relationship): string => object;

/** Objects of two kinds may have one name: they are taken for each other in their order. */
function identitiesOf(was: readonly Identity[] = [], is: readonly Identity[] = []): Identity[] {
  const before = new Map<string, Identity[]>();
  for (const identity of was) pushTo(before, identity.name, identity);
  const kept = is.map((identity) => {
    const then = before.get(identity.name)?.shift()?.federatesWith ?? [];
    return { ...identity, federatesWith: [...new Set([...identity.federatesWith, ...then])] };
  });
  return [...kept, ...[...before.values()].flat()];
}
