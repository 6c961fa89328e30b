import { BundleSet, type X509Bundle, type X509BundleSource } from '../../src/bundle';
import { SvidError, verifyX509Svid } from '../../src/svid';
import { TestAuthority } from '../../src/testing';
import type { Certificate } from '../../src/x509';
import { failureWith } from '../failure';

/** A time in a year that is not this one, so that nothing depends on the clock. */
export const NOW = Date.UTC(2030, 5, 15, 12);

export const HOUR = 3_600_000;

/** An authority of `example.org` whose clock shows {@link NOW}. */
export function authorityOf(trustDomain = 'example.org', options = {}): TestAuthority {
  return new TestAuthority(trustDomain, { now: NOW, ...options });
}

/** The SvidError of a call that has to fail. */
export const failure = failureWith(SvidError);

/** The SPIFFE ID that is verified, or `code: message` of the error. */
export function verdict(
  chain: readonly (Certificate | Uint8Array)[],
  bundles: X509BundleSource | X509Bundle[],
  now: number = NOW,
): string {
  const source = Array.isArray(bundles) ? BundleSet.of(...bundles) : bundles;
  try {
    return verifyX509Svid(chain, source, { now }).id.toString();
  } catch (error) {
    if (error instanceof SvidError) {
      return `${error.code}: ${error.message}`;
    }
    throw error;
  }
}
