import { type BundleLimits, BundleSet, JwtBundle, X509Bundle } from '../../bundle';
import type { TrustDomain } from '../../id';
import type { WorkloadApiLimits } from '../limits';
import type { ResponseOf } from '../proto/messages';
import { Refusal, requireAtMost, trustDomainOfKey } from './refusal';

/**
 * Told of a bundle that is left out since it cannot be read. Its trust domain is not trusted; the others are, and whoever
 * makes up one trust domain's bundle cannot hold up the rotation of another's.
 */
export type LeftOut = (error: unknown) => void;

/**
 * The X.509 bundles of a message, by the names of their trust domains. A bundle may be empty: its trust domain has no
 * authority any more.
 *
 * @param bundles certificates by the SPIFFE IDs of trust domains
 * @param limits how much is taken
 * @param leftOut told of bundles that cannot be read
 */
export function readX509BundleMap(
  bundles: ReadonlyMap<string, Uint8Array>,
  limits: WorkloadApiLimits,
  leftOut: LeftOut,
): Map<string, X509Bundle> {
  const read = readMap(bundles, limits, leftOut, X509Bundle);
  return new Map(read.map((bundle) => [bundle.trustDomain.name, bundle]));
}

/**
 * The answer to FetchX509Bundles. It holds at least the bundle of the own trust domain, so none at all is refused.
 *
 * @param response the message
 * @param limits how much is taken
 * @param leftOut told of bundles that cannot be read
 */
export function readX509Bundles(
  response: ResponseOf<'FetchX509Bundles'>,
  limits: WorkloadApiLimits,
  leftOut: LeftOut,
): BundleSet {
  return BundleSet.of(...readSome(response.bundles, limits, leftOut, X509Bundle));
}

/**
 * The answer to FetchJWTBundles. It holds at least the bundle of the own trust domain, so none at all is refused.
 *
 * @param response the message
 * @param limits how much is taken
 * @param leftOut told of bundles that cannot be read
 */
export function readJwtBundles(
  response: ResponseOf<'FetchJWTBundles'>,
  limits: WorkloadApiLimits,
  leftOut: LeftOut,
): BundleSet {
  return BundleSet.of(...readSome(response.bundles, limits, leftOut, JwtBundle));
}

/** At least one has to be there, and to be readable: a message of which nothing is left is none. */
function readSome<B>(...[bundles, limits, leftOut, type]: Parameters<typeof readMap<B>>): B[] {
  requireBundles(bundles);
  const faults: unknown[] = [];
  const read = readMap(bundles, limits, (error) => faults.push(error), type);
  if (read.length === 0) {
    throw faults[0];
  }
  faults.forEach(leftOut);
  return read;
}

function readMap<B>(
  bundles: ReadonlyMap<string, Uint8Array>,
  limits: WorkloadApiLimits,
  leftOut: LeftOut,
  type: { parse(trustDomain: TrustDomain, bytes: Uint8Array, limits: BundleLimits): B },
): B[] {
  requireAtMost(bundles.size, limits.bundles, 'bundles', 'bundles');
  return [...bundles].flatMap(([key, bytes]) => {
    const trustDomain = trustDomainOfKey(key);
    try {
      return [type.parse(trustDomain, bytes, { maxBytes: limits.bundleBytes })];
    } catch (error) {
      leftOut(error);
      return [];
    }
  });
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
