import { requireTrustDomain, type TrustDomain } from '../id/trust-domain';
import { Certificate, CertificateError, type CertificateErrorCode } from '../x509';
import { BundleError } from './bundle-error';
import { knownCertificate } from './known-certificates';
import { allLimits, type BundleLimits } from './limits';
import type { X509BundleSource } from './sources';
import { nameOf } from './subject';

/** The same symbol in every loaded copy of this package, where `instanceof` would know only its own. */
const BRAND = Symbol.for('@spirekit/runtime/X509Bundle');

const BEYOND_LIMITS: ReadonlySet<CertificateErrorCode> = new Set(['certificate-too-large', 'certificate-too-many']);

/**
 * The certificates of the authorities that issue the X.509-SVIDs of one trust domain. Without any, none is believed.
 *
 * Whether a certificate is one of a CA is seen when an SVID is verified, not here.
 *
 * Values are immutable. A bundle is a source of itself: {@link X509Bundle.x509BundleFor}.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md
 */
export class X509Bundle implements X509BundleSource {
  /**
   * The bundle of given certificates. One that is there twice is kept once.
   *
   * @param trustDomain the trust domain
   * @param certificates its authorities
   */
  static of(trustDomain: TrustDomain, certificates: Iterable<Certificate>): X509Bundle {
    return new X509Bundle(trustDomain, certificates);
  }

  /**
   * Reads the form of the Workload API: certificates in DER, one after the other.
   *
   * @param trustDomain the trust domain
   * @param der the certificates; nothing at all is a bundle that believes nobody
   * @param limits what is read at most
   * @throws {@link BundleError}
   */
  static parse(trustDomain: TrustDomain, der: Uint8Array, limits?: BundleLimits): X509Bundle {
    const subject = nameOf('X.509 bundle', trustDomain);
    const { maxBytes, maxAuthorities } = allLimits(limits);
    const certificates = read(subject, () => Certificate.parseAll(der, { maxBytes, maxCertificates: maxAuthorities }));
    return new X509Bundle(trustDomain, certificates);
  }

  /**
   * Reads certificates in PEM.
   *
   * @param trustDomain the trust domain
   * @param text one or more certificates
   * @param limits what is read at most
   * @throws {@link BundleError}
   */
  static parsePem(trustDomain: TrustDomain, text: string, limits?: BundleLimits): X509Bundle {
    const subject = nameOf('X.509 bundle', trustDomain);
    const { maxBytes, maxAuthorities } = allLimits(limits);
    const certificates = read(subject, () => Certificate.parsePem(text, { maxBytes, maxCertificates: maxAuthorities }));
    return new X509Bundle(trustDomain, certificates);
  }

  /**
   * Whether a value is an `X509Bundle`, also one of another loaded copy of this package.
   *
   * @param value anything
   */
  static is(value: unknown): value is X509Bundle {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  /** The trust domain whose SVIDs the authorities issue. */
  readonly trustDomain: TrustDomain;

  /** The authorities, each once, in their order. */
  readonly authorities: readonly Certificate[];

  readonly #fingerprints: ReadonlySet<string>;

  private constructor(trustDomain: TrustDomain, certificates: Iterable<Certificate>) {
    const distinct = new Map<string, Certificate>();
    for (const certificate of certificates) {
      if (!distinct.has(certificate.fingerprint)) {
        distinct.set(certificate.fingerprint, knownCertificate(certificate));
      }
    }
    this.trustDomain = requireTrustDomain(trustDomain);
    this.#fingerprints = new Set(distinct.keys());
    this.authorities = Object.freeze([...distinct.values()]);
    Object.freeze(this);
  }

  /** Whether there is no authority, so that nobody is believed. */
  get isEmpty(): boolean {
    return this.authorities.length === 0;
  }

  /**
   * Whether a certificate is one of the authorities.
   *
   * @param certificate the certificate
   */
  has(certificate: Certificate): boolean {
    return this.#fingerprints.has(certificate.fingerprint);
  }

  /**
   * Whether the other bundle has the same authorities, in whatever order, for the same trust domain.
   *
   * @param other the value to compare with; anything that is no `X509Bundle` is not equal
   */
  equals(other: X509Bundle): boolean {
    return (
      X509Bundle.is(other) &&
      this.trustDomain.equals(other.trustDomain) &&
      this.authorities.length === other.authorities.length &&
      this.authorities.every((authority) => other.has(authority))
    );
  }

  /** The certificates in DER, one after the other, as the Workload API sends them. */
  toDer(): Buffer {
    return Buffer.concat(this.authorities.map((authority) => authority.raw));
  }

  /** The certificates in PEM, one after the other; `''` if there is none. */
  toPem(): string {
    return this.authorities.map((authority) => authority.toPem()).join('');
  }

  /**
   * The bundle itself, for its own trust domain.
   *
   * @param trustDomain the trust domain of the peer
   */
  x509BundleFor(trustDomain: TrustDomain): X509Bundle | undefined {
    return this.trustDomain.equals(trustDomain) ? this : undefined;
  }

  static {
    Object.defineProperty(X509Bundle.prototype, BRAND, { value: true });
  }
}

function read(subject: string, parse: () => Certificate[]): Certificate[] {
  try {
    return parse();
  } catch (error) {
    if (error instanceof CertificateError) {
      const code = BEYOND_LIMITS.has(error.code) ? 'bundle-too-large' : 'bundle-certificate';
      throw new BundleError(code, `${subject}: cannot be read: ${error.message}`, { cause: error });
    }
    throw error;
  }
}
