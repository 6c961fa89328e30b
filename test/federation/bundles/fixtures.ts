import { SpiffeBundle, X509Bundle } from '@spirekit/runtime/bundle';
import { TrustDomain } from '@spirekit/runtime/id';
import { TestAuthority } from '@spirekit/runtime/testing';

export const EAST = TrustDomain.parse('east.example.org');

/** The moment of all tests of bundles. */
export const NOW = new Date('2026-06-01T00:00:00Z');
export const DAY = 24 * 60 * 60;

/** Made at that moment, and valid for so many days. */
export const authorityOf = (trustDomain: TrustDomain | string, days = 365) =>
  new TestAuthority(trustDomain, { now: NOW.getTime(), lifetimeSeconds: days * DAY });

/** The bundle of an authority with a hint, as SPIRE publishes it. */
export function published(
  authority: TestAuthority,
  rest: { sequence?: bigint; refreshHint?: number } = {},
): SpiffeBundle {
  const { trustDomain, x509, jwt } = authority.bundle();
  return SpiffeBundle.of({ trustDomain, x509, jwt, sequence: 1n, refreshHint: 300, ...rest });
}

/** A bundle with the authorities of several. */
export const together = (trustDomain: TrustDomain, ...authorities: readonly TestAuthority[]): SpiffeBundle =>
  SpiffeBundle.of({
    trustDomain,
    refreshHint: 300,
    x509: X509Bundle.of(
      trustDomain,
      authorities.flatMap((authority) => authority.x509Bundle().authorities),
    ),
  });
