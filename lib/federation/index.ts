export { type EdgeAlertOptions, edgeAlerts } from './alerts';
export { type BlastRadius, blastRadius, blastRadiusTable } from './analysis/blast-radius';
export type { Compromise } from './analysis/compromises';
export type { IdentityOf } from './analysis/concerns';
export { type IdentityLoad, loadEstimate, loadTable, type MemberLoad } from './analysis/load';
export type { Outage } from './analysis/outages';
export { type ServingChain, type ServingChains, servingChains } from './analysis/serving-chains';
export { servingTable } from './analysis/serving-table';
export { type MemberTimes, meshTimes, timesTable } from './analysis/times';
export {
  BOOTSTRAP_SCHEMA,
  type BootstrapConfig,
  BootstrapJob,
  type BootstrapJobProps,
  type BootstrapPeer,
  type BootstrapRelationship,
  type BootstrapSource,
  type ClusterFirstBundleOptions,
  FirstBundle,
  type PublishedBundle,
  type RelationshipSpec,
  readBootstrapConfig,
  type WebFirstBundleOptions,
} from './bootstrap-job';
export type { BundleProblem } from './bundle-content';
export { bundleDigest, isBundleDigest } from './bundle-digest';
export {
  type AuthorityList,
  type BundleDifference,
  type BundleFile,
  BundleFolder,
  type BundleForm,
  type BundleReading,
  type BundleView,
  bundleDifference,
  bundleFileName,
  bundleProblems,
  bundleView,
  canonicalBundle,
  contentHash,
  DEFAULT_FOLDER,
  type FolderContent,
  fetchCommand,
  folderContent,
  type JwtView,
  MAX_BUNDLE_BYTES,
  readBundle,
  readBundleFile,
  readBundleFileName,
  type StoredBundle,
  uriDomains,
  withoutEnded,
  type X509View,
} from './bundles';
export { meshBoard, meshDashboard } from './dashboards/mesh-dashboard';
export type { MeshDashboards } from './dashboards/mesh-dashboards';
export type { MeshDashboardOptions } from './dashboards/mesh-facts';
export {
  approvalText,
  type ChangeEffect,
  type ChangeKind,
  type DecidedChange,
  decidedChanges,
  diffMeshes,
  type MeshChange,
  pendingChanges,
  sentenceOf,
  subjectOf,
} from './diff';
export { EXPORTER_LABELS, type FederationExporterOptions } from './exporter';
export {
  type ExternalFetching,
  type ExternalOptions,
  ExternalTrustDomain,
  type ExternalTrustDomainProps,
  type IstioProps,
  type TeleportProps,
} from './external-trust-domain';
export { FederationMesh } from './federation-mesh';
export type { FederationMeshProps } from './federation-mesh-props';
export { LONGEST_LOCK, LockError, MeshLock, readLock } from './lock';
export { trustMatrix } from './matrix';
export { type MemberEdge, memberEdges } from './member-edges';
export type { MeshMember } from './members';
export { type MemberMisfit, Mesh, meshFrom } from './mesh';
export { type MeshReport, ruleText } from './mesh-report';
export type {
  Acceptance,
  Approval,
  Budgets,
  BundleSource,
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
  ServerPlace,
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
export {
  addPlan,
  type CommandTask,
  deployedMesh,
  type InstallTask,
  type KeptValue,
  type KubectlTask,
  migratePlan,
  type Plan,
  type PlanAction,
  type PlanCheck,
  PlanError,
  type PlanOrder,
  type PlanStep,
  type PlanStop,
  type PlanTask,
  type PlanWait,
  type ProgramTask,
  planMarkdown,
  planText,
  type RemoveOptions,
  recoverPlan,
  removePlan,
  rotatePlan,
  type ServerTask,
  type ShellOptions,
  ShellWords,
  type TellTask,
  type WaitPart,
} from './plan';
export type { AcceptedWarning, ApprovedChange, MeshBudgets } from './proof-props';
export { type ProveOptions, proveMesh } from './prove';
export { MESH_RULES, withRules } from './rules';
export type { MeshFinding, MeshRule, ProvenFinding, RuleContext, RuleText } from './rules/rule';
export { type BundleOfRootsOptions, bundleOfRoots } from './seed';
export { readSha256 } from './sha256-text';
export { indented, meshHead } from './summary';
export { type EdgesAmong, type EdgesAmongOptions, type Region, Topology, type TopologyEdge, Trust } from './topology';
export { VerificationJob, type VerificationJobProps } from './verification-job';
