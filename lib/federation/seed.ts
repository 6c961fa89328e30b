import { BundleError, SpiffeBundle, X509Bundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { earliestExpiry, readCertificates } from '../core';

/** Settings of `bundleOfRoots()`. */
export interface BundleOfRootsOptions {
  /**
   * How often to look for a new bundle (`spiffe_refresh_hint`), in seconds. SPIRE counts in whole ones, and looks four
   * times as often.
   *
   * @default - none: SPIRE looks again after a 40th of the shortest lifetime among the roots, even when the first fetch has
   * failed; of a root of 10 years that is 91 days
   * @see https://github.com/spiffe/spire/blob/main/pkg/common/bundleutil/refreshhint.go
   */
  readonly refreshHint?: number;
}

/** A document does not tell whose bundle it is, so any name does to write one. */
const ANY = TrustDomain.parse('any');

/**
 * The SPIFFE bundle of root certificates, as JSON: what peers can begin with before they have fetched anything. Give it a
 * refresh hint, such as that of the endpoint: it decides when peers try again as long as they have fetched nothing newer.
 * Only X.509 is in it: a JWT key is known to the server alone.
 *
 * The same roots give the same text. Its sequence number is left out, as only who remembers the last bundle can count on.
 *
 * @param pem root certificates in PEM, one or several; one that is there twice is written once. If the text cannot be
 * read, the bundle is without keys, which the rule about bundles reports.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md#4-spiffe-bundle-format
 * @see https://github.com/spiffe/spire/blob/main/pkg/common/bundleutil/unmarshal.go
 */
export function bundleOfRoots(pem: string, options: BundleOfRootsOptions = {}): string {
  const reading = readCertificates(pem);
  const roots = 'certificates' in reading ? reading.certificates : [];
  const hint = Math.ceil(options?.refreshHint ?? 0);
  const refreshHint = Number.isSafeInteger(hint) && hint > 0 ? hint : undefined;
  const write = (x509: X509Bundle) => SpiffeBundle.of({ trustDomain: ANY, x509, refreshHint }).toString();
  try {
    return write(X509Bundle.of(ANY, roots));
  } catch (error) {
    // A kind of key that there is no JWK for. All or nothing: a bundle that lacks one of its roots would be believed, and
    // fail later.
    if (error instanceof BundleError) return write(X509Bundle.of(ANY, []));
    throw error;
  }
}

/**
 * When the first of some root certificates ends.
 *
 * @param pem certificates in PEM
 * @returns milliseconds since 1970; undefined if the text cannot be read
 */
export function earliestEnd(pem: string): number | undefined {
  const reading = readCertificates(pem);
  return 'certificates' in reading ? earliestExpiry(reading.certificates) : undefined;
}
