import { diffMeshes, type MeshChange, type MeshData, MeshLock, meshFrom, sentenceOf } from '../../../lib/federation';
import { type Draft, dataOf, draft } from '../fixtures';

/** The changes from one data to another, which are the same whether the former are data or a lock. */
export function changesFrom(before: MeshData, now: MeshData): readonly MeshChange[] {
  const changes = diffMeshes(meshFrom(before), meshFrom(now));
  const locked = MeshLock.of(new Map([['mesh', meshFrom(before)]])).mesh('mesh');
  expect(locked && diffMeshes(locked, meshFrom(now))).toEqual(changes);
  return changes;
}

export type Change = (now: Draft, before: Draft) => void;

/** What changes when the good mesh becomes another one. */
export function changesBy(change: Change): readonly MeshChange[] {
  const [now, before] = [draft(), draft()];
  change(now, before);
  return changesFrom(dataOf(before), dataOf(now));
}

/** A change as lines of text, without its digest. */
export function linesOf({ kind, effect, was, is, remedy, ...rest }: MeshChange): string[] {
  return [
    `${effect} ${kind}: ${sentenceOf({ ...rest })}`,
    ...(was === undefined ? [] : [`  was: ${was}`]),
    ...(is === undefined ? [] : [`  is: ${is}`]),
    ...(remedy === undefined ? [] : [`  do: ${remedy}`]),
  ];
}

/** Of several changes of the good mesh, one text to look at; of some kinds alone, where others are tested elsewhere. */
export function tableOf(changes: Readonly<Record<string, Change>>, only?: RegExp): string {
  return Object.entries(changes)
    .flatMap(([label, change]) => {
      const found = changesBy(change).filter(({ kind }) => only?.test(kind) ?? true);
      return [`# ${label}`, ...found.flatMap(linesOf)];
    })
    .join('\n');
}
