export {
  type AgentConf,
  type AgentExperimental,
  type AgentSection,
  agentConfBody,
  agentConfUsesEnv,
  type Broker,
  type WorkloadApiRateLimit,
  type WorkloadKeyType,
  writeAgentConf,
} from './agent-conf';
export { agentConfFindings } from './agent-findings';
export type { HealthChecks, LogFormat, LogLevel, LogSection, ProfilingName } from './common-conf';
export type {
  BundleEndpointAcme,
  BundleEndpointProfile,
  FederatesWith,
  Federation,
  ServerBundleEndpoint,
  ServingCertFile,
} from './federation-conf';
export {
  concat,
  EnvRef,
  env,
  HclBlock,
  type HclBody,
  HclConcat,
  type HclEscape,
  type HclEscaped,
  HclMap,
  type HclPart,
  type HclValue,
  libpqValue,
  usesEnv,
} from './hcl';
export { writeHcl } from './hcl-writer';
export { type OidcConf, oidcConfBody, oidcConfUsesEnv, writeOidcConf } from './oidc-conf';
export { oidcConfFindings } from './oidc-findings';
export {
  type CaSubject,
  type KeyType,
  type ServerConf,
  type ServerExperimental,
  type ServerSection,
  serverConfBody,
  serverConfUsesEnv,
  writeServerConf,
} from './server-conf';
export { serverConfFindings } from './server-findings';
export type { PrometheusTls, Telemetry } from './telemetry-conf';
