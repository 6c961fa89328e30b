export { type Accepts, acceptsOf } from './accepts';
export {
  type AcmeCertificate,
  BundleEndpoint,
  type BundleEndpointOptions,
  type ExistingCertificate,
  type IssuedCertificate,
  type RouterCertificate,
  type WebCertificate,
} from './bundle-endpoint';
export { Cluster } from './cluster';
export type { ClusterFederation, FederationProxy, ServedBundleEndpoint, StaticPeer } from './cluster-federation';
export {
  Exposure,
  type IngressExposure,
  type KubernetesExposure,
  type LoadBalancerExposure,
  type ManagedRouteExposure,
  type OpenShiftExposure,
  type OtherExposure,
  type RouteExposure,
  type TlsRouteExposure,
} from './exposure';
export type { HelperOptions } from './helper-options';
export type { GiveIdentityOptions, IdentityOptions, IdentityProps } from './identity-options';
export { readText, readTrustDomain } from './layout-values';
export { readNodes } from './nodes';
export { type PeerLike, trustDomainOf } from './peer';
export {
  type RegistrationClass,
  registrationClassesOf,
  setRegistrationClass,
  type WorkloadPlatform,
} from './platform';
export type { ProbeDial, ProbeOptions, ProbesByKind } from './probe-options';
export { type ProgramOptions, programCommand } from './program-arguments';
export { registrationFindings } from './registration-findings';
export { readCertificate } from './served-certificate';
export { federationHost, readEndpoint, urlOf } from './served-endpoint';
