import { nameError, SpiffeError } from '../core';

/**
 * What is wrong with an X.509-SVID, one's own or that of a peer.
 *
 * What was given:
 * - `certificate-malformed`: not X.509 certificates in strict DER or PEM; `cause` says more
 * - `chain-empty`: no certificate at all
 * - `chain-too-long`: more than 16 certificates
 * - `key-malformed`: no private key in unencrypted PKCS#8, or more than that
 * - `key-mismatch`: a private key that does not belong to the certificate
 * - `hint-too-long`: a hint of more than 1024 bytes
 *
 * The SPIFFE ID:
 * - `id-missing`: no URI name
 * - `id-multiple`: more than one URI name
 * - `id-malformed`: a URI name that is no SPIFFE ID
 * - `id-without-path`: the ID of a trust domain, which no workload bears
 *
 * The certificate of the workload:
 * - `leaf-is-ca`: a CA
 * - `leaf-key-usage`: a key that is not marked for signatures, or is for signing certificates or CRLs
 * - `leaf-purpose`: an extended key usage without both `serverAuth` and `clientAuth`
 * - `leaf-subject`: neither a subject nor a critical name
 *
 * The certificates that have signed it:
 * - `not-a-ca`: no CA
 * - `ca-key-usage`: a key that is not for signing certificates
 * - `ca-purpose`: an extended key usage that rules out TLS servers or clients
 * - `ca-id`: a SPIFFE ID with a path or of another trust domain
 * - `path-length`: more CAs below one than it allows
 * - `name-constraint`: a name outside of those that a CA may certify, or more names than are checked
 *
 * Any certificate of the path:
 * - `expired` and `not-yet-valid`
 * - `critical-extension`: a critical extension that this package does not know
 * - `algorithm`: a signature algorithm that is too weak or unknown
 * - `key`: a public key that is too weak or of an unknown kind
 *
 * Trust:
 * - `no-bundle`: the trust domain is not trusted
 * - `bundle-mismatch`: the source gave the bundle of another trust domain
 * - `bundle-empty`: the bundle of the trust domain has no authorities, so nobody is trusted
 * - `no-path`: no authority of the trust domain has signed this, not even by way of the other certificates
 * - `path-limit`: too many possible paths to try all
 */
export type SvidErrorCode =
  | 'certificate-malformed'
  | 'chain-empty'
  | 'chain-too-long'
  | 'key-malformed'
  | 'key-mismatch'
  | 'hint-too-long'
  | 'id-missing'
  | 'id-multiple'
  | 'id-malformed'
  | 'id-without-path'
  | 'leaf-is-ca'
  | 'leaf-key-usage'
  | 'leaf-purpose'
  | 'leaf-subject'
  | 'not-a-ca'
  | 'ca-key-usage'
  | 'ca-purpose'
  | 'ca-id'
  | 'path-length'
  | 'name-constraint'
  | 'expired'
  | 'not-yet-valid'
  | 'critical-extension'
  | 'algorithm'
  | 'key'
  | 'no-bundle'
  | 'bundle-mismatch'
  | 'bundle-empty'
  | 'no-path'
  | 'path-limit';

/** An X.509-SVID that is refused. The message names the SPIFFE ID, if there is one, and the certificate at fault. */
export class SvidError extends SpiffeError<SvidErrorCode> {
  static {
    nameError(SvidError, 'SvidError');
  }
}
