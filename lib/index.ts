/**
 * SPIFFE/SPIRE workload identity as typed constructs, for cdk8s and (through `spirekit/pulumi`) for Pulumi.
 *
 * @packageDocumentation
 */

// Values
export { IdError, SpiffeId, TrustDomain } from '@spirekit/runtime/id';
// What all clusters have in common
export {
  Cluster,
  type GiveIdentityOptions,
  type IdentityOptions,
  type IdentityProps,
  type PeerLike,
  type RegistrationClass,
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
