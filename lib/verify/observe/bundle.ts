import { Certificate, type SpiffeBundle } from '@spirekit/runtime/bundle';
import { fetchInterval, fetchIntervalWithoutHint, sha256 } from '../../core';

/** An X.509 authority of a bundle. */
export interface X509Authority {
  /** SHA-256 of the certificate (DER), in hexadecimal. */
  readonly fingerprint: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SPIRE gives each key its subject key id as the id of the authority; empty where the certificate has none. */
  readonly authorityId: string;
  readonly tainted: boolean;
  /** The certificate (DER). */
  readonly der: Buffer;
}

/** A key by which JWT-SVIDs are verified. */
export interface JwtAuthority {
  readonly keyId: string;
  /** SHA-256 of the public key (SPKI), in hexadecimal. */
  readonly fingerprint: string;
  readonly tainted: boolean;
}

/** A bundle as a SPIRE server holds it. */
export interface HeldBundle {
  readonly trustDomain: string;
  readonly x509: readonly X509Authority[];
  readonly jwt: readonly JwtAuthority[];
  /** In seconds; 0 when there is none. */
  readonly refreshHint: number;
  readonly sequence: number;
}

/** A bundle as `spire-server … -output json` shows it. */
export interface BundleJson {
  readonly trust_domain?: string;
  readonly x509_authorities?: readonly { readonly asn1?: string; readonly tainted?: boolean }[];
  readonly jwt_authorities?: readonly {
    readonly key_id?: string;
    readonly public_key?: string;
    readonly tainted?: boolean;
  }[];
  readonly refresh_hint?: string | number;
  readonly sequence_number?: string | number;
}

/**
 * A bundle of the server's own command line.
 *
 * @throws CertificateError if a certificate in it cannot be read
 * @see https://github.com/spiffe/spire-api-sdk/blob/v1.15.3/proto/spire/api/types/bundle.proto
 */
export function heldBundle(json: BundleJson): HeldBundle {
  return {
    trustDomain: json.trust_domain ?? '',
    // SPIRE may put several certificates behind each other.
    x509: (json.x509_authorities ?? []).flatMap(({ asn1 = '', tainted = false }) =>
      Certificate.parseAll(Buffer.from(asn1, 'base64')).map((certificate) => x509Authority(certificate, tainted)),
    ),
    jwt: (json.jwt_authorities ?? []).map(({ key_id = '', public_key = '', tainted = false }) => ({
      keyId: key_id,
      fingerprint: sha256(Buffer.from(public_key, 'base64')),
      tainted,
    })),
    refreshHint: Number(json.refresh_hint ?? 0),
    sequence: Number(json.sequence_number ?? 0),
  };
}

/** A bundle as an endpoint serves it, or a ConfigMap holds it. A document says nothing of taints. */
export function servedBundle({ trustDomain, x509, jwt, refreshHint = 0, sequence = 0n }: SpiffeBundle): HeldBundle {
  return {
    trustDomain: trustDomain.name,
    x509: x509.authorities.map((certificate) => x509Authority(certificate)),
    jwt: jwt.authorities.map(({ keyId, publicKey }) => ({
      keyId,
      fingerprint: sha256(publicKey.export({ type: 'spki', format: 'der' })),
      tainted: false,
    })),
    refreshHint,
    sequence: Number(sequence),
  };
}

/** An authority of a certificate. */
export function x509Authority(certificate: Certificate, tainted = false): X509Authority {
  const { raw, notBefore, notAfter, subjectKeyId } = certificate;
  return {
    fingerprint: sha256(raw),
    notBefore: new Date(notBefore),
    notAfter: new Date(notAfter),
    authorityId: subjectKeyId?.toString('hex') ?? '',
    tainted,
    der: raw,
  };
}

/** Seconds from one fetch to the next by a SPIRE server that holds a bundle. */
export function fetchedEvery({ refreshHint, x509 }: Pick<HeldBundle, 'refreshHint' | 'x509'>): number {
  if (refreshHint > 0) return fetchInterval(refreshHint);
  const lifetimes = x509.map(({ notBefore, notAfter }) => (notAfter.getTime() - notBefore.getTime()) / 1000);
  return fetchIntervalWithoutHint(lifetimes.length === 0 ? 0 : Math.min(...lifetimes));
}

/** When the last of the X.509 authorities ends: from then on nothing of the trust domain is believed. Undefined without any. */
export const endOfTrust = ({ x509 }: Pick<HeldBundle, 'x509'>): Date | undefined =>
  x509.reduce<Date | undefined>(
    (last, { notAfter }) => (last === undefined || notAfter > last ? notAfter : last),
    undefined,
  );
