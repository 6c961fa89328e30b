import type { IConstruct } from 'constructs';
import type { Cluster } from '../../cluster';
import { report } from '../../core';
import type { WatchedPeer } from './exporter-config';
import { readExporter } from './exporter-options';
import { MemberExporter } from './member-exporter';

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
