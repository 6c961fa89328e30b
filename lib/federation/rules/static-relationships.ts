import type { Member, Relationship, StaticRelationship } from '../model';
import { normalUrl, withoutUserInfo } from '../url';
import type { MeshFinding, MeshRule } from './rule';
import { staticOf } from './wording';

/** Two ways to say one thing say the same. */
export const sameInBoth: MeshRule = {
  id: 'E18',
  severity: 'error',
  title: 'static and dynamic relationships agree',
  text: "An entry in the server's configuration overrides the object of the same trust domain in silence, and is not listed by the server. Where both are there, they must be equal.",
  remedy: 'remove the static entry, or make it equal',
  source: 'https://github.com/spiffe/spire/blob/main/doc/spire_server.md#federation-configuration',
  shownBy: ['spire/federation-harms'],

  *check(mesh) {
    for (const member of mesh.members) yield* differences(member);
  },
};

function* differences(member: Member): Iterable<MeshFinding> {
  const dynamic = new Map<string, Relationship>();
  for (const relationship of member.relationships ?? []) {
    if (!dynamic.has(relationship.trustDomain)) dynamic.set(relationship.trustDomain, relationship);
  }
  for (const placed of staticOf(member)) {
    const { relationship } = placed;
    const other = dynamic.get(relationship.trustDomain);
    if (!other) continue;
    for (const property of ['url', 'profile', 'endpointSpiffeId'] as const) {
      if (comparable(relationship, property) === comparable(other, property)) continue;
      const [value, overridden] = [shown(relationship[property]), shown(other[property])];
      yield {
        ...placed.at(property),
        ...(value !== undefined && { value }),
        message: `overrides ${overridden === undefined ? 'none' : `'${overridden}'`} of the object for '${relationship.trustDomain}' in silence`,
        remedy: 'remove the static entry, or make it equal',
      };
    }
  }
}

/** Nothing but URLs has a password to hide. */
const shown = (value: string | undefined): string | undefined => value && withoutUserInfo(value);

function comparable(relationship: StaticRelationship, property: 'url' | 'profile' | 'endpointSpiffeId') {
  const value = relationship[property];
  return property === 'url' && value !== undefined ? normalUrl(value) : value;
}

/** Entries that the CRD of ZTWIM takes. */
const MOST = 50;

/** A list that the operator takes. */
export const staticLists: MeshRule = {
  id: 'E19',
  severity: 'error',
  title: 'the operator takes the list of static peers',
  text: 'The CRD of ZTWIM refuses an empty list and one of more than 50; its operator refuses a trust domain that is listed twice.',
  remedy: 'leave out the static list: objects do the same without a restart of the server',
  source:
    'https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/api/v1alpha1/spire_server_config_types.go',
  shownBy: ['apiserver/bad-objects'],

  *check(mesh) {
    for (const member of mesh.members) {
      if (member.platform === 'openshift' && member.staticRelationships) yield* listFindings(member);
    }
  },
};

function* listFindings(member: Member): Iterable<MeshFinding> {
  const count = member.staticRelationships?.length ?? 0;
  const place = { member: member.name, property: 'staticRelationships' };
  if (count === 0) {
    yield { ...place, message: 'is empty, which the operator refuses', remedy: 'leave it out' };
  }
  if (count > MOST) {
    yield {
      ...place,
      message: `has ${count} entries, and the operator takes ${MOST}`,
      remedy: 'leave it out: objects do the same, without a limit',
    };
  }
  const known = new Set<string>();
  for (const placed of staticOf(member)) {
    const { relationship } = placed;
    if (known.has(relationship.trustDomain)) {
      const remedy = 'remove one of the two';
      yield { ...placed.at('trustDomain'), value: relationship.trustDomain, message: 'is listed twice', remedy };
    }
    known.add(relationship.trustDomain);
  }
}
