export type { AcmeIssuerOptions, ExternalAccountBinding } from './acme-issuer';
export { isPrivateName, LETS_ENCRYPT, publicServer, unknownServer } from './acme-server';
export { AcmeSolver, type Http01Options } from './acme-solver';
export { Certificate, type CertificateProps } from './certificate';
export type {
  AcmeDns,
  AkamaiDns,
  AzureDns,
  CloudDns,
  CloudflareDns,
  DigitalOceanDns,
  Dns01Provider,
  Dns01Providers,
  Rfc2136Dns,
  Route53Dns,
  SecretKeyRef,
  WebhookDns,
} from './dns01-provider';
export { ClusterIssuer, type ClusterIssuerProps, Issuer, type IssuerProps, sourceOf } from './issuer';
export type { IssuerRef } from './issuer-reference';
export {
  type IssuerKind,
  type IssuerPlatform,
  type IssuerSource,
  isIssuerSource,
  issuerSource,
  issuerSpec,
} from './issuer-source';
export { type Lifetime, lifetimeOf } from './lifetime';
export type { CaIssuerOptions, ExistingIssuerOptions } from './other-issuers';
export type { KeyUsage, PrivateKey } from './private-key';
export { WebTrust, webTrustFindings } from './web-trust';
