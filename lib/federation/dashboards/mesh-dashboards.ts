import type { Construct } from 'constructs';
import { Cluster } from '../../cluster';
import { OptionReader } from '../../core';
import { type DashboardPlace, GrafanaDashboard, PLACE, readPlace } from '../../monitoring';
import { isClusterMember, type MeshMember } from '../members';
import type { Mesh } from '../mesh';
import { meshDashboard } from './mesh-dashboard';

/** Where the dashboard of a mesh is found. */
export interface MeshDashboards extends DashboardPlace {
  /** Members in which a Grafana runs that sees the metrics of all: without them it shows what it sees. */
  readonly clusters: readonly Cluster[];
}

/** How often metrics are read where no member says it, in seconds. */
const INTERVAL = 30;

/**
 * Makes the dashboard of a mesh in the clusters that are asked for, and reports what is wrong with what was asked.
 *
 * @param given `dashboards`, as it was given
 * @param model the mesh as plain data
 */
export function addMeshDashboards(
  scope: Construct,
  given: unknown,
  members: readonly MeshMember[],
  model: () => Mesh,
): void {
  if (given === undefined) return;
  const reader = new OptionReader(scope, 'mesh-dashboards', 'dashboards', given, ['clusters', ...PLACE]);
  if (!reader.isUsable) return;
  const clusters = readClusters(reader, members);
  const place = readPlace(reader);
  if (!place || clusters.size === 0) return;
  const dashboard = meshDashboard(model(), { name: scope.node.path, interval: intervalOf(members) });
  for (const cluster of clusters) new GrafanaDashboard(cluster, 'mesh-dashboard', { ...place, dashboard });
}

const REMEDY = 'name the members in which a Grafana runs: [east]';

function readClusters(reader: OptionReader, members: readonly MeshMember[]): ReadonlySet<Cluster> {
  if (!reader.has('clusters')) reader.add('clusters', { message: 'is missing', remedy: REMEDY });
  const given =
    reader.list('clusters', { remedy: REMEDY, empty: 'is empty, so that nobody finds the dashboard' }) ?? [];
  const known = new Set<unknown>(members.filter(isClusterMember));
  given.forEach((cluster, index) => {
    if (known.has(cluster)) return;
    const isCluster = cluster instanceof Cluster;
    const shown = isCluster ? cluster.node.path : typeof cluster === 'string' ? cluster : undefined;
    const message = isCluster ? 'is no member of the mesh' : 'is not a cluster';
    reader.add(`clusters[${index}]`, { message, remedy: REMEDY }, shown);
  });
  return new Set(given.filter((cluster): cluster is Cluster => known.has(cluster)));
}

/** That of the member that is read the least often: of it there must be readings enough. */
const intervalOf = (members: readonly MeshMember[]): number => {
  const intervals = members.flatMap((member) =>
    isClusterMember(member) && member.monitoring ? [member.monitoring.interval.toSeconds()] : [],
  );
  return intervals.length === 0 ? INTERVAL : Math.ceil(Math.max(...intervals));
};
