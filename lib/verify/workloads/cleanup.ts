import { setTimeout as sleep } from 'node:timers/promises';
import {
  AccessError,
  type ClusterAccess,
  type ClusterChanges,
  type KubeObject,
  RESOURCES,
  type Resource,
} from '../kube';
import { ALL_RUNS, PREFIX, type RunNames } from './names';
import { REMOVAL } from './waits';

/** How often it is looked whether something is gone, in milliseconds. */
const LOOK_MS = 1_000;

/** What is made in the cluster as a whole; everything else lies in a namespace and goes with it. */
const KINDS: readonly { readonly kind: string; readonly resource: Resource }[] = [
  { kind: 'ClusterSPIFFEID', resource: RESOURCES.spiffeIds },
  { kind: 'Namespace', resource: RESOURCES.namespaces },
];

/** After so long a run has surely ended, in milliseconds: its waits are bounded by less. */
const OLD_MS = 60 * 60 * 1000;

/** What is left of a run in a cluster, and why. */
export interface Remains {
  /** Such as `Namespace spirekit-verify-1a2b3c4d-0`. */
  readonly objects: readonly string[];
  readonly reason: string;
}

/**
 * Removes what a run has made in a cluster, and waits until it is gone.
 *
 * @returns undefined when nothing is left
 */
export function removeRun(changes: ClusterChanges, names: RunNames): Promise<Remains | undefined> {
  return remove(changes, names.selector, () => true);
}

/**
 * Removes what earlier runs have left that were killed: what is older than an hour, so that a run of somebody else goes on.
 *
 * @param all whatever its age: nobody else runs the test
 */
export function removeLeftovers(changes: ClusterChanges, all: boolean, now: number): Promise<Remains | undefined> {
  return remove(changes, ALL_RUNS, ({ metadata }) => {
    const made = Date.parse(metadata.creationTimestamp ?? '');
    return all || now - made > OLD_MS;
  });
}

async function remove(
  changes: ClusterChanges,
  labelSelector: string,
  isMeant: (object: KubeObject) => boolean,
): Promise<Remains | undefined> {
  const until = Date.now() + REMOVAL * 1000;
  let reason = `they are still there after ${REMOVAL} s`;
  try {
    let left = await objectsOf(changes.access, labelSelector, isMeant);
    const kept = new Set<string>();
    for (const { resource, object } of left) {
      try {
        await changes.delete(resource, object.metadata.name);
      } catch (error) {
        if (!AccessError.is(error)) throw error;
        reason = error.message;
        kept.add(object.metadata.name);
      }
    }
    while (left.some(({ object }) => !kept.has(object.metadata.name)) && Date.now() < until) {
      left = await objectsOf(changes.access, labelSelector, isMeant);
      if (left.length > 0) await sleep(LOOK_MS);
    }
    if (left.length === 0) return undefined;
    return { objects: left.map(({ kind, object }) => `${kind} ${object.metadata.name}`), reason };
  } catch (error) {
    if (!AccessError.is(error)) throw error;
    return { objects: [], reason: error.message };
  }
}

/** Objects of the test: nothing else has both the label and the name. */
async function objectsOf(access: ClusterAccess, labelSelector: string, isMeant: (object: KubeObject) => boolean) {
  const lists = await Promise.all(
    KINDS.map(async ({ kind, resource }) => {
      const objects = await listed(access, resource, labelSelector);
      return objects
        .filter((object) => object.metadata.name.startsWith(PREFIX) && isMeant(object))
        .map((object) => ({ kind, resource, object }));
    }),
  );
  return lists.flat();
}

async function listed(
  access: ClusterAccess,
  resource: Resource,
  labelSelector: string,
): Promise<readonly KubeObject[]> {
  try {
    return await access.list(resource, { labelSelector });
  } catch (error) {
    if (AccessError.is(error, 'not-installed')) return [];
    throw error;
  }
}
