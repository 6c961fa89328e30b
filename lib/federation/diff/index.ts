export { approvedMoves, type DecidedChange, decidedChanges, pendingChanges } from './approvals';
export type { ChangeEffect, ChangeKind, MeshChange } from './change';
export { diffMeshes } from './diff';
export { approvalText, sentenceOf, subjectOf } from './sentence';
