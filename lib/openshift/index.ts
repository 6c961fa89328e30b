export type { ZtwimCaProps, ZtwimCaSubject, ZtwimKeyType } from './ca-settings';
export type { ZtwimPeer } from './federates-with';
export { hostProblem, ZtwimLayout, type ZtwimLayoutProps } from './layout';
export {
  type MetricsReader,
  OpenShiftMonitoring,
  type OpenShiftMonitoringOptions,
  type UserWorkloadMonitoringOptions,
} from './monitoring';
export { ignoredByZtwim, ZTWIM_CLASS, ZTWIM_KINDS, ZTWIM_NAMESPACE, type ZtwimKind, ZtwimNames } from './names';
export { ZtwimOidcDiscoveryProvider, type ZtwimOidcDiscoveryProviderProps } from './oidc-discovery-provider';
export { OpenShiftCluster, type OpenShiftClusterProps } from './openshift-cluster';
export {
  type OperatorBrings,
  type OperatorOptions,
  OperatorSubscription,
  type OperatorSubscriptionProps,
} from './operator-subscription';
export { CertManagerOperator, ZtwimOperator } from './operators';
export type { OperatorChoice, OperatorChoices } from './part-options';
export type { ZtwimPlacement } from './placement';
export type { ZtwimLogFormat, ZtwimLogging, ZtwimLogLevel } from './resource';
export { Route, type RouteProps, type RouteTls } from './route';
export { RouterSecretReader, type RouterSecretReaderProps } from './router-access';
export { ztwimFindings } from './singletons';
export { ZtwimSpiffeCsiDriver, type ZtwimSpiffeCsiDriverProps } from './spiffe-csi-driver';
export { type ZtwimKubeletVerification, ZtwimSpireAgent, type ZtwimSpireAgentProps } from './spire-agent';
export { ZtwimSpireServer, type ZtwimSpireServerProps } from './spire-server';
export type { ZtwimDatabase, ZtwimDatastore, ZtwimPersistence, ZtwimSqlite } from './storage';
export type { TrustedCaSource } from './trusted-ca';
export type { ZtwimCertManagerAuthority, ZtwimUpstreamAuthority, ZtwimVaultAuthority } from './upstream-authority';
export { DEFAULT_ZTWIM_VERSION, ZTWIM_VERSIONS, type ZtwimFacts, type ZtwimVersion, ztwimFacts } from './versions';
export {
  ZeroTrustWorkloadIdentityManager,
  type ZeroTrustWorkloadIdentityManagerProps,
} from './workload-identity-manager';
export type { ZtwimAcme, ZtwimEndpoint, ZtwimFederation, ZtwimServingCert } from './ztwim-federation';
export type { ZtwimMonitoring } from './ztwim-monitoring';
