import { Construct } from 'constructs';
import { addCheck, report } from '../core';
import { grantRole } from '../kube';
import {
  type ClusterAlertFacts,
  ClusterMonitoring,
  clusterAlertFindings,
  clusterAlerts,
  type MetricsTarget,
} from '../monitoring';
import { type MonitoringChoice, READER_LABELS, READER_NAMESPACES } from './monitoring';
import { ZTWIM_NAMESPACE, ZTWIM_PODS, ZtwimMetricsPorts, ZtwimNames, ztwimSelector } from './names';
import { OperatorMetrics } from './operator-metrics';
import type { ZtwimOperator } from './operators';
import type { ZtwimSpireServer } from './spire-server';
import { expectUserWorkloadMonitoring, UserWorkloadMonitoring } from './user-workload-monitoring';

/** Properties of `ZtwimMonitoring`. */
export interface ZtwimMonitoringProps {
  readonly choice: MonitoringChoice;
  readonly server: ZtwimSpireServer;
  /** The subscription to ZTWIM. @default - it is installed already */
  readonly operator?: ZtwimOperator | undefined;
}

/**
 * Which Prometheus of the two for user workloads evaluates a rule: the one that reads the metrics, not Thanos Ruler, which asks
 * it for them.
 *
 * @see https://github.com/openshift/cluster-monitoring-operator/blob/main/assets/prometheus-user-workload/prometheus.yaml
 */
const EVALUATED_WHERE_IT_IS_READ = { 'openshift.io/prometheus-rule-evaluation-scope': 'leaf-prometheus' };

const LABELS = (name: string) => ({ 'app.kubernetes.io/name': name });

/** The operator's programs: those that measure anything. None is guarded by a NetworkPolicy. */
const PROGRAMS: readonly MetricsTarget[] = [
  program(ZtwimNames.server, ZTWIM_PODS.SpireServer, ZtwimMetricsPorts.server),
  program(ZtwimNames.agent, ZTWIM_PODS.SpireAgent, ZtwimMetricsPorts.agent),
  {
    component: ZtwimNames.controllerManager,
    namespace: ZTWIM_NAMESPACE,
    // It runs in the server's pod, and no Service of the operator leads to it.
    selector: ztwimSelector(ZTWIM_PODS.SpireServer),
    labels: LABELS(ZtwimNames.controllerManager),
    port: 'metrics',
    portNumber: ZtwimMetricsPorts.controllerManager,
    setsTrustDomain: false,
    sharesPod: true,
    guarded: false,
  },
];

/** A program with a Service of the operator that has a port for metrics. */
function program(component: string, pods: string, portNumber: number): MetricsTarget {
  const selector = ztwimSelector(pods);
  return {
    component,
    namespace: ZTWIM_NAMESPACE,
    selector,
    labels: LABELS(component),
    port: 'metrics',
    portNumber,
    service: { labels: selector, port: 'metrics' },
    // The operator writes SPIRE's configuration, and does not ask for the label.
    setsTrustDomain: false,
    guarded: false,
  };
}

/**
 * What a Prometheus on OpenShift is told of the programs that ZTWIM runs: ServiceMonitors with the labels that their Services
 * really have, a Service for the controller manager, to which none leads, and the rights by which Prometheus finds them. Which
 * Prometheus that is, the labels of the namespace say. The OIDC discovery provider and the CSI driver measure nothing.
 *
 * @see https://github.com/openshift/zero-trust-workload-identity-manager/blob/main/pkg/controller/utils/labels.go
 */
export class ZtwimMonitoring extends ClusterMonitoring {
  constructor(scope: Construct, id: string, { choice, server, operator }: ZtwimMonitoringProps) {
    const { reader } = choice;
    super(scope, id, {
      monitoring: choice.monitoring,
      trustDomain: server.layout.trustDomain.name,
      namespace: ZTWIM_NAMESPACE,
      name: 'spire',
      labels: { ...LABELS(ZtwimNames.server), ...(reader === 'user-workload' && EVALUATED_WHERE_IT_IS_READ) },
    });
    for (const target of PROGRAMS) this.addTarget(target);
    if (choice.operator) this.addTarget(new OperatorMetrics(this, 'operator', operator).target);
    if (choice.enable) new UserWorkloadMonitoring(this, 'user-workload');
    else if (reader === 'user-workload') expectUserWorkloadMonitoring(this);
    if (reader === 'platform') this.admitPlatform();
    if (!operator) this.warnOfLabels(scope, choice);
    const facts = (): ClusterAlertFacts => ({
      trustDomain: this.trustDomain,
      runbookUrl: (alert) => this.runbookUrl(alert),
      interval: this.interval,
      caTtl: server.caValidity,
      svidTtl: server.defaultX509Validity,
      upstream: !server.signsItself,
    });
    this.addAlerts(() => clusterAlerts(facts()));
    if (this.alerts) addCheck(scope, () => clusterAlertFindings(facts()));
    this.addDashboard(server.layout.clusterName, server.caValidity);
  }

  /**
   * Has the metrics of one more program read. It must run in the operator's namespace: what others have is read by somebody
   * else, and no rule of this one may look at it.
   *
   * @see https://github.com/prometheus-operator/prometheus-operator/blob/v0.92.1/pkg/namespacelabeler/labeler.go
   */
  override addTarget(target: MetricsTarget): void {
    if (target.namespace !== ZTWIM_NAMESPACE) {
      report(this, {
        rule: 'monitoring',
        value: target.component,
        message: `is in namespace '${target.namespace}', of which the rules in '${ZTWIM_NAMESPACE}' see nothing on OpenShift`,
        remedy: `run it in ${ZTWIM_NAMESPACE}`,
      });
    }
    super.addTarget(target);
  }

  private warnOfLabels(cluster: Construct, { reader }: MonitoringChoice): void {
    const labels = Object.entries(READER_LABELS[reader]).map(([key, value]) => `${key}=${value}`);
    report(cluster, {
      rule: 'monitoring',
      severity: 'warning',
      property: 'operators.ztwim',
      value: 'installed',
      message: 'is in a namespace that this program does not label, and its labels decide which Prometheus reads there',
      remedy: `run: kubectl label --overwrite namespace ${ZTWIM_NAMESPACE} ${labels.join(' ')}`,
    });
  }

  /** The Prometheus of the platform may look into the namespaces of the platform alone, unless each says otherwise. */
  private admitPlatform(): void {
    const name = 'prometheus-k8s';
    const verbs = ['get', 'list', 'watch'];
    grantRole(new Construct(this, 'platform'), 'prometheus', ZTWIM_NAMESPACE, {
      name,
      serviceAccount: { name, namespace: READER_NAMESPACES.platform },
      rules: [
        { apiGroups: [''], resources: ['services', 'endpoints', 'pods'], verbs },
        { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs },
      ],
    });
  }
}
