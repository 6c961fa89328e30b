import type { Member } from '../model';
import type { MeshFinding, MeshRule } from './rule';
import { dynamicOf, staticOf } from './wording';

/** Nothing is said twice, and nobody is told to believe themselves. */
export const noRepetition: MeshRule = {
  id: 'E02',
  severity: 'error',
  title: 'no edge to oneself, nothing twice',
  text: 'SPIRE refuses a relationship with the own trust domain; a static entry of it is taken, and replaces the own bundle by what its URL serves. Of two relationships with one trust domain the older acts; the other is named in a log and nowhere else.',
  remedy: 'remove the line, or name another member in it',
  source: 'https://github.com/spiffe/spire-controller-manager/blob/main/pkg/spirefederationrelationship/reconciler.go',
  shownBy: ['spire/federation-rules', 'spire/federation-harms', 'spire/mesh-topology'],

  *check(mesh) {
    for (const { consumer, provider } of mesh.edges) {
      if (consumer !== provider) continue;
      yield {
        member: consumer,
        property: 'edges',
        value: `${consumer} → ${provider}`,
        message: 'is an edge to oneself',
        remedy: 'remove it: servers of one trust domain share its bundle',
      };
    }
    for (const { consumer, provider } of mesh.repeatedEdges) {
      yield {
        member: consumer,
        property: 'edges',
        value: `${consumer} → ${provider}`,
        message: 'is listed twice',
        remedy: 'remove one of the two',
      };
    }
    for (const member of mesh.members) yield* memberFindings(member);
  },
};

function* memberFindings(member: Member): Iterable<MeshFinding> {
  const own = {
    value: member.trustDomain,
    message: 'is the own trust domain of the member',
    remedy: 'remove the relationship: servers of one trust domain share its bundle',
  };
  const known = new Set<string>();
  for (const placed of dynamicOf(member)) {
    const { relationship } = placed;
    const { trustDomain } = relationship;
    if (trustDomain === member.trustDomain) yield { ...placed.at('trustDomain'), ...own };
    if (known.has(trustDomain)) {
      yield {
        ...placed.at('trustDomain'),
        value: trustDomain,
        message: 'has another relationship on this member, and only the older one acts',
        remedy: 'remove one of the two',
      };
    }
    known.add(trustDomain);
  }
  for (const placed of staticOf(member)) {
    const { relationship } = placed;
    if (relationship.trustDomain !== member.trustDomain) continue;
    yield {
      ...placed.at('trustDomain'),
      ...own,
      message: 'is the own trust domain of the member, whose bundle would be replaced by what the URL serves',
    };
  }
}
