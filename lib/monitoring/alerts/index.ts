export { type Alert, type AlertParts, type RuleFrame, rulesOf } from './alert';
export { CLUSTER_ALERTS, clusterAlertFindings, clusterAlerts } from './cluster-alerts';
export type { ClusterAlertFacts, ClusterTimes } from './cluster-facts';
export { atLeast, NOT_OK, OK, promDuration, series } from './promql';
export { FIRST_FETCHES } from './registration';
