import type { Member } from '../model';

/** How many names a sentence holds. */
const SHOWN = 5;

/** Names of members in a sentence: `east, west and 7 more`. */
export function listOf(members: readonly Pick<Member, 'name'>[]): string {
  const shown = members.slice(0, SHOWN).map(({ name }) => name);
  const rest = members.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${rest} more`;
  const last = shown.pop() ?? '';
  return shown.length > 0 ? `${shown.join(', ')} and ${last}` : last;
}

/** A verb of one member, or of several: `east believes`, `east and west believe`. */
export const verbOf = (members: readonly unknown[], ofOne: string, ofMany: string): string =>
  members.length === 1 ? ofOne : ofMany;

/** A clause as a sentence; a name keeps its letters. */
export const sentence = (clause: string): string => `${clause.replace(/^servers/, 'Servers')}.`;
