import type { KeyObject } from 'node:crypto';
import type { Certificate, JwtAuthority, SpiffeBundle } from '@spirekit/runtime/bundle';
import { sha256 } from '../../core';
import { bundleDigest } from '../bundle-digest';
import { canonicalBundle } from './canonical-bundle';

/** An X.509 authority as a person wants to see it. */
export interface X509View {
  /** SHA-256 of the certificate (DER), in hexadecimal. */
  readonly fingerprint: string;
  /** Its name, such as `O=SPIFFE, C=US`; empty when it has none. */
  readonly subject: string;
  /** Its URI names: mostly the SPIFFE ID of its trust domain, or none. */
  readonly uris: readonly string[];
  /** Such as `EC P-256` or `RSA 2048`. */
  readonly keyType: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A key for JWT-SVIDs as a person wants to see it. */
export interface JwtView {
  /** `kid`, by which tokens name it. */
  readonly keyId: string;
  readonly keyType: string;
  /** SHA-256 of the public key (SPKI, DER), in hexadecimal. */
  readonly fingerprint: string;
}

/** A bundle as a person wants to see it. */
export interface BundleView {
  /** SHA-256 over all keys, in whatever order: two bundles with the same are the same to who believes them. */
  readonly digest: string;
  readonly x509: readonly X509View[];
  readonly jwt: readonly JwtView[];
  /** `spiffe_sequence`; undefined when it has none. */
  readonly sequence?: bigint;
  /** `spiffe_refresh_hint` in seconds; undefined when it has none. */
  readonly refreshHint?: number;
  /** Entries that are not used, and why. */
  readonly ignored: readonly { readonly index: number; readonly reason: string }[];
}

/** What is in a bundle. */
export function bundleView(bundle: SpiffeBundle): BundleView {
  const { x509, jwt, sequence, refreshHint, ignored } = bundle;
  return {
    digest: bundleDigest(canonicalBundle(bundle)) ?? '',
    x509: x509.authorities.map(x509View),
    jwt: jwt.authorities.map(jwtView),
    ...(sequence !== undefined && { sequence }),
    ...(refreshHint !== undefined && { refreshHint }),
    ignored: ignored.map(({ index, reason }) => ({ index, reason })),
  };
}

/** What is in an X.509 authority. */
export const x509View = ({ raw, x509, uris, publicKey, notBefore, notAfter }: Certificate): X509View => ({
  fingerprint: sha256(raw),
  subject: (x509.subject ?? '').split('\n').reverse().join(', '),
  uris,
  keyType: keyType(publicKey),
  notBefore: new Date(notBefore),
  notAfter: new Date(notAfter),
});

/** What is in a key for JWT-SVIDs. */
export const jwtView = ({ keyId, publicKey }: JwtAuthority): JwtView => ({
  keyId,
  keyType: keyType(publicKey),
  fingerprint: sha256(publicKey.export({ type: 'spki', format: 'der' })),
});

/** Curves by the names that SPIFFE and TLS have for them. */
const CURVES: Readonly<Record<string, string>> = { prime256v1: 'P-256', secp384r1: 'P-384', secp521r1: 'P-521' };

function keyType({ asymmetricKeyType, asymmetricKeyDetails: details = {} }: KeyObject): string {
  const { namedCurve, modulusLength } = details;
  const size = namedCurve === undefined ? modulusLength : (CURVES[namedCurve] ?? namedCurve);
  return [asymmetricKeyType?.toUpperCase() ?? 'unknown', size].filter((part) => part !== undefined).join(' ');
}
