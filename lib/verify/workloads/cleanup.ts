import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ClusterChanges, type KubeObject, RESOURCES, type Resource } from '../kube';
import { KindRemoval } from './kind-removal';
import { ALL_RUNS, PREFIX, type RunNames } from './names';
import { REMOVAL } from './waits';

/** How often it is looked whether something is gone, in milliseconds. */
const LOOK_MS = 1_000;

/**
 * After so many looks, one after the other, that have not reached the cluster it is given up: about half a minute. An API server
 * that is started anew, or another one at the same address, is there by then; a network that was left does not come back.
 */
const AWAY_LOOKS = 30;

/** What is made in the cluster as a whole; everything else lies in a namespace and goes with it. */
const KINDS: readonly { readonly kind: string; readonly resource: Resource }[] = [
  { kind: 'ClusterSPIFFEID', resource: RESOURCES.spiffeIds },
  { kind: 'Namespace', resource: RESOURCES.namespaces },
];

/** After so long a run has surely ended, in milliseconds: its waits are bounded by less. */
const OLD_MS = 60 * 60 * 1000;

/** What is left of a run in a cluster, and why. */
export interface Remains {
  /**
   * Such as `Namespace spirekit-verify-1a2b3c4d-0`, or `perhaps Namespaces` where those cannot be listed; empty when nothing can,
   * so that it is not known what is left.
   */
  readonly objects: readonly string[];
  readonly reason: string;
}

/** Waits between two looks. */
export type Pause = (milliseconds: number) => Promise<unknown>;

/**
 * Removes what a run has made in a cluster, and waits until it is gone.
 *
 * @returns undefined when nothing is left
 */
export function removeRun(
  changes: ClusterChanges,
  names: RunNames,
  pause: Pause = sleep,
): Promise<Remains | undefined> {
  return remove(changes, names.selector, () => true, pause);
}

/**
 * Removes what earlier runs have left that were killed: what is older than an hour, so that a run of somebody else goes on.
 *
 * @param all whatever its age: nobody else runs the test
 */
export function removeLeftovers(
  changes: ClusterChanges,
  all: boolean,
  now: number,
  pause: Pause = sleep,
): Promise<Remains | undefined> {
  const isMeant = ({ metadata }: KubeObject): boolean => {
    const made = Date.parse(metadata.creationTimestamp ?? '');
    return all || now - made > OLD_MS;
  };
  return remove(changes, ALL_RUNS, isMeant, pause);
}

/** Deletes and looks until all is gone, the time is over, or trying again cannot help: what fails once may work a second later. */
async function remove(
  { access }: ClusterChanges,
  labelSelector: string,
  isMeant: (object: KubeObject) => boolean,
  pause: Pause,
): Promise<Remains | undefined> {
  // Objects of the test: nothing else has both the label and the name.
  const isOurs = (object: KubeObject): boolean => object.metadata.name.startsWith(PREFIX) && isMeant(object);
  const kinds = KINDS.map(({ kind, resource }) => new KindRemoval(kind, resource, isOurs));
  // Neither kind needs the other to go. Where much waits for its turn, namespaces come first: they are few and take longest, and
  // without its namespace a ClusterSPIFFEID gives nobody an identity.
  const inTurn = [...kinds].reverse();

  // Deletes that wait for their turn, or for an answer, end with the time, so that the last look does not wait behind them.
  const over = new AbortController();
  setMaxListeners(0, over.signal);
  const changes = access.changes(over.signal);
  const timer = setTimeout(() => over.abort(), REMOVAL * 1000);

  let away = 0;
  const look = async (): Promise<void> => {
    await Promise.all(inTurn.map((kind) => kind.look(access, labelSelector)));
    away = kinds.every(({ isAway }) => isAway) ? away + 1 : 0;
  };
  const isOver = (): boolean => over.signal.aborted || away >= AWAY_LOOKS || kinds.every(({ isSettled }) => isSettled);
  try {
    await look();
    while (!isOver()) {
      await Promise.all(inTurn.map((kind) => kind.delete(changes, over.signal)));
      await look();
      if (!isOver()) await pause(LOOK_MS);
    }
  } finally {
    clearTimeout(timer);
  }
  return remainsOf(kinds);
}

function remainsOf(kinds: readonly KindRemoval[]): Remains | undefined {
  if (kinds.every(({ isGone }) => isGone)) return undefined;
  const reasons = new Set(kinds.flatMap(({ reason }) => reason ?? []));
  return {
    objects: kinds.some(({ isKnown }) => isKnown) ? kinds.flatMap(({ remains }) => remains) : [],
    reason: [...reasons].join('; '),
  };
}
