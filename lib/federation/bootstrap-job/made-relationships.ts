import type { Cluster } from '../../cluster';
import type { Relationship } from '../model';

const MADE = Symbol.for('spirekit.made-relationships');

type Holder = { [MADE]?: readonly Relationship[] };

/** Says that something which runs in a cluster makes a relationship there, so that no object of the program does. */
export function addMadeRelationship(cluster: Cluster, relationship: Relationship): void {
  const value = [...madeRelationships(cluster), relationship];
  Object.defineProperty(cluster, MADE, { value, configurable: true });
}

/** Relationships of a cluster that no object of the program is. */
export const madeRelationships = (cluster: Cluster): readonly Relationship[] => (cluster as Holder)[MADE] ?? [];
