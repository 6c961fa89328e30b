import type { Member, Relationship, StaticRelationship } from './model';

/** What a member's server is told of one trust domain. */
export interface RelationshipsWith {
  /** By an object: the first one, which is the one that acts. @default - by none */
  readonly object?: Relationship;
  /** In its own configuration, which overrides the object. @default - nothing */
  readonly configured?: StaticRelationship;
}

const INDEXES = new WeakMap<Member, ReadonlyMap<string, RelationshipsWith>>();
const NOTHING: RelationshipsWith = {};

/** What a member's server is told of a trust domain: looked up, once the first question has been asked. */
export function relationshipsWith(member: Member, trustDomain: string): RelationshipsWith {
  const index = INDEXES.get(member) ?? indexOf(member);
  INDEXES.set(member, index);
  return index.get(trustDomain) ?? NOTHING;
}

function indexOf({ relationships = [], staticRelationships = [] }: Member): ReadonlyMap<string, RelationshipsWith> {
  const index = new Map<string, RelationshipsWith>();
  for (const object of relationships) {
    if (!index.has(object.trustDomain)) index.set(object.trustDomain, { object });
  }
  for (const configured of staticRelationships) {
    const known = index.get(configured.trustDomain);
    if (!known?.configured) index.set(configured.trustDomain, { ...known, configured });
  }
  return index;
}
