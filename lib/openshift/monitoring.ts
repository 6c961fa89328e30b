import type { Monitoring, MonitoringOptions } from '../monitoring';

/** What monitoring by one of OpenShift's own Prometheus has: who that is, is known. */
export interface OpenShiftMonitoringOptions extends Omit<MonitoringOptions, 'scrapers'> {
  /**
   * Whether the metrics of the operator itself are read too. That takes a service account of its own, which may read them and
   * do nothing else, and its token in a Secret.
   *
   * @default true
   */
  readonly operator?: boolean;
}

/** What monitoring of user workloads has. */
export interface UserWorkloadMonitoringOptions extends OpenShiftMonitoringOptions {
  /**
   * Whether monitoring of user workloads is switched on here, by the ConfigMap `cluster-monitoring-config` of
   * `openshift-monitoring`. There is one for the whole cluster: other settings that it has already, such as storage and
   * retention, are replaced; or, where another program keeps them, the installation stops at it. Look first:
   * `oc -n openshift-monitoring get configmap cluster-monitoring-config -o yaml`. `remove.sh` leaves it in place, for others
   * may be monitored by it; a Pulumi stack that is destroyed takes it away.
   *
   * Without it, it has to be switched on by others (`enableUserWorkload: true` in `config.yaml` of that ConfigMap), as the
   * summary says: until then nobody reads the metrics, and no alert fires.
   *
   * @default false
   */
  readonly enable?: boolean;
}

/** How the metrics of an OpenShift cluster come to Prometheus, made by a factory of `OpenShiftMonitoring`. */
export type OpenShiftMonitoring =
  | (UserWorkloadMonitoringOptions & { readonly type: 'user-workload' })
  | (OpenShiftMonitoringOptions & { readonly type: 'platform' });

/**
 * Makes monitoring by OpenShift's own Prometheus. Of the two, the label `openshift.io/cluster-monitoring` of a namespace
 * decides which one reads its ServiceMonitors and rules, and the other passes it by; the operator's namespace gets what is
 * needed here.
 */
export const OpenShiftMonitoring = {
  /**
   * The Prometheus for user workloads, in `openshift-user-workload-monitoring`, as the operator's manual has it. It must be
   * switched on for the cluster (`enable`). It evaluates the alerts itself, not Thanos Ruler: they need no metrics but those
   * of the operator's namespace, beyond which no rule of that namespace can see.
   *
   * @see https://docs.redhat.com/en/documentation/openshift_container_platform/4.20/html/security_and_compliance/zero-trust-manager-monitoring
   */
  userWorkload: (options: UserWorkloadMonitoringOptions = {}): OpenShiftMonitoring => ({
    ...options,
    type: 'user-workload',
  }),

  /**
   * The Prometheus of the platform, in `openshift-monitoring`, which is always there; its alerts go to those who run the
   * cluster. It gets the right to look for Services and pods in the operator's namespace.
   */
  platform: (options: OpenShiftMonitoringOptions = {}): OpenShiftMonitoring => ({ ...options, type: 'platform' }),
} as const;

/** Which Prometheus reads: one of OpenShift's two, or one that somebody else runs in the cluster. */
export type MetricsReader = 'user-workload' | 'platform' | 'own';

/** Monitoring on OpenShift as it can be worked with. */
export interface MonitoringChoice {
  readonly reader: MetricsReader;
  /** The same for objects of the Prometheus operator. */
  readonly monitoring: Monitoring;
  /** Whether the operator's own metrics are read. */
  readonly operator: boolean;
  /** Whether monitoring of user workloads is switched on here. */
  readonly enable: boolean;
}

/** Where the Prometheus of OpenShift run. */
export const READER_NAMESPACES = {
  'user-workload': 'openshift-user-workload-monitoring',
  platform: 'openshift-monitoring',
} as const satisfies Record<Exclude<MetricsReader, 'own'>, string>;

const CLUSTER_MONITORING = 'openshift.io/cluster-monitoring';
const USER_MONITORING = 'openshift.io/user-monitoring';

/**
 * Labels of a namespace by which it has this reader, and no other. They say no where they could be left out, or what a manual
 * or the console has set by hand would stay, unnoticed.
 *
 * @see https://github.com/openshift/cluster-monitoring-operator/blob/main/assets/prometheus-user-workload/prometheus.yaml
 */
export const READER_LABELS: Readonly<Record<MetricsReader, Readonly<Record<string, string>>>> = {
  platform: { [CLUSTER_MONITORING]: 'true' },
  'user-workload': { [CLUSTER_MONITORING]: 'false' },
  own: { [CLUSTER_MONITORING]: 'false', [USER_MONITORING]: 'false' },
};
