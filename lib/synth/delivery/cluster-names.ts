import { type Finding, nearest } from '../../core';
import type { ClusterPlan } from '../plan';

/** A finding about the program as a whole. */
export const ofDelivery = (finding: Omit<Finding, 'rule' | 'severity' | 'path'> & Partial<Finding>): Finding => ({
  rule: 'delivery',
  severity: 'error',
  path: '',
  ...finding,
});

/** Clusters that an option names and the program does not have. */
export function unknownClusters(
  plans: readonly ClusterPlan[],
  property: string,
  given: ReadonlyMap<string, string>,
): Finding[] {
  const known = plans.map(({ name }) => name);
  return [...given.keys()]
    .filter((name) => !known.includes(name))
    .map((name) =>
      ofDelivery({
        property: `${property}.${name}`,
        message: `is no cluster of the program${nearest(name, known)}`,
        remedy: `write one of ${known.join(', ')}, or leave it out`,
      }),
    );
}

/** Clusters whose folder would be one of the delivery's own. */
export function takenFolders(plans: readonly ClusterPlan[], folders: readonly string[]): Finding[] {
  return plans
    .filter(({ name }) => folders.includes(name))
    .map(({ cluster, name }) =>
      ofDelivery({
        path: cluster.node.path,
        message: `is written to the folder '${name}', which the delivery needs for itself`,
        remedy: 'give the cluster another id',
      }),
    );
}
