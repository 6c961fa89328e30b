import { nameError, SpiffeError } from '../core';

/**
 * What is wrong with bytes or text that were meant to be certificates:
 *
 * - `certificate-malformed`: not exactly one X.509 certificate in strict DER, or a list that ends within one
 * - `certificate-too-large`: more bytes than the limit allows
 * - `certificate-too-many`: more certificates than the limit allows
 * - `pem-empty`: a text without any PEM block
 * - `pem-malformed`: a PEM block without an end, or with other characters than Base64 in it
 * - `pem-label`: a PEM block of another kind, such as `CERTIFICATE REQUEST`
 * - `pem-private-key`: a private key where only certificates belong
 */
export type CertificateErrorCode =
  | 'certificate-malformed'
  | 'certificate-too-large'
  | 'certificate-too-many'
  | 'pem-empty'
  | 'pem-malformed'
  | 'pem-label'
  | 'pem-private-key';

/** Bytes or text that hold no certificate, or other ones than they may. The message never shows what they hold. */
export class CertificateError extends SpiffeError<CertificateErrorCode> {
  static {
    nameError(CertificateError, 'CertificateError');
  }
}
