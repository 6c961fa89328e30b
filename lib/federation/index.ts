export { type EdgeAlertOptions, edgeAlerts } from './alerts';
export { type BlastRadius, blastRadius, blastRadiusTable } from './analysis/blast-radius';
export type { Compromise } from './analysis/compromises';
export type { IdentityOf } from './analysis/concerns';
export { type IdentityLoad, loadEstimate, loadTable, type MemberLoad } from './analysis/load';
export type { Outage } from './analysis/outages';
export { type ServingChain, type ServingChains, servingChains } from './analysis/serving-chains';
export { servingTable } from './analysis/serving-table';
export { type MemberTimes, meshTimes, timesTable } from './analysis/times';
export { meshBoard, meshDashboard } from './dashboards/mesh-dashboard';
export type { MeshDashboards } from './dashboards/mesh-dashboards';
export type { MeshDashboardOptions } from './dashboards/mesh-facts';
export { EXPORTER_LABELS, type FederationExporterOptions } from './exporter';
export {
  type ExternalFetching,
  type ExternalOptions,
  ExternalTrustDomain,
  type ExternalTrustDomainProps,
  type IstioProps,
  type TeleportProps,
} from './external-trust-domain';
export { FederationMesh, type FederationMeshProps } from './federation-mesh';
export { trustMatrix } from './matrix';
export { type MemberEdge, memberEdges } from './member-edges';
export type { MeshMember } from './members';
export { type MemberMisfit, Mesh, meshFrom } from './mesh';
export { type MeshReport, ruleText } from './mesh-report';
export type {
  Acceptance,
  Budgets,
  Endpoint,
  EndpointCertificate,
  Exposure,
  Fetching,
  HttpProxy,
  Identity,
  Member,
  MemberPlatform,
  MeshData,
  Profile,
  Relationship,
  Seed,
  StaticRelationship,
  Termination,
  TrustEdge,
  Upstream,
  WebTrust,
} from './model';
export {
  type CaTimelineSvgOptions,
  caTimelineSvg,
  type MeshSvgOptions,
  mermaid,
  meshDot,
  meshSvg,
  type PictureOptions,
  type ServingChainsSvgOptions,
  servingChainsMermaid,
  servingChainsSvg,
} from './pictures';
export type { AcceptedWarning, MeshBudgets } from './proof-props';
export { type ProveOptions, proveMesh } from './prove';
export { MESH_RULES, withRules } from './rules';
export type { MeshFinding, MeshRule, ProvenFinding, RuleContext, RuleText } from './rules/rule';
export { type BundleOfRootsOptions, bundleOfRoots } from './seed';
export { indented, meshHead } from './summary';
export { type EdgesAmong, type EdgesAmongOptions, type Region, Topology, type TopologyEdge, Trust } from './topology';
export { VerificationJob, type VerificationJobProps } from './verification-job';
