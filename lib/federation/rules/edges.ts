import { TrustDomain } from '@spirekit/runtime/id';
import { addTo } from '../../core';
import type { Mesh } from '../mesh';
import type { Member, TrustEdge } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { memberNames, relationshipsOf } from './wording';

/** What is declared is what is there. */
export const declaredEdges: MeshRule = {
  id: 'E04',
  severity: 'error',
  title: 'declared edges and relationships are the same',
  text: 'Every edge has a relationship on the member that believes, every relationship with a member has an edge, and an edge without its reverse says so. A direction that was forgotten is seen only when a handshake fails; one that nobody has declared is trust that nobody has decided on.',
  remedy: 'declare the edge or remove the relationship; write Trust.oneWay() for a single direction',
  source: 'https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Federation.md',
  shownBy: ['spire/federation-rules', 'spire/mesh-topology', 'runtime/federated-workloads'],

  *check(mesh) {
    const nameless = new Set(mesh.members.filter(({ trustDomain }) => !isName(trustDomain)));
    for (const edge of mesh.edges) yield* edgeFindings(mesh, edge, nameless);
    yield* contradictions(mesh);
    for (const provider of mesh.members) {
      const consumers = mesh.believersOf(provider.name);
      if (!provider.endpoint && consumers.length > 0) {
        yield {
          member: provider.name,
          property: 'endpoint',
          message: `is missing, and ${memberNames(consumers)} cannot fetch the bundle`,
          remedy: 'give the member a bundle endpoint, or remove the edges to it',
        };
      }
      yield* undeclared(mesh, provider);
    }
  },
};

/** What is no name of a trust domain is found by the rule about names; no relationship can be made with it. */
function isName(trustDomain: string): boolean {
  const parsed = TrustDomain.tryParse(trustDomain);
  return parsed.ok && parsed.value.name === trustDomain;
}

function* edgeFindings(
  mesh: Mesh,
  { consumer, provider, oneWay }: TrustEdge,
  nameless: ReadonlySet<Member>,
): Iterable<MeshFinding> {
  const place = { member: consumer, property: 'edges', value: `${consumer} → ${provider}` };
  const [from, to] = [mesh.member(consumer), mesh.member(provider)];
  if (!from || !to) {
    yield {
      ...place,
      message: `names '${from ? provider : consumer}', which is no member`,
      remedy: 'write the name of a member, or add the member',
    };
    return;
  }
  if (from === to) return; // the rule about repetitions
  if (from.platform === 'external' && !from.fetches) {
    yield {
      ...place,
      message: `tells '${consumer}' whom to believe, which is external and not known to fetch bundles: nobody here can`,
      remedy: 'say how it fetches (fetches), or remove the edge and ask those who run it',
    };
    return;
  }
  // Of a provider without an endpoint the finding below says more; of a name that is none, or another's, that about names.
  const canBeTold = to.endpoint && from.trustDomain !== to.trustDomain && !nameless.has(to);
  if (canBeTold && !mesh.trustedBy(from).has(to.trustDomain)) {
    yield {
      ...place,
      message: `is declared, but '${consumer}' has no relationship with '${to.trustDomain}'`,
      remedy: 'add the relationship, or remove the edge',
    };
  }
  const canBelieve = to.platform !== 'external' || to.fetches !== undefined;
  if (oneWay !== true && canBelieve && !mesh.hasEdge(provider, consumer)) {
    yield {
      ...place,
      message: `has no reverse: '${provider}' does not believe '${consumer}', so that no handshake of both succeeds`,
      remedy: 'add the other direction, or write Trust.oneWay() if it is left out on purpose',
    };
  }
}

/** Pairs of which each direction says that there is no other. */
function* contradictions({ edges }: Mesh): Iterable<MeshFinding> {
  const single = new Map<string, Set<string>>();
  for (const { consumer, provider, oneWay } of edges) {
    if (oneWay !== true || consumer === provider) continue;
    if (single.get(provider)?.has(consumer)) {
      yield {
        severity: 'warning',
        member: consumer,
        property: 'edges',
        value: `${consumer} → ${provider}`,
        message: `is the only direction, as '${provider} → ${consumer}' is: together they are both ways`,
        remedy: 'write Trust.mutual() if both are meant, or remove the one that is not',
      };
    }
    addTo(single, consumer, provider);
  }
}

/** Relationships with members that no edge has asked for. */
function* undeclared(mesh: Mesh, member: Member): Iterable<MeshFinding> {
  const { name } = member;
  for (const placed of relationshipsOf(member)) {
    const { relationship } = placed;
    const provider = mesh.ofTrustDomain(relationship.trustDomain);
    if (!provider || provider.trustDomain === member.trustDomain || mesh.hasEdge(name, provider.name)) continue;
    yield {
      ...placed.at('trustDomain'),
      value: relationship.trustDomain,
      message: `is believed here, but no edge from '${name}' to '${provider.name}' is declared`,
      remedy: 'declare the edge, or remove the relationship',
    };
  }
}
