export type { KubeletAccess, SpireAgentProps } from './agent-props';
export {
  type AgentConf,
  type CaSubject,
  concat,
  EnvRef,
  env,
  HclBlock,
  type HclBody,
  HclConcat,
  HclMap,
  type HclValue,
  type KeyType,
  type LogLevel,
  libpqValue,
  type OidcConf,
  type ServerConf,
  writeAgentConf,
  writeHcl,
  writeOidcConf,
  writeServerConf,
} from './config';
export { ControllerManager, type ControllerManagerProps } from './controller-manager';
export { KubernetesCluster, type KubernetesClusterProps } from './kubernetes-cluster';
export { SpireLayout, type SpireLayoutProps } from './layout';
export { OidcDiscoveryProvider, type OidcDiscoveryProviderProps } from './oidc-discovery-provider';
export * from './plugins';
export type { ServerStorage, SpireServerProps } from './server-props';
export type { ServerProxy } from './server-proxy';
export { type IngressOptions, type IssuerReference, ServingCertificate } from './serving-certificate';
export { SpiffeCsiDriver, type SpiffeCsiDriverProps } from './spiffe-csi-driver';
export { Spire, type SpireProps } from './spire';
export { SpireAgent } from './spire-agent';
export { type ISpireServer, SpireServer } from './spire-server';
export type { MetricsTls, SpireTelemetry } from './telemetry';
export {
  DEFAULT_SPIRE_VERSION,
  type ImageName,
  type ImageOverrides,
  type ImageSource,
  imageReference,
  SPIRE_VERSIONS,
  type SpireVersion,
} from './versions';
