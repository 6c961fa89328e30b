import { createHash, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { CertificateError } from './certificate-error';
import { DerError, readElement, Tag } from './der';
import {
  type CertificateExtension,
  isKnownExtension,
  type KeyUsage,
  type NameConstraints,
  readKnownExtensions,
} from './extensions';
import type { GeneralName } from './general-name';
import { BUNDLE_LIMITS, type CertificateLimits, MAX_CERTIFICATE_BYTES } from './limits';
import { readCertificatePem, writePem } from './pem';
import { type AlgorithmIdentifier, type CertificateFields, readCertificate } from './tbs-certificate';

/** The same symbol in every loaded copy of this package, where `instanceof` would know only its own. */
const BRAND = Symbol.for('@spirekit/runtime/Certificate');

/**
 * An X.509 certificate, read strictly from DER. That one can be read says nothing about whether it can be trusted.
 *
 * Refused are: bytes before or after it, other encodings than DER, an extension that occurs twice, names that are not
 * what their kind demands, times that do not exist. (OpenSSL, and so `X509Certificate` of Node.js, lets all of these
 * pass in places, and prints names as text from which they cannot be told apart.)
 *
 * Values are immutable; do not change the bytes of the buffers.
 *
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4
 */
export class Certificate {
  /**
   * Reads exactly one certificate.
   *
   * @param der the bytes of the certificate and nothing else; they are copied
   * @throws {@link CertificateError} `certificate-malformed` or `certificate-too-large`
   */
  static parse(der: Uint8Array): Certificate {
    requireBytes(der);
    if (der.length > MAX_CERTIFICATE_BYTES) {
      throw tooLarge(`certificate: has ${der.length} bytes`, MAX_CERTIFICATE_BYTES);
    }
    return Certificate.#read(Buffer.from(der), 'certificate');
  }

  /**
   * Reads certificates that follow each other without anything between them, as the Workload API sends them.
   *
   * @param der the bytes; none for an empty list
   * @param limits how much there may be; 4 MiB and 4096 certificates unless told
   * @throws {@link CertificateError}
   */
  static parseAll(der: Uint8Array, limits: CertificateLimits = {}): Certificate[] {
    requireBytes(der);
    const { maxBytes = BUNDLE_LIMITS.maxBytes, maxCertificates = BUNDLE_LIMITS.maxCertificates } = limits;
    if (der.length > maxBytes) {
      throw tooLarge(`certificates: have ${der.length} bytes`, maxBytes);
    }
    const certificates: Certificate[] = [];
    for (let start = 0; start < der.length; ) {
      const subject = `certificate ${certificates.length + 1}`;
      if (certificates.length === maxCertificates) {
        throw tooMany(maxCertificates);
      }
      const end = certificateEnd(der, start, subject);
      certificates.push(Certificate.#read(Buffer.from(der.subarray(start, end)), subject));
      start = end;
    }
    return certificates;
  }

  /**
   * Reads certificates in PEM, one or several. Indentation and text between the blocks are of no account.
   *
   * @param text the text, with blocks of certificates only
   * @param limits how much there may be; 4 MiB and 4096 certificates unless told
   * @throws {@link CertificateError} also when there is none, or a private key
   * @see https://www.rfc-editor.org/rfc/rfc7468
   */
  static parsePem(text: string, limits: CertificateLimits = {}): Certificate[] {
    if (typeof text !== 'string') {
      throw new CertificateError('pem-empty', 'certificates: must be a text in PEM; read the file as UTF-8');
    }
    const { maxBytes = BUNDLE_LIMITS.maxBytes, maxCertificates = BUNDLE_LIMITS.maxCertificates } = limits;
    if (text.length > maxBytes) {
      throw tooLarge(`certificates: have ${text.length} characters`, maxBytes);
    }
    const blocks = readCertificatePem(text, 'certificates');
    if (blocks.length > maxCertificates) {
      throw tooMany(maxCertificates);
    }
    return blocks.map((der, index) => {
      const subject = `PEM block ${index + 1} of ${blocks.length}`;
      if (der.length > MAX_CERTIFICATE_BYTES) {
        throw tooLarge(`${subject}: has ${der.length} bytes`, MAX_CERTIFICATE_BYTES);
      }
      return Certificate.#read(der, subject);
    });
  }

  /**
   * Whether a value is a `Certificate`, also one of another loaded copy of this package, of which `instanceof` is not
   * aware.
   *
   * @param value anything
   */
  static is(value: unknown): value is Certificate {
    return typeof value === 'object' && value !== null && BRAND in value;
  }

  static #read(raw: Buffer, subject: string): Certificate {
    try {
      return new Certificate(raw, readCertificate(raw));
    } catch (error) {
      throw error instanceof DerError ? malformed(subject, error) : error;
    }
  }

  /** The certificate as DER. */
  readonly raw: Buffer;
  /** The signed part of it, as DER. */
  readonly tbs: Buffer;
  /** The version, as it is spoken of: 3 for all that have extensions. */
  readonly version: 1 | 2 | 3;
  /** The serial number: the bytes of an INTEGER of any size and sign. */
  readonly serialNumber: Buffer;
  /** The algorithm of the signature, which is the same inside of the signed part and outside of it. */
  readonly signatureAlgorithm: AlgorithmIdentifier;
  /** The signature. */
  readonly signature: Buffer;
  /** The name of the issuer, as DER. */
  readonly issuer: Buffer;
  /** The name of the subject, as DER. */
  readonly subject: Buffer;
  /** The first moment of validity, in milliseconds since 1970. */
  readonly notBefore: number;
  /** The last moment of validity, in milliseconds since 1970. */
  readonly notAfter: number;
  /** The SubjectPublicKeyInfo, as DER. */
  readonly publicKeyInfo: Buffer;
  /** All extensions in their order. None occurs twice. */
  readonly extensions: readonly CertificateExtension[];
  /** Object identifiers of the critical extensions that this package does not know, so that it must not trust this. */
  readonly unknownCriticalExtensions: readonly string[];
  /** The subject alternative names. */
  readonly names: readonly GeneralName[];
  /** Those of the names that are URIs, as they are written. */
  readonly uris: readonly string[];
  /** Whether the basic constraints say that this is a CA. */
  readonly isCa: boolean;
  /** How many CAs may stand between this one and a leaf. */
  readonly pathLength?: number;
  /** What the key may be used for, if the certificate says so. */
  readonly keyUsage?: KeyUsage;
  /** Object identifiers of the purposes of the key, if the certificate says so. */
  readonly extendedKeyUsage?: readonly string[];
  /** The identifier of the key. */
  readonly subjectKeyId?: Buffer;
  /** The identifier of the key that has signed. */
  readonly authorityKeyId?: Buffer;
  /** The names that this CA may certify, if it is limited. */
  readonly nameConstraints?: NameConstraints;

  #publicKey?: KeyObject;
  #x509?: X509Certificate;
  #fingerprint?: string;

  // Private to the compiler only: bytes and fields belong together, so nobody else can make one.
  private constructor(raw: Buffer, fields: CertificateFields) {
    const known = readKnownExtensions(fields.extensions);
    this.raw = raw;
    this.tbs = fields.tbs;
    this.version = fields.version;
    this.serialNumber = fields.serialNumber;
    this.signatureAlgorithm = Object.freeze(fields.signatureAlgorithm);
    this.signature = fields.signature;
    this.issuer = fields.issuer;
    this.subject = fields.subject;
    this.notBefore = fields.notBefore;
    this.notAfter = fields.notAfter;
    this.publicKeyInfo = fields.publicKeyInfo;
    this.extensions = Object.freeze(fields.extensions);
    this.unknownCriticalExtensions = Object.freeze(
      fields.extensions.filter(({ oid, critical }) => critical && !isKnownExtension(oid)).map(({ oid }) => oid),
    );
    this.names = known.names ?? NO_NAMES;
    this.uris = Object.freeze(this.names.flatMap(({ kind, text }) => (kind === 'uri' ? [text as string] : [])));
    this.isCa = known.basicConstraints?.isCa ?? false;
    this.pathLength = known.basicConstraints?.pathLength;
    this.keyUsage = known.keyUsage;
    this.extendedKeyUsage = known.extendedKeyUsage;
    this.subjectKeyId = known.subjectKeyId;
    this.authorityKeyId = known.authorityKeyId;
    this.nameConstraints = known.nameConstraints;
    Object.freeze(this);
  }

  /**
   * The public key.
   *
   * @throws {@link CertificateError} when OpenSSL cannot read it
   */
  get publicKey(): KeyObject {
    this.#publicKey ??= this.#openssl('public key', () =>
      createPublicKey({ key: this.publicKeyInfo, format: 'der', type: 'spki' }),
    );
    return this.#publicKey;
  }

  /**
   * The certificate as Node.js and OpenSSL know it.
   *
   * @throws {@link CertificateError} when OpenSSL cannot read it
   */
  get x509(): X509Certificate {
    this.#x509 ??= this.#openssl('certificate', () => new X509Certificate(this.raw));
    return this.#x509;
  }

  /** SHA-256 of the DER, as 64 lowercase hexadecimal digits. */
  get fingerprint(): string {
    this.#fingerprint ??= createHash('sha256').update(this.raw).digest('hex');
    return this.#fingerprint;
  }

  /**
   * Whether the other value is the same certificate, byte for byte.
   *
   * @param other the value to compare with; anything that is no `Certificate` is not equal
   */
  equals(other: Certificate): boolean {
    return Certificate.is(other) && this.raw.equals(other.raw);
  }

  /** The certificate as PEM, with a line break at the end. */
  toPem(): string {
    return writePem('CERTIFICATE', this.raw);
  }

  /** The certificate as DER: a copy. */
  toDer(): Buffer {
    return Buffer.from(this.raw);
  }

  /** The fingerprint with its algorithm, such as `sha256:0b1c…`. */
  toString(): string {
    return `sha256:${this.fingerprint}`;
  }

  /** What tells certificates apart, for `JSON.stringify`. */
  toJSON(): object {
    return {
      fingerprint: this.fingerprint,
      uris: this.uris,
      notBefore: new Date(this.notBefore).toISOString(),
      notAfter: new Date(this.notAfter).toISOString(),
    };
  }

  #openssl<T>(what: string, read: () => T): T {
    try {
      return read();
    } catch (cause) {
      throw new CertificateError(
        'certificate-malformed',
        `certificate: OpenSSL cannot read its ${what}; get a certificate of a common kind`,
        { cause },
      );
    }
  }

  static {
    Object.defineProperty(Certificate.prototype, BRAND, { value: true });
  }
}

const NO_NAMES: readonly GeneralName[] = Object.freeze([]);

/** Where a certificate in a list ends. */
function certificateEnd(der: Uint8Array, start: number, subject: string): number {
  try {
    if (der[start] !== Tag.sequence) {
      throw new DerError('is no certificate in DER', start);
    }
    const { end } = readElement(der, start, der.length);
    if (end - start > MAX_CERTIFICATE_BYTES) {
      throw tooLarge(`${subject}: has ${end - start} bytes`, MAX_CERTIFICATE_BYTES);
    }
    return end;
  } catch (error) {
    throw error instanceof DerError ? malformed(subject, error) : error;
  }
}

function requireBytes(der: unknown): void {
  if (!(der instanceof Uint8Array)) {
    throw new CertificateError('certificate-malformed', 'certificate: is no Uint8Array; give its DER as bytes');
  }
}

function malformed(subject: string, { at, reason }: DerError): CertificateError {
  return new CertificateError(
    'certificate-malformed',
    `${subject}: ${reason} (byte ${at}); give X.509 certificates in DER and nothing else`,
  );
}

function tooLarge(found: string, limit: number): CertificateError {
  return new CertificateError('certificate-too-large', `${found}, more than the limit of ${limit}; give less`);
}

function tooMany(limit: number): CertificateError {
  return new CertificateError(
    'certificate-too-many',
    `certificates: are more than the limit of ${limit}; remove those that are no longer needed`,
  );
}
