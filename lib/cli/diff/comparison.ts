import { nearest } from '../../core';
import { type Approval, type DecidedChange, decidedChanges, type Mesh } from '../../federation';
import { CommandFailure, UsageFailure } from '../failure';

/** A mesh of the program beside the one of its name that was deployed last. */
export interface ComparedMesh {
  readonly name: string;
  /** `new`: the lock does not know it. `gone`: the program does not have it any more. */
  readonly state: 'known' | 'new' | 'gone';
  /** The most urgent first. */
  readonly changes: readonly DecidedChange[];
  /** Approvals of the program that are of no change, or of one that needs none. */
  readonly vain: readonly Approval[];
}

/** Meshes by their names. */
export type Meshes = ReadonlyMap<string, Mesh>;

/**
 * The meshes of a program beside those that were deployed last.
 *
 * @param asked name of the only one that is asked about; undefined: all
 * @param byPlace whether of one and one the names are of no account, as a file with data has none
 * @throws UsageFailure if neither knows the name
 */
export function compared(was: Meshes, is: Meshes, asked: string | undefined, byPlace: boolean): ComparedMesh[] {
  const before =
    byPlace && was.size === 1 && is.size === 1 ? new Map([...is.keys()].map((name) => [name, only(was)])) : was;
  const names = [...new Set([...is.keys(), ...before.keys()])];
  if (names.length === 0) throw new CommandFailure('there is no FederationMesh in it, nor in the lock');
  if (asked !== undefined && !names.includes(asked)) {
    throw new UsageFailure(
      `there is no mesh '${asked}'${nearest(asked, names) || `; there is ${names.join(', ')}`}`,
      'diff',
    );
  }
  return names
    .filter((name) => asked === undefined || name === asked)
    .map((name) => comparedMesh(name, before.get(name), is.get(name)));
}

const only = (meshes: Meshes): Mesh => [...meshes.values()][0] as Mesh;

function comparedMesh(name: string, was: Mesh | undefined, is: Mesh | undefined): ComparedMesh {
  if (!is) return { name, state: 'gone', changes: [], vain: [] };
  if (!was) return { name, state: 'new', changes: [], vain: is.approved };
  const changes = decidedChanges(was, is);
  const approvable = new Set(changes.flatMap(({ change }) => (change.effect === 'approval' ? change.id : [])));
  return { name, state: 'known', changes, vain: is.approved.filter(({ change }) => !approvable.has(change)) };
}

/** How many changes there are of each kind. */
export interface ChangeCounts {
  readonly forbidden: number;
  /** Those that need an approval and have none. */
  readonly approval: number;
  readonly approved: number;
  readonly noEffect: number;
  readonly note: number;
}

/** How many changes there are of each kind. */
export function countChanges(changes: readonly DecidedChange[]): ChangeCounts {
  const counts = { forbidden: 0, approval: 0, approved: 0, noEffect: 0, note: 0 };
  for (const each of changes) counts[groupOf(each)]++;
  return counts;
}

/** The group of a change in reports. */
export const groupOf = ({ change: { effect }, approved }: DecidedChange): keyof ChangeCounts =>
  effect === 'no-effect' ? 'noEffect' : approved === undefined ? effect : 'approved';

/** Counts in words, the most urgent first. */
export function countWords({ forbidden, approval, approved, noEffect, note }: ChangeCounts): string {
  const words = [
    ...(forbidden > 0 ? [`${forbidden} forbidden`] : []),
    ...(approval > 0 ? [`${approval} to be approved`] : []),
    ...(approved > 0 ? [`${approved} approved`] : []),
    ...(noEffect > 0 ? [`${noEffect} without effect`] : []),
    ...(note > 0 ? [`${note} to be noted`] : []),
  ];
  return words.join(', ') || 'none';
}

/** All changes of some meshes. */
export const allChanges = (meshes: readonly ComparedMesh[]): readonly DecidedChange[] =>
  meshes.flatMap(({ changes }) => changes);

/** Whether somebody has something to decide, or to mend. */
export function isUndecided(meshes: readonly ComparedMesh[], strict: boolean): boolean {
  const { forbidden, approval, noEffect } = countChanges(allChanges(meshes));
  if (forbidden + approval > 0 || meshes.some(({ state }) => state === 'gone')) return true;
  return strict && (noEffect > 0 || meshes.some(({ vain }) => vain.length > 0));
}

/** Groups in the order of reports, with their titles. */
export const GROUPS: readonly (readonly [group: keyof ChangeCounts, title: string])[] = [
  ['forbidden', 'Forbidden'],
  ['approval', 'To be approved'],
  ['noEffect', 'Without effect'],
  ['approved', 'Approved'],
  ['note', 'To be noted'],
];

/** What is to be done about a mesh that the program has no more. */
export const GONE_REMEDY =
  "if it was renamed, give it back its name; if it was removed from all clusters, write --forget to 'spirekit lock'";
