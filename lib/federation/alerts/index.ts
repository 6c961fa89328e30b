export { EDGE_ALERTS, edgeAlerts } from './edge-alerts';
export type { EdgeAlertOptions, EdgeFacts } from './edge-facts';
export { intervalFinding, labelFindings } from './findings';
