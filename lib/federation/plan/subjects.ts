import { nearest } from '../../core';
import type { Mesh } from '../mesh';
import type { Member } from '../model';
import { PlanError } from './plan-error';

/**
 * The member that a plan is about.
 *
 * @throws PlanError if there is none of that name; the nearest one is in its message
 */
export function plannedMember(mesh: Mesh, name: string): Member {
  const member = mesh.member(name);
  if (member) return member;
  const known = mesh.members.map((each) => each.name);
  // Plain JavaScript may have passed anything.
  const asked = String(name);
  const own = mesh.ofTrustDomain(asked);
  const hint = own ? `; '${asked}' is the trust domain of '${own.name}'` : nearest(asked, known) || thereAre(known);
  throw new PlanError(`there is no member '${asked}'${hint}`);
}

const SHOWN = 5;

function thereAre(known: readonly string[]): string {
  if (known.length === 0) return '; the mesh has no members';
  const more = known.length > SHOWN ? ` and ${known.length - SHOWN} more` : '';
  return `; there ${known.length === 1 ? 'is' : 'are'} ${known.slice(0, SHOWN).join(', ')}${more}`;
}

/** Whether its server is run by this program, so that commands can be written for it; of an external one others are told. */
export const runsHere = ({ platform }: Member): boolean => platform !== 'external';

/** Those of them whose servers are run by this program. */
export const runHere = (members: readonly Member[]): readonly Member[] => members.filter(runsHere);

export { type ServerOf, serverOf } from '../server-place';

/** SPIFFE ID of a trust domain, as SPIRE's commands want it. */
export const idOf = ({ trustDomain }: Pick<Member, 'trustDomain'>): string => `spiffe://${trustDomain}`;
