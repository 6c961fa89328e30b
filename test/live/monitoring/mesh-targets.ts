import type { LiveMesh } from '../spire/mesh';
import type { MeshCluster } from '../spire/mesh-cluster';
import { freePort, type LiveProcess } from '../support/process';
import { type RelayLine, startRelay } from '../support/relay';
import { EXPORTER_PORT } from './mesh-exporter';

/** It runs in no pod of its own. */
const EXPORTER = 'spirekit-exporter';

/** A PodMonitor as it is written, as far as it is played here. */
interface PodMonitor {
  readonly metadata: { readonly name: string; readonly namespace: string };
  readonly spec: {
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly podMetricsEndpoints: readonly [Endpoint];
  };
}

interface Endpoint {
  readonly port: string;
  readonly path?: string;
  readonly honorLabels?: boolean;
  readonly relabelings?: readonly Relabeling[];
  readonly metricRelabelings?: readonly Relabeling[];
}

interface Relabeling {
  readonly action?: string;
  readonly sourceLabels?: readonly string[];
  readonly targetLabel?: string;
  readonly regex?: string;
  readonly replacement?: string;
}

/** A program of a mesh, where Prometheus reads it. */
export interface MeshTarget {
  /** Name of the cluster's trust domain. */
  readonly trustDomain: string;
  /** As its monitor is called. */
  readonly program: string;
  /** Where its metrics are, on loopback. */
  readonly url: string;
  /** What Prometheus is told. */
  readonly config: object;
}

/**
 * The targets that the PodMonitors of a mesh find. In the place of the operator, their fields are put into the words of
 * Prometheus; in the place of the network, pods of other networks are reached on loopback.
 */
export class MeshTargets {
  readonly all: MeshTarget[] = [];
  private relay: LiveProcess | undefined;

  static async of(mesh: LiveMesh): Promise<MeshTargets> {
    const targets = new MeshTargets();
    const lines: RelayLine[] = [];
    for (const cluster of mesh.all) lines.push(...(await targets.add(cluster)));
    targets.relay = await startRelay(lines);
    return targets;
  }

  async end(): Promise<void> {
    await this.relay?.end();
  }

  private async add(cluster: MeshCluster): Promise<RelayLine[]> {
    const { trustDomain } = cluster;
    const lines: RelayLine[] = [];
    for (const monitor of monitorsOf(cluster)) {
      const { name: program, namespace } = monitor.metadata;
      const [endpoint] = monitor.spec.podMetricsEndpoints;
      const place = placeOf(cluster, monitor, endpoint);
      const from = { host: '127.0.0.1', port: await freePort() };
      lines.push([from, place.entrance]);
      const address = `${from.host}:${from.port}`;
      const config = scrapeConfigOf(endpoint, {
        job_name: `${trustDomain}/${namespace}/${program}`,
        // What the operator's discovery gives every series of a pod.
        static_configs: [{ targets: [address], labels: { namespace, pod: place.pod, endpoint: endpoint.port } }],
      });
      this.all.push({ trustDomain, program, url: `http://${address}${endpoint.path ?? '/metrics'}`, config });
    }
    return lines;
  }
}

/** The pod that a monitor selects, and the way in to its port. */
function placeOf({ node, server }: MeshCluster, { metadata, spec }: PodMonitor, { port }: Endpoint) {
  if (metadata.name === EXPORTER) return { pod: EXPORTER, entrance: server.pod.entrance(EXPORTER_PORT) };
  const [selected, ...more] = node.selected(metadata.namespace, spec.selector.matchLabels);
  const target = selected?.containers.port(port);
  if (!selected || target === undefined || more.length > 0) {
    throw new Error(`PodMonitor ${metadata.name} does not lead to '${port}' of one pod`);
  }
  return { pod: selected.stored.metadata.name, entrance: selected.containers.pod.entrance(target) };
}

const monitorsOf = ({ objects }: MeshCluster): PodMonitor[] =>
  objects.filter(({ kind }) => kind === 'PodMonitor') as unknown as PodMonitor[];

function scrapeConfigOf(endpoint: Endpoint, config: object): object {
  return {
    ...config,
    metrics_path: endpoint.path ?? '/metrics',
    honor_labels: endpoint.honorLabels ?? false,
    relabel_configs: (endpoint.relabelings ?? []).map(relabelConfigOf),
    metric_relabel_configs: (endpoint.metricRelabelings ?? []).map(relabelConfigOf),
  };
}

/** `targetLabel` is `target_label` to Prometheus itself. */
function relabelConfigOf(relabeling: Relabeling): object {
  const entries = Object.entries(relabeling);
  return Object.fromEntries(
    entries.map(([key, value]) => [key.replaceAll(/[A-Z]/g, (it) => `_${it.toLowerCase()}`), value]),
  );
}
