import type { X509BundleSource } from '../bundle/sources';
import type { X509SvidSource } from '../svid/sources';

/**
 * What servers and clients take their identity and their trust from, such as an `X509Source`. It is asked at every
 * handshake, so a rotated SVID or bundle counts from the next connection on.
 */
export interface IdentitySource extends X509SvidSource, X509BundleSource {
  /**
   * Calls a function whenever SVID or bundles may have changed: live peers are then verified and authorized again. A source without it is asked at handshakes only, and
   * connections outlive the removal of the bundle that they were verified with.
   *
   * @param listener called without arguments
   * @returns ends the calls
   */
  onUpdate?(listener: () => void): () => void;
}

/** A source of bundles alone, for clients that present no SVID and so need none. */
export interface TrustSource extends X509BundleSource {
  /** See {@link IdentitySource.onUpdate}. */
  onUpdate?(listener: () => void): () => void;
}
