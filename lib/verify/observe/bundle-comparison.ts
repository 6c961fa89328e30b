import type { HeldBundle, JwtAuthority, X509Authority } from './bundle';

/** What a bundle lacks, and what it has too much, compared with the one that is true. */
export interface BundleComparison {
  /** Authorities that the true one has and the other one lacks: SVIDs that they have signed are refused. */
  readonly missing: { readonly x509: readonly X509Authority[]; readonly jwt: readonly JwtAuthority[] };
  /** Authorities that the true one does not have (any more): SVIDs that they have signed are still accepted. */
  readonly surplus: { readonly x509: readonly X509Authority[]; readonly jwt: readonly JwtAuthority[] };
  readonly isEqual: boolean;
}

/** Compares authorities: X.509 by their certificates, JWT by key id and key. */
export function compareBundles(
  held: Pick<HeldBundle, 'x509' | 'jwt'>,
  truth: Pick<HeldBundle, 'x509' | 'jwt'>,
): BundleComparison {
  const x509 = difference(held.x509, truth.x509, ({ fingerprint }) => fingerprint);
  const jwt = difference(held.jwt, truth.jwt, ({ keyId, fingerprint }) => `${keyId} ${fingerprint}`);
  const missing = { x509: x509.missing, jwt: jwt.missing };
  const surplus = { x509: x509.surplus, jwt: jwt.surplus };
  const isEqual = [x509, jwt].every((each) => each.missing.length === 0 && each.surplus.length === 0);
  return { missing, surplus, isEqual };
}

function difference<T>(held: readonly T[], truth: readonly T[], idOf: (item: T) => string) {
  const heldIds = new Set(held.map(idOf));
  const trueIds = new Set(truth.map(idOf));
  return {
    missing: truth.filter((item) => !heldIds.has(idOf(item))),
    surplus: held.filter((item) => !trueIds.has(idOf(item))),
  };
}

/** The authorities of a difference in words: `X.509 authority 65042edb…, JWT key vAzkdqhG…`. */
export function authorityWords({ x509, jwt }: BundleComparison['missing']): string {
  return [
    ...x509.map((each) => `X.509 authority ${authorityName(each)}`),
    ...jwt.map(({ keyId }) => `JWT key ${short(keyId)}`),
  ].join(', ');
}

/** By its id where it has one, as `spire-server localauthority x509 show` calls it; and until when it is valid. */
export const authorityName = ({ authorityId, fingerprint, notAfter }: X509Authority): string =>
  `${short(authorityId || fingerprint)} (until ${notAfter.toISOString()})`;

const short = (id: string): string => (id.length > 12 ? `${id.slice(0, 12)}…` : id);
