import { BundleSet, JwtBundle, X509Bundle } from '../../bundle';
import type { WorkloadApiLimits } from '../limits';
import type { ResponseOf } from '../proto/messages';
import { Refusal, requireAtMost, trustDomainOfKey } from './refusal';

/**
 * The X.509 bundles of a message, by the names of their trust domains. A bundle may be empty: its trust domain has no
 * authority any more.
 *
 * @param bundles certificates by the SPIFFE IDs of trust domains
 * @param limits how much is taken
 */
export function readX509BundleMap(
  bundles: ReadonlyMap<string, Uint8Array>,
  limits: WorkloadApiLimits,
): Map<string, X509Bundle> {
  requireAtMost(bundles.size, limits.bundles, 'bundles', 'bundles');
  return new Map(
    [...bundles].map(([key, der]) => {
      const trustDomain = trustDomainOfKey(key);
      return [trustDomain.name, X509Bundle.parse(trustDomain, der, { maxBytes: limits.bundleBytes })];
    }),
  );
}

/**
 * The answer to FetchX509Bundles. It holds at least the bundle of the own trust domain, so none at all is refused.
 *
 * @param response the message
 * @param limits how much is taken
 */
export function readX509Bundles(response: ResponseOf<'FetchX509Bundles'>, limits: WorkloadApiLimits): BundleSet {
  requireBundles(response.bundles);
  return BundleSet.of(...readX509BundleMap(response.bundles, limits).values());
}

/**
 * The answer to FetchJWTBundles. It holds at least the bundle of the own trust domain, so none at all is refused.
 *
 * @param response the message
 * @param limits how much is taken
 */
export function readJwtBundles(response: ResponseOf<'FetchJWTBundles'>, limits: WorkloadApiLimits): BundleSet {
  requireBundles(response.bundles);
  requireAtMost(response.bundles.size, limits.bundles, 'bundles', 'bundles');
  return BundleSet.of(
    ...[...response.bundles].map(([key, jwks]) =>
      JwtBundle.parse(trustDomainOfKey(key), jwks, { maxBytes: limits.bundleBytes }),
    ),
  );
}

/**
 * Refuses an answer without any bundle.
 *
 * @param bundles bundles by whatever key
 */
export function requireBundles(bundles: ReadonlyMap<string, unknown>): void {
  if (bundles.size === 0) {
    throw new Refusal('it has no bundle, not even that of the own trust domain');
  }
}
