/** How much a list of certificates may hold. The work on hostile input is proportional to it. */
export interface CertificateLimits {
  /**
   * The bytes of DER, or the characters of PEM.
   *
   * @default 4 MiB
   */
  readonly maxBytes?: number;
  /**
   * The number of certificates.
   *
   * @default 4096
   */
  readonly maxCertificates?: number;
}

/** The limits of a bundle: what the Workload API can send in one message. */
export const BUNDLE_LIMITS: Required<CertificateLimits> = Object.freeze({
  maxBytes: 4 * 1024 * 1024,
  maxCertificates: 4096,
});

/** The largest certificate in bytes. Those of SPIFFE have about 1 KiB; OpenSSL takes chains of 100 KiB. */
export const MAX_CERTIFICATE_BYTES = 64 * 1024;
