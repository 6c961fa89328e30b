import { Construct } from 'constructs';
import { addSummary, ConfigText, clusterOf, setKept, setWave, Waves } from '../core';
import { emitYaml, kubeObject } from '../kube';
import { READER_NAMESPACES } from './monitoring';

/** The ConfigMap with all settings of OpenShift's monitoring. */
const SETTINGS = 'cluster-monitoring-config';

/** Has the summary say that monitoring of user workloads is switched on by others. */
export function expectUserWorkloadMonitoring(place: Construct): void {
  const namespace = READER_NAMESPACES.platform;
  addSummary(place, () => [
    `Monitoring of user workloads has to be enabled for ${(clusterOf(place) ?? place).node.path}: until then nobody reads its metrics, and no alert fires.`,
    `ConfigMap ${namespace}/${SETTINGS} enables it, if its config.yaml has enableUserWorkload: true:`,
    `  oc -n ${namespace} get configmap ${SETTINGS} -o yaml`,
    'If there is none, OpenShiftMonitoring.userWorkload({ enable: true }) makes it.',
  ]);
}

/**
 * Switches monitoring of user workloads on, for the whole cluster. It comes before everything else, and stays when the rest is
 * removed: others may be monitored by it.
 *
 * @see https://docs.redhat.com/en/documentation/monitoring_stack_for_red_hat_openshift/4.21/html/configuring_user_workload_monitoring/preparing-to-configure-the-monitoring-stack-uwm
 */
export class UserWorkloadMonitoring extends Construct {
  constructor(scope: Construct, id: string) {
    super(scope, id);
    const namespace = READER_NAMESPACES.platform;
    kubeObject(this, 'settings', 'v1/ConfigMap', {
      metadata: { name: SETTINGS, namespace },
      data: { 'config.yaml': new ConfigText(() => ({ enableUserWorkload: true }), emitYaml) },
    });
    setWave(this, Waves.prerequisites);
    setKept(this);
    addSummary(this, () => [
      `ConfigMap ${namespace}/${SETTINGS} of ${(clusterOf(this) ?? this).node.path} has all settings of OpenShift's monitoring, and is written`,
      'as a whole. If there is one, look first, and keep its settings:',
      `  oc -n ${namespace} get configmap ${SETTINGS} -o yaml`,
    ]);
  }
}
