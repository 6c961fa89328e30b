export { type BundleConfigMap, BundlePublisher } from './bundle-publisher';
export {
  type CertificateKey,
  DataStore,
  type PostgresHost,
  type PostgresProps,
  type PostgresSslMode,
  type SecretKey,
  type SqliteProps,
} from './data-store';
export { type AgentDiskKeyManagerProps, AgentKeyManager, type DiskKeyManagerProps, KeyManager } from './key-manager';
export {
  AgentNodeAttestor,
  type AgentPsatProps,
  NodeAttestor,
  type PsatCluster,
  type PsatProps,
} from './node-attestor';
export {
  type AgentPlugin,
  type AgentPluginType,
  type AgentPsatTrait,
  type BundleConfigMapTrait,
  type ExternalPlugin,
  Plugin,
  type PluginNeeds,
  type PluginProps,
  type PluginRule,
  type PluginSide,
  type PluginTraits,
  type PluginVolume,
  type PsatTrait,
  type SecretEnv,
  type ServerPlugin,
  type ServerPluginType,
} from './plugin';
export { CredentialComposer, Notifier } from './server-plugins';
export { SvidStore } from './svid-store';
export {
  type CertManagerUpstreamAuthorityProps,
  type DiskUpstreamAuthorityProps,
  UpstreamAuthority,
} from './upstream-authority';
export {
  type K8sWorkloadAttestorProps,
  KubeletVerification,
  type UnixWorkloadAttestorProps,
  WorkloadAttestor,
} from './workload-attestor';
