import type { SpiffeBundle } from '../../bundle';
import type { HeldBundle } from './held-bundles';

/**
 * Whether the bundle that the server holds has the authorities of the one that was fetched: the same certificates and the
 * same keys by the same IDs, in whatever order.
 *
 * @param held what the server holds
 * @param served what was fetched
 * @returns undefined when the keys of JWT-SVIDs are not known, and nothing else differs
 */
export function sameBundles(held: HeldBundle, served: SpiffeBundle): boolean | undefined {
  if (!held.x509.equals(served.x509)) return false;
  return held.jwt === null ? true : held.jwt?.equals(served.jwt);
}

/** Whether the server holds what it held before. */
export function sameHeld(before: HeldBundle | null | undefined, now: HeldBundle | null | undefined): boolean {
  if (!before || !now) return before === now;
  const isSameJwt = before.jwt && now.jwt ? before.jwt.equals(now.jwt) : before.jwt === now.jwt;
  return isSameJwt && before.x509.equals(now.x509);
}
