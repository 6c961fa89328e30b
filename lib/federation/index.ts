export { ExternalTrustDomain, type ExternalTrustDomainProps } from './external-trust-domain';
export { FederationMesh, type FederationMeshProps } from './federation-mesh';
export { trustMatrix } from './matrix';
export type { MeshMember } from './members';
export { mermaid } from './mermaid';
export { type MemberMisfit, Mesh, meshFrom } from './mesh';
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
export { type ProvenFinding, type ProveOptions, proveMesh } from './prove';
export { MESH_RULES } from './rules';
export type { MeshFinding, MeshRule, RuleContext } from './rules/rule';
export { type BundleOfRootsOptions, bundleOfRoots } from './seed';
export { type EdgesAmong, type EdgesAmongOptions, Topology, type TopologyEdge, Trust } from './topology';
