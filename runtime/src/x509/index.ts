/** X.509 certificates, read strictly. Internal: `bundle` and `svid` export what users need. */
export { publicKeyFault } from './algorithms';
export { Certificate } from './certificate';
export { CertificateError, type CertificateErrorCode } from './certificate-error';
export type { CertificateExtension, KeyUsage, NameConstraints } from './extensions';
export type { GeneralName, GeneralNameKind } from './general-name';
export type { CertificateLimits } from './limits';
export type { AlgorithmIdentifier } from './tbs-certificate';
