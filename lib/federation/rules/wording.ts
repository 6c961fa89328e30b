import { Duration, publishedAhead } from '../../core';
import type { Member, Relationship, StaticRelationship } from '../model';

/** How many names a message shows. */
const SHOWN = 3;

/**
 * Names as a message shows them: `'a', 'b' and 7 more`.
 *
 * @param shown how many are shown; @default 3
 * @param count how many there are, where the list holds the first alone; @default - those in the list
 */
export function names(list: readonly string[], shown = SHOWN, count = list.length): string {
  const quoted = list.slice(0, shown).map((name) => `'${name}'`);
  const rest = count - shown;
  if (rest > 0) return `${quoted.join(', ')} and ${rest} more`;
  const last = quoted.pop() ?? '';
  return quoted.length > 0 ? `${quoted.join(', ')} and ${last}` : last;
}

/** Names of members as a message shows them. */
export const memberNames = (members: readonly Member[]): string => names(members.map(({ name }) => name));

/** A length of time in Go's format, in whole seconds. */
export function span(seconds: number): string {
  const whole = Math.floor(seconds);
  const duration = Duration.tryParse(`${whole}s`);
  return typeof duration === 'string' ? `${whole}s` : duration.toString();
}

const HOUR = 60 * 60;
const DAY = 24 * HOUR;

/** What is left of a time, without the part of it that is over before anybody has read it: from a day on in whole hours. */
export function remaining(seconds: number): string {
  const step = seconds >= DAY ? HOUR : seconds >= HOUR ? 60 : 1;
  return span(Math.floor(seconds / step) * step);
}

/** A length of time that a person can grasp: in days when it is two or more, else in Go's format. */
export const spanInDays = (seconds: number): string =>
  seconds >= 2 * DAY ? `${Math.floor(seconds / DAY)} days` : span(seconds);

/** For how long a CA is published before it signs, as a clause with its sum. */
export const aheadSum = (caTtl: number): string =>
  `a CA of ${span(caTtl)} is published min(${span(caTtl)}/2, 720h) - min(${span(caTtl)}/6, 168h) = ${span(publishedAhead(caTtl))} before it signs`;

/** The property by which a user sets the lifetime of a member's CA. */
export const caTtlWord = ({ platform }: Pick<Member, 'platform'>): string =>
  platform === 'openshift' ? 'server.caValidity' : 'caTtl';

/** The part of a finding that says where a relationship stands. */
export interface Place {
  readonly member: string;
  readonly path?: string;
  readonly property: string;
}

/** Properties of the construct, where a relationship has one. */
const CONSTRUCT = {
  trustDomain: 'trustDomain',
  url: 'bundleEndpointUrl',
  profile: 'profile',
  endpointSpiffeId: 'profile.endpointSPIFFEID',
  className: 'className',
  bundle: 'trustDomainBundle',
  wave: 'wave',
} as const;

/** A relationship of either kind, and where its properties are found. */
export class Placed<R extends Relationship | StaticRelationship> {
  constructor(
    readonly relationship: R,
    private readonly member: string,
    private readonly list: string,
    private readonly index: number,
    private readonly path?: string,
  ) {}

  /** Where one of its properties stands. */
  at(property: keyof typeof CONSTRUCT): Place {
    const { member, list, index, path } = this;
    if (path !== undefined) return { member, path, property: CONSTRUCT[property] };
    return { member, property: `${list}[${index}].${property}` };
  }
}

/** The relationships of a member that objects make. */
export const dynamicOf = ({ name, relationships = [] }: Member): Placed<Relationship>[] =>
  relationships.map((it, index) => new Placed(it, name, 'relationships', index, it.path));

/** The relationships of a member that stand in its server's configuration. */
export const staticOf = ({ name, staticRelationships = [] }: Member): Placed<StaticRelationship>[] =>
  staticRelationships.map((it, index) => new Placed(it, name, 'staticRelationships', index));

/** Both kinds. */
export const relationshipsOf = (member: Member): Placed<Relationship | StaticRelationship>[] => [
  ...dynamicOf(member),
  ...staticOf(member),
];
