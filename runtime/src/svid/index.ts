/** X.509-SVIDs: one's own, and the verification of those of peers. */
export {
  Certificate,
  CertificateError,
  type CertificateErrorCode,
  type CertificateLimits,
  type KeyUsage,
} from '../x509';
export type { X509SvidSource } from './sources';
export { SvidError, type SvidErrorCode } from './svid-error';
export type { VerifiedX509Svid } from './verified-x509-svid';
export { type VerifyX509SvidOptions, verifyX509Svid } from './verify-x509-svid';
export { X509Svid, type X509SvidInput } from './x509-svid';
