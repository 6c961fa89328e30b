export {
  type Board,
  type BoardQuery,
  type BoardRow,
  type BoardVariable,
  filledQuery,
  type MatrixPanel,
  type Names,
  type Panel,
  panelsOf,
  queriesOf,
  type State,
  type Step,
  type TablePanel,
  type TimelinePanel,
  type Tone,
  type Unit,
} from './board';
export { BUNDLE_HELD, BUNDLE_MATCHES } from './bundle-states';
export type { ClusterDashboardFacts } from './cluster/facts';
export { clusterBoard, clusterDashboard } from './cluster-dashboard';
export { type DashboardPlace, PLACE, readPlace, type UsablePlace } from './dashboard-place';
export { GrafanaDashboard, type GrafanaDashboardProps } from './grafana-dashboard';
export { type GrafanaJson, grafanaJson } from './grafana-json';
export { dashboardUid } from './uid';
