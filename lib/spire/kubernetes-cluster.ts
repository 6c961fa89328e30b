import { Chart } from 'cdk8s';
import type { Construct, IConstruct } from 'constructs';
import { type DurationLike, markCluster, report } from '../core';
import { KubeNamespace, type KubeNamespaceProps } from '../kube';
import { ClusterSpiffeId } from '../registration';
import { Spire, type SpireProps } from './spire';
import { mountWorkloadApi, podSelectorOf, WORKLOAD_KINDS, workloadObject } from './workload';

/** Properties of `KubernetesCluster`: those of the SPIRE installation in it. */
export interface KubernetesClusterProps extends Omit<SpireProps, 'instance' | 'crds'> {}

/** What an identity grants. */
export interface IdentityOptions {
  /**
   * Go template of the SPIFFE ID.
   *
   * @default - `spiffe://<trust domain>/ns/<namespace>/sa/<service account>`
   */
  readonly spiffeIdTemplate?: string;
  /** Lifetime of X509-SVIDs. @default - the server's */
  readonly ttl?: DurationLike;
  /** Lifetime of JWT-SVIDs. @default - the server's */
  readonly jwtTtl?: DurationLike;
  /** Go templates of DNS names in the X509-SVID. @default - none */
  readonly dnsNameTemplates?: readonly string[];
}

/** What an identity brings to a workload of this program. */
export interface GiveIdentityOptions extends IdentityOptions {
  /**
   * Whether the pod is completed to the `restricted` Pod Security Standard: default seccomp profile, no capabilities, no
   * escalation, not root. Only what the workload leaves open is filled in.
   *
   * @default true
   */
  readonly harden?: boolean;
}

/** Which pods get an identity. */
export interface IdentityProps extends IdentityOptions {
  readonly namespace: string;
  /** Labels of the pods. @default - all pods of the service account */
  readonly podLabels?: Readonly<Record<string, string>>;
  /** Name of the pods' service account. @default - any */
  readonly serviceAccount?: string;
}

/**
 * One plain Kubernetes cluster with SPIRE in it: a chart, and a folder of manifests of its own.
 *
 * @example
 *
 * const cluster = new KubernetesCluster(app, 'demo', { trustDomain: 'demo.example.com' });
 */
export class KubernetesCluster extends Chart {
  readonly spire: Spire;

  constructor(scope: Construct, id: string, props: KubernetesClusterProps) {
    super(scope, id, { disableResourceNameHashes: true });
    this.spire = new Spire(this, 'spire', { ...props, clusterName: props.clusterName ?? id });
    const { layout } = this.spire;
    markCluster(this, [
      { label: 'trust domain', value: layout.trustDomain.name },
      { label: 'SPIRE', value: layout.version },
    ]);
  }

  /** Adds a namespace, `restricted` unless said otherwise; constructs made below it live in it. */
  addNamespace(name: string, props: Omit<KubeNamespaceProps, 'name'> = {}): KubeNamespace {
    return new KubeNamespace(this, name, props);
  }

  /**
   * Gives pods an identity that this program does not make itself: they mount the Workload API on their own.
   *
   * @param id name of the registration object
   */
  identity(id: string, props: IdentityProps): ClusterSpiffeId {
    const { layout } = this.spire;
    return new ClusterSpiffeId(this, `identity-${id}`, {
      ...options(props),
      name: id,
      className: layout.className,
      trustDomain: layout.trustDomain.name,
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': props.namespace } },
      ...(props.podLabels && { podSelector: { matchLabels: { ...props.podLabels } } }),
      ...(props.serviceAccount !== undefined && { workloadSelectorTemplates: [`k8s:sa:${props.serviceAccount}`] }),
    });
  }

  /**
   * Gives a workload of this program an identity: mounts the Workload API read-only into its containers, sets
   * `SPIFFE_ENDPOINT_SOCKET`, registers its pods, and hardens them.
   *
   * @param workload a construct that stands for a Deployment, StatefulSet, DaemonSet, ReplicaSet, Job, CronJob or Pod: of
   * cdk8s-plus of any version, a plain `ApiObject`, or a typed one
   */
  giveIdentity(workload: IConstruct, props: GiveIdentityOptions = {}): ClusterSpiffeId | undefined {
    const object = workloadObject(workload);
    if (!object) {
      report(workload, {
        rule: 'identity-workload',
        message: 'is not a workload that an identity can be given to',
        remedy: `pass a construct for a ${WORKLOAD_KINDS.join(', ')}`,
      });
      return undefined;
    }
    const namespace = object.metadata.namespace;
    if (namespace === undefined) {
      report(workload, {
        rule: 'identity-namespace',
        property: 'metadata.namespace',
        message: 'is missing, so the identity would follow whatever namespace the object is applied to',
        remedy: 'make the workload in cluster.addNamespace(…), or set its namespace',
      });
    }
    const { layout } = this.spire;
    const id = `identity-${object.node.path.slice(this.node.path.length + 1).replaceAll('/', '-')}`;
    if (this.node.tryFindChild(id)) {
      report(workload, {
        rule: 'identity-twice',
        message: 'was given an identity before',
        remedy: 'call giveIdentity() once for each workload; further identities of its pods are made with identity()',
      });
      return undefined;
    }
    mountWorkloadApi(object, layout, props.harden ?? true);
    return new ClusterSpiffeId(this, id, {
      ...options(props),
      name: `${namespace ?? 'default'}-${object.name}`,
      className: layout.className,
      trustDomain: layout.trustDomain.name,
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace ?? 'default' } },
      podSelector: () => podSelectorOf(object),
    });
  }
}

function options(props: IdentityOptions): IdentityOptions {
  const { spiffeIdTemplate, ttl, jwtTtl, dnsNameTemplates } = props;
  return {
    ...(spiffeIdTemplate !== undefined && { spiffeIdTemplate }),
    ...(ttl !== undefined && { ttl }),
    ...(jwtTtl !== undefined && { jwtTtl }),
    ...(dnsNameTemplates !== undefined && { dnsNameTemplates }),
  };
}
