import type { KeyObject } from 'node:crypto';
import type { Extension, KeyUsageName } from './extensions';
import type { Digest, KeyType } from './keys';
import type { DistinguishedName, GeneralName } from './names';

/**
 * A moment: milliseconds since 1970, a `Date`, or the encoded element itself (`utcTime('261124000000Z')`), which may be
 * wrong in any way.
 */
export type Moment = number | Date | Uint8Array;

/**
 * What a certificate says. Everything has a default, everything can be set to what no authority would sign: nothing is
 * checked. `null` leaves an extension out.
 */
export interface CertificateTemplate {
  /** The kind of key to make and certify. RSA keys are slow to make. @default 'ec-p256' */
  readonly keyType?: KeyType;
  /** A key to certify that is there already, private or public. @default a new one */
  readonly key?: KeyObject;
  /** @default {} for leaves, `{ C: 'US', O: 'SPIFFE', serialNumber: … }` with a random number for authorities */
  readonly subject?: DistinguishedName;
  /** @default the subject of the authority that signs */
  readonly issuer?: DistinguishedName;
  /** Any integer, also zero or negative. @default 127 random bits */
  readonly serialNumber?: bigint;
  /** @default 60 seconds before now */
  readonly notBefore?: Moment;
  /** @default now and the lifetime */
  readonly notAfter?: Moment;
  /**
   * Seconds from now to the end of validity, if `notAfter` is not given.
   *
   * @default 3600 for leaves, 86400 for authorities
   */
  readonly lifetimeSeconds?: number;
  /**
   * The time that `notBefore` and `notAfter` are reckoned from, in milliseconds since 1970.
   *
   * @default the clock of the authority
   */
  readonly now?: number;
  /** The subject alternative names. @default the SPIFFE ID */
  readonly subjectAltNames?: readonly GeneralName[] | null;
  /** @default true when the subject is empty, as RFC 5280 wants it */
  readonly subjectAltNamesCritical?: boolean;
  /** @default ['digitalSignature'] for leaves, ['keyCertSign', 'cRLSign'] for authorities */
  readonly keyUsage?: readonly KeyUsageName[] | null;
  /** @default true */
  readonly keyUsageCritical?: boolean;
  /**
   * Purposes: `serverAuth`, `clientAuth`, `codeSigning`, `any`, or OIDs.
   *
   * @default ['serverAuth', 'clientAuth'] for leaves, null for authorities
   */
  readonly extendedKeyUsage?: readonly string[] | null;
  /** @default false */
  readonly extendedKeyUsageCritical?: boolean;
  /** @default { ca: false } for leaves, { ca: true } for authorities */
  readonly basicConstraints?: {
    readonly ca: boolean;
    readonly pathLength?: number;
    /** @default true */
    readonly critical?: boolean;
  } | null;
  /** @default null */
  readonly nameConstraints?: {
    readonly permitted?: readonly GeneralName[];
    readonly excluded?: readonly GeneralName[];
    /** @default true */
    readonly critical?: boolean;
  } | null;
  /** @default the first 20 octets of the SHA-256 of the public key */
  readonly subjectKeyId?: Uint8Array | null;
  /** @default the subject key identifier of the authority that signs, none if it has none */
  readonly authorityKeyId?: Uint8Array | null;
  /** Further extensions, after the others: unknown ones, second ones. @default [] */
  readonly extraExtensions?: readonly Extension[];
  /** Version 1 and 2 certificates keep their extensions, which is wrong. @default 3 */
  readonly version?: 1 | 2 | 3;
  /** The digest of the signature. @default 'sha256' */
  readonly digest?: Digest;
  /**
   * Signs with another key than that of the authority: the certificate names the authority, which never saw it.
   *
   * @default the key of the authority
   */
  readonly signingKey?: KeyObject;
  /** Changes the signature: `(signature) => flipBit(signature)`. */
  readonly alterSignature?: (signature: Buffer) => Uint8Array;
  /** Changes the encoded certificate as a whole, for faults that no property makes. */
  readonly alterDer?: (der: Buffer) => Uint8Array;
}

/** An X.509-SVID to issue. It may deviate in any way: see {@link CertificateTemplate}. */
export interface SvidTemplate extends CertificateTemplate {
  /** The path of the SPIFFE ID, such as `/web`. It is put after the trust domain unchecked. @default '/workload' */
  readonly path?: string;
  /** The whole SPIFFE ID, or any other URI, in place of trust domain and path. */
  readonly id?: string;
}
