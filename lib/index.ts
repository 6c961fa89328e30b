/**
 * SPIFFE/SPIRE workload identity as typed constructs, for cdk8s and (through `spirekit/pulumi`) for Pulumi.
 *
 * @packageDocumentation
 */

// Values
export { IdError, SpiffeId, TrustDomain } from '@spirekit/runtime/id';
// Certificates
export {
  type AcmeDns,
  type AcmeIssuerOptions,
  AcmeSolver,
  type AkamaiDns,
  type AzureDns,
  type CaIssuerOptions,
  Certificate,
  type CertificateProps,
  type CloudDns,
  type CloudflareDns,
  ClusterIssuer,
  type ClusterIssuerProps,
  type DigitalOceanDns,
  type Dns01Provider,
  type Dns01Providers,
  type ExistingIssuerOptions,
  type ExternalAccountBinding,
  type Http01Options,
  Issuer,
  type IssuerKind,
  type IssuerPlatform,
  type IssuerProps,
  type IssuerRef,
  type IssuerSource,
  issuerSpec,
  type KeyUsage,
  type PrivateKey,
  type Rfc2136Dns,
  type Route53Dns,
  type SecretKeyRef,
  type WebhookDns,
  WebTrust,
} from './cert-manager';
// What all clusters have in common
export {
  type AcmeCertificate,
  BundleEndpoint,
  type BundleEndpointOptions,
  Cluster,
  type ClusterFederation,
  type ExistingCertificate,
  Exposure,
  type GiveIdentityOptions,
  type IdentityOptions,
  type IdentityProps,
  type IngressExposure,
  type IssuedCertificate,
  type KubernetesExposure,
  type LoadBalancerExposure,
  type ManagedRouteExposure,
  type OpenShiftExposure,
  type OtherExposure,
  type PeerLike,
  type RegistrationClass,
  type RouteExposure,
  type RouterCertificate,
  type ServedBundleEndpoint,
  type StaticPeer,
  type TlsRouteExposure,
  type WebCertificate,
  type WorkloadPlatform,
} from './cluster';
// What constructs of one's own need: findings, waves and gates, late values, configuration text
export {
  addCheck,
  type ClusterFact,
  ConfigText,
  Duration,
  type DurationLike,
  type Finding,
  type FindingInput,
  FindingsError,
  type Gate,
  type GateCondition,
  type Late,
  type LateObject,
  type LateValue,
  markCluster,
  type Provided,
  report,
  type Severity,
  setGate,
  setProvides,
  setWave,
  type TreeObject,
  type Wave,
  Waves,
} from './core';
// Many clusters
export {
  type Endpoint,
  type EndpointCertificate,
  ExternalTrustDomain,
  type ExternalTrustDomainProps,
  FederationMesh,
  type FederationMeshProps,
  type Identity,
  MESH_RULES,
  type Member,
  Mesh,
  type MeshData,
  type MeshFinding,
  type MeshMember,
  type MeshRule,
  mermaid,
  meshFrom,
  type ProvenFinding,
  proveMesh,
  type Relationship,
  type StaticRelationship,
  Topology,
  Trust,
  type TrustEdge,
  trustMatrix,
} from './federation';
// Plain Kubernetes objects
export {
  type AnyManifest,
  type KubeKinds,
  KubeNamespace,
  type KubeNamespaceProps,
  KubeObject,
  kubeObject,
  type Manifest,
  type PodSecurityLevel,
  type Transform,
  transform,
} from './kube';
// OpenShift, with Red Hat's operators
export * from './openshift';
// Who gets which identity
export {
  BundleEndpointProfile,
  ClusterFederatedTrustDomain,
  type ClusterFederatedTrustDomainProps,
  ClusterSpiffeId,
  type ClusterSpiffeIdProps,
  ClusterStaticEntry,
  type ClusterStaticEntryProps,
  type LabelSelectorSource,
  type ObjectProps,
  Parent,
  RegistrationCrds,
  type SpiffeIdLike,
  SpiffeIdTemplate,
  Template,
  type TrustDomainLike,
} from './registration';
// SPIRE on one cluster
export * from './spire';
// Manifests
export { App, type AppProps, type ClusterPlan, commandsOf, type Model, type PlanStep } from './synth';
