import type { IConstruct } from 'constructs';
import type { Cluster } from '../../cluster';
import { type FindingInput, report } from '../../core';
import { MOST_EDGES } from '../mesh-props';
import type { WatchedPeer } from './exporter-config';
import { RULE, readExporter } from './exporter-options';
import { MemberExporter } from './member-exporter';

/**
 * What is wrong with so many exporters: each identity is an object as a relationship is, and there can be only so many.
 *
 * @param relationships in the mesh
 * @param identities that name a peer, of all exporters
 */
export function excessFinding(relationships: number, identities: number): FindingInput | undefined {
  if (relationships + identities <= MOST_EDGES) return undefined;
  return {
    rule: RULE,
    property: 'exporter',
    message: `takes ${identities} identities beside ${relationships} relationships, and one program writes ${MOST_EDGES} of both at most`,
    remedy: 'name fewer clusters in exporter.clusters, or make several programs',
  };
}

/**
 * Makes the exporters of a mesh, and reports what is wrong with what was asked.
 *
 * @param given `exporter`, as it was given
 * @param believed by each cluster of the mesh that believes somebody
 * @param clusters of the mesh
 * @returns the clusters that have one
 */
export function addExporters(
  scope: IConstruct,
  given: unknown,
  clusters: readonly Cluster[],
  believed: ReadonlyMap<Cluster, readonly WatchedPeer[]>,
): ReadonlySet<Cluster> {
  const options = readExporter(scope, given, clusters);
  const exporting = new Set<Cluster>();
  if (!options) return exporting;
  const sizeOf = (some: Iterable<Cluster>) =>
    [...some].reduce((sum, each) => sum + (believed.get(each)?.length ?? 0), 0);
  const excess = excessFinding(sizeOf(believed.keys()), sizeOf(options.clusters ?? clusters));
  if (excess) {
    report(scope, excess);
    return exporting;
  }
  for (const cluster of options.clusters ?? clusters) {
    const peers = believed.get(cluster);
    if (peers) {
      // A namespace of the user may have the name.
      const id = cluster.node.tryFindChild('exporter') ? 'federation-exporter' : 'exporter';
      new MemberExporter(cluster, id, options, peers);
      exporting.add(cluster);
    } else if (options.clusters) {
      report(scope, {
        rule: 'no-effect',
        severity: 'warning',
        property: 'exporter.clusters',
        value: cluster.node.path,
        message: 'has no effect: the cluster believes nobody',
        remedy: 'leave it out',
      });
    }
  }
  return exporting;
}
