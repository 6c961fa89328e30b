import type { TrustDomain } from '../id';
import type { JwtBundle } from './jwt-bundle';
import type { X509Bundle } from './x509-bundle';

/**
 * Whoever knows the X.509 authorities of trust domains. Bundles are never merged: each is asked for by the trust domain
 * of the peer that is to be verified.
 */
export interface X509BundleSource {
  /**
   * The authorities of one trust domain as they are known now.
   *
   * @param trustDomain the trust domain of the peer
   * @returns undefined when the trust domain is not trusted
   */
  x509BundleFor(trustDomain: TrustDomain): X509Bundle | undefined;
}

/** Whoever knows the keys that sign the JWT-SVIDs of trust domains. */
export interface JwtBundleSource {
  /**
   * The signing keys of one trust domain as they are known now.
   *
   * @param trustDomain the trust domain of the token's subject
   * @returns undefined when the trust domain is not trusted
   */
  jwtBundleFor(trustDomain: TrustDomain): JwtBundle | undefined;
}
