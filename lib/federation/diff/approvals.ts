import type { Mesh } from '../mesh';
import type { ChangeKind, MeshChange } from './change';
import { diffMeshes } from './diff';

/** A change, and why somebody wants it. */
export interface DecidedChange {
  readonly change: MeshChange;
  /** Why it is wanted. @default - nobody has approved it, or there is nothing to approve */
  readonly approved?: string;
}

/** Why changes are wanted, by their ids: of two approvals of one change the first, and none without a reason. */
function reasonsOf({ approved }: Mesh): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const { change, reason } of approved) {
    if (reason.trim() !== '' && !reasons.has(change)) reasons.set(change, reason);
  }
  return reasons;
}

/** The changes from one federation to another, with the approvals that the other holds. */
export function decidedChanges(was: Mesh, is: Mesh): DecidedChange[] {
  const reasons = reasonsOf(is);
  return diffMeshes(was, is).map((change) => {
    const approved = change.effect === 'approval' ? reasons.get(change.id) : undefined;
    return { change, ...(approved !== undefined && { approved }) };
  });
}

/** Changes that somebody has to do something about before they are deployed: those that need an approval and have none, and forbidden ones. */
export function pendingChanges(was: Mesh, is: Mesh): MeshChange[] {
  return decidedChanges(was, is).flatMap(({ change, approved }) =>
    change.effect === 'forbidden' || (change.effect === 'approval' && approved === undefined) ? [change] : [],
  );
}

/** Whether somebody has approved that an endpoint moves or proves itself otherwise, for all or for one of its consumers. */
export function approvedMoves(was: Mesh, is: Mesh): (kind: ChangeKind, provider: string, consumer: string) => boolean {
  if (is.approved.length === 0) return () => false;
  const approved = new Set(
    decidedChanges(was, is).flatMap(({ change: { kind, member, peer }, approved }) =>
      approved === undefined ? [] : keyOf(kind, member, peer),
    ),
  );
  return (kind, provider, consumer) =>
    approved.has(keyOf(kind, provider)) || approved.has(keyOf(kind, consumer, provider));
}

const keyOf = (kind: ChangeKind, member: string, peer?: string): string => JSON.stringify([kind, member, peer ?? null]);
