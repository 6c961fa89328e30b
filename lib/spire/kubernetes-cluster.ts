import type { Construct } from 'constructs';
import { Cluster, type ClusterFederation, readNodes } from '../cluster';
import type { ClusterMonitoring } from '../monitoring';
import { KubernetesFederation } from './kubernetes-federation';
import type { SpireLayout } from './layout';
import { Spire, type SpireProps } from './spire';

/** Properties of `KubernetesCluster`: those of the SPIRE installation in it. */
export interface KubernetesClusterProps extends Omit<SpireProps, 'instance' | 'crds'> {
  /**
   * Nodes that are expected, for the estimate of what a federation costs the servers.
   *
   * @default - not known: there is no estimate
   */
  readonly nodes?: number;
}

/**
 * One plain Kubernetes cluster with SPIRE in it: a chart, and a folder of manifests of its own.
 *
 * @example
 *
 * const cluster = new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com' });
 */
export class KubernetesCluster extends Cluster {
  /** The installation and its parts. */
  readonly spire: Spire;
  readonly platform: SpireLayout;
  readonly federation: ClusterFederation;
  readonly monitoring: ClusterMonitoring | undefined;

  constructor(scope: Construct, id: string, given: KubernetesClusterProps) {
    super(scope, id);
    const { nodes, ...props } = given ?? {};
    this.spire = new Spire(this, 'spire', { ...props, clusterName: props.clusterName ?? id });
    this.platform = this.spire.layout;
    this.monitoring = this.spire.monitoring;
    const expected = readNodes(this, nodes);
    this.federation = new KubernetesFederation(this.spire, props.server, props.bundleEndpoint?.seed, expected);
    this.complete([{ label: 'SPIRE', value: this.platform.version }]);
  }

  ignoresNamespace(namespace: string): boolean {
    return this.spire.controllerManager.ignores(namespace);
  }
}
