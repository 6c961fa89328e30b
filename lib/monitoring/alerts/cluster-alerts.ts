import { activatedBefore, type FindingInput } from '../../core';
import type { AlertGroup } from '../alert';
import { agentsAbsent, serverAbsent, serversMissing } from './absence';
import { agentSyncFailing, agentSyncSlow, svidRenewalFailing } from './agent';
import { type Alert, rulesOf } from './alert';
import { caPreparationFailing, caRotationOverdue } from './authority';
import { type ClusterAlertFacts, type ClusterTimes, clusterTimes } from './cluster-facts';
import { promDuration } from './promql';
import { controllerManagerStalled, entriesRefused, staticEntryRefused } from './registration';

/** Every alert about one cluster, in the order of its rules. */
export const CLUSTER_ALERTS: readonly Alert<ClusterTimes>[] = [
  serverAbsent,
  serversMissing,
  agentsAbsent,
  caRotationOverdue,
  caPreparationFailing,
  entriesRefused,
  controllerManagerStalled,
  staticEntryRefused,
  agentSyncFailing,
  svidRenewalFailing,
  agentSyncSlow,
];

/** The alerting rules of one cluster, whomever it believes. */
export function clusterAlerts(facts: ClusterAlertFacts): AlertGroup[] {
  const times = clusterTimes(facts);
  return [{ name: 'spire', rules: CLUSTER_ALERTS.flatMap((alert) => rulesOf(alert, times, facts)) }];
}

/** How many readings the time must hold in which the end of a CA is urgent. */
const READINGS = 2;

/** Whether metrics are read often enough for the alerts of a cluster. */
export function clusterAlertFindings(facts: ClusterAlertFacts): FindingInput[] {
  const { interval, caTtl } = clusterTimes(facts);
  const urgent = activatedBefore(caTtl) / 2;
  if (READINGS * interval <= urgent) return [];
  const most = Math.floor(urgent / READINGS);
  return [
    {
      rule: 'alert-interval',
      severity: 'warning',
      property: 'monitoring.interval',
      value: promDuration(interval),
      message: `is so long that a CA of ${promDuration(caTtl)} can end before anybody is told: what is urgent is read for ${promDuration(urgent)}`,
      remedy: most < 1 ? 'lengthen caTtl' : `write ${promDuration(most)} or less`,
    },
  ];
}
