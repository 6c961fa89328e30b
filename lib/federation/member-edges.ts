import { addTo } from '../core';
import type { Mesh } from './mesh';
import type { Member } from './model';

/** A directed edge by its members. */
export interface MemberEdge {
  readonly consumer: Member;
  readonly provider: Member;
}

/** The edges of a mesh whose members there are, each once; without those of a member to itself. Linear in edges. */
export function memberEdges(mesh: Mesh): MemberEdge[] {
  const believed = new Map<Member, Set<Member>>();
  return mesh.edges.flatMap((edge): MemberEdge[] => {
    const [consumer, provider] = [mesh.member(edge.consumer), mesh.member(edge.provider)];
    if (!consumer || !provider || consumer === provider || believed.get(consumer)?.has(provider)) return [];
    addTo(believed, consumer, provider);
    return [{ consumer, provider }];
  });
}
