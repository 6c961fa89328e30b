/**
 * Namespace of the operator and of all that it runs.
 *
 * It cannot be configured: the operator makes the Route of the bundle endpoint in this very namespace, wherever it runs
 * itself, and looks for its OperatorCondition there. A namespace that begins with `openshift-` would be worse: the
 * controller manager ignores those, so that the OIDC discovery provider would never get its identity.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/spire-server/routes.go
 */
export const ZTWIM_NAMESPACE = 'zero-trust-workload-identity-manager';

/**
 * Class of the registration objects that the operator's controller manager acts on; it ignores those without a class.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/spire-server/configmap.go
 */
export const ZTWIM_CLASS = 'zero-trust-workload-identity-manager-spire';

/** The one name that the operator's resources may have: there is at most one of each kind in a cluster. */
export const SINGLETON = 'cluster';

/** Group and version of the operator's resources. */
export const OPERATOR_API_VERSION = 'operator.openshift.io/v1alpha1';

/** Kinds of the operator's resources. */
export const ZTWIM_KINDS = [
  'ZeroTrustWorkloadIdentityManager',
  'SpireServer',
  'SpireAgent',
  'SpiffeCSIDriver',
  'SpireOIDCDiscoveryProvider',
] as const;

/** A kind of the operator's resources. */
export type ZtwimKind = (typeof ZTWIM_KINDS)[number];

/**
 * Names of what the operator makes.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/tree/main/bindata
 */
export const ZtwimNames = {
  /** Deployment and service account of the operator itself. */
  operator: 'zero-trust-workload-identity-manager-controller-manager',
  /** Service by which the operator's own metrics are read. */
  operatorMetrics: 'zero-trust-workload-identity-manager-metrics-service',
  /** ClusterRole of those that may read the operator's own metrics. */
  operatorMetricsReader: 'zero-trust-workload-identity-manager-metrics-reader',
  /** Service, StatefulSet, service account and ConfigMap of the SPIRE server. */
  server: 'spire-server',
  /** Ports of the server's Service; `federation` is there when the bundle endpoint is. */
  serverPorts: { grpc: 'grpc', metrics: 'metrics', federation: 'federation' },
  /** Volume claim with the server's keys and entries. */
  serverVolume: 'spire-data-spire-server-0',
  /** Route of the bundle endpoint. */
  federationRoute: 'spire-server-federation',
  /** Secret with the certificate of OpenShift's service CA that the bundle endpoint serves to the router. */
  serverCertificate: 'spire-server-serving-cert',
  /** ConfigMap of the controller manager. */
  controllerManager: 'spire-controller-manager',
  /** ConfigMap with the trust bundle, from which agents start. Another name would lack the right to be written. */
  bundle: 'spire-bundle',
  /** Key of the bundle in that ConfigMap. */
  bundleKey: 'bundle.crt',
  /** DaemonSet, Service and ConfigMap of the agent. */
  agent: 'spire-agent',
  /** DaemonSet of the CSI driver. */
  csiDriver: 'spire-spiffe-csi-driver',
  /** Service, Deployment and ConfigMap of the OIDC discovery provider. */
  oidc: 'spire-spiffe-oidc-discovery-provider',
  /** Route of the OIDC discovery provider. */
  oidcRoute: 'spire-oidc-discovery-provider',
  /** Secret with the certificate of OpenShift's service CA that the OIDC discovery provider serves to the router. */
  oidcCertificate: 'oidc-serving-cert',
} as const;

/** TCP ports of the containers at which Prometheus may read; no container declares them. */
export const ZtwimMetricsPorts = { server: 9402, agent: 9402, controllerManager: 8082 } as const;

/**
 * What the pods are called that the operator runs for a resource, in the label `app.kubernetes.io/name`.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/utils/labels.go
 */
export const ZTWIM_PODS = {
  SpireServer: 'spire-server',
  SpireAgent: 'spire-agent',
  SpiffeCSIDriver: 'spiffe-csi-driver',
  SpireOIDCDiscoveryProvider: 'spiffe-oidc-discovery-provider',
} as const satisfies Partial<Record<ZtwimKind, string>>;

/** Labels by which the operator's Services choose pods; the Service of server and agent has them itself. */
export function ztwimSelector(name: string): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': `cluster-${ZTWIM_NAMESPACE}` };
}

const IGNORED = new Set(['kube-system', 'kube-public', 'local-path-storage']);

/**
 * Whether the operator's controller manager gives pods of a namespace no identity, whatever is registered for them.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/spire-server/configmap.go
 */
export function ignoredByZtwim(namespace: string): boolean {
  return IGNORED.has(namespace) || namespace.startsWith('openshift-');
}
