import { BundleError } from './bundle-error';

/** What is read of a bundle at most. Whoever sends it, also a trusted peer, must not fill the memory. */
export interface BundleLimits {
  /**
   * Longest text or encoding of a bundle, or of a bundle map, in bytes.
   *
   * @default 4194304
   */
  readonly maxBytes?: number;

  /**
   * Most authorities of one bundle: certificates, or entries of the list `keys` of whatever kind.
   *
   * @default 1000
   */
  readonly maxAuthorities?: number;

  /**
   * Most bundles of a bundle map.
   *
   * @default 1000
   */
  readonly maxBundles?: number;
}

const DEFAULTS: Required<BundleLimits> = { maxBytes: 4 * 1024 * 1024, maxAuthorities: 1000, maxBundles: 1000 };

/** All limits: the given ones, and defaults for the rest. */
export function allLimits(limits: BundleLimits = {}): Required<BundleLimits> {
  return {
    maxBytes: limits.maxBytes ?? DEFAULTS.maxBytes,
    maxAuthorities: limits.maxAuthorities ?? DEFAULTS.maxAuthorities,
    maxBundles: limits.maxBundles ?? DEFAULTS.maxBundles,
  };
}

/** Refuses more of something than a limit allows. */
export function requireAtMost(limit: number, count: number, subject: string, unit: string): void {
  if (count > limit) {
    throw new BundleError(
      'bundle-too-large',
      `${subject}: has ${count} ${unit}, and at most ${limit} are read; raise the limit if you trust its origin`,
    );
  }
}
