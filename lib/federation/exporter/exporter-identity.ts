import { Construct, type IConstruct } from 'constructs';
import type { Cluster } from '../../cluster';
import { ClusterSpiffeId } from '../../registration';
import { objectNameOf } from '../object-name';

const MARK = Symbol.for('spirekit.exporter-identity');

/** Labels of all that belongs to an exporter: its pods, and the objects that register them. */
export const EXPORTER_LABELS = { 'app.kubernetes.io/name': 'spirekit-exporter' } as const;

/** Whether a registration is of a federation exporter: it measures, and serves nobody. */
export const isOfExporter = (construct: IConstruct): boolean => MARK in construct;

/** Which pods are those of the exporter. */
export interface ExporterPods {
  /** Name of its objects. */
  readonly name: string;
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
}

/**
 * The identities of an exporter: one that names nobody, which it always gets, and one for each peer. SPIRE gives no identity that
 * names a trust domain of which it has no bundle: each of these takes itself away alone.
 */
export class ExporterIdentities extends Construct {
  /**
   * @param trustDomains the peers
   */
  constructor(scope: Construct, id: string, cluster: Cluster, pods: ExporterPods, trustDomains: readonly string[]) {
    super(scope, id);
    const { className, trustDomain } = cluster.platform;
    const { name, namespace, labels } = pods;
    // Of several installations in one cluster, each has its own namespace, in whose name there is no dot.
    const prefix = `${name}-${namespace}`;
    const common = {
      labels: { ...labels },
      className,
      trustDomain: trustDomain.name,
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      podSelector: { matchLabels: { ...labels } },
    };
    const path = 'spiffe://{{ .TrustDomain }}/spirekit/exporter';
    const identities = [
      new ClusterSpiffeId(this, 'own', { ...common, name: prefix, spiffeIdTemplate: path, hint: name }),
      ...trustDomains.map(
        (peer) =>
          new ClusterSpiffeId(this, `peer-${peer}`, {
            ...common,
            name: objectNameOf(`${prefix}.${peer}`),
            spiffeIdTemplate: `${path}/${peer}`,
            hint: peer,
            federatesWith: [peer],
          }),
      ),
    ];
    for (const identity of identities) Object.defineProperty(identity, MARK, { value: true });
  }
}
