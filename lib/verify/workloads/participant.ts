import { pushTo } from '../../core';
import { type Member, memberEdges } from '../../federation';
import type { World } from '../check';
import type { SpireView } from '../observe/spire-view';

/** A member in whose cluster workloads are tried. */
export interface Participant {
  readonly member: Member;
  readonly view: SpireView;
  /** Position in the mesh. */
  readonly index: number;
  /** Members that it believes. */
  readonly believes: readonly Member[];
}

/** The members that have a cluster, in the order of the mesh. */
export function participantsOf(world: World): readonly Participant[] {
  const believed = new Map<Member, Member[]>();
  for (const { consumer, provider } of memberEdges(world.mesh)) pushTo(believed, consumer, provider);
  return world.mesh.members.flatMap((member, index) => {
    const view = world.viewOf(member);
    if (!view) return [];
    return [{ member, view, index, believes: believed.get(member) ?? [] }];
  });
}

/** Whether a member believes another. */
export const isBelieved = ({ believes }: Participant, { member }: Participant): boolean => believes.includes(member);

/** Every two members of different trust domains, each two once. */
export function pairsOf(participants: readonly Participant[]): readonly (readonly [Participant, Participant])[] {
  return participants.flatMap((one, position) =>
    participants
      .slice(position + 1)
      .filter(({ member }) => member.trustDomain !== one.member.trustDomain)
      .map((other) => [one, other] as const),
  );
}
