/**
 * Bundles: what is believed about a trust domain, as immutable values that parse or fail, without any dependency.
 *
 * @see https://github.com/spiffe/spiffe/blob/main/standards/SPIFFE_Trust_Domain_and_Bundle.md
 *
 * @packageDocumentation
 */
export { Certificate, CertificateError } from '../x509';
export { BundleError, type BundleErrorCode } from './bundle-error';
export { BundleMap } from './bundle-map';
export { type AnyBundle, BundleSet } from './bundle-set';
export type { JwtAuthority } from './jwt-authority';
export { JwtBundle } from './jwt-bundle';
export type { IgnoredKey, IgnoredKeyCode } from './key-set';
export type { BundleLimits } from './limits';
export type { JwtBundleSource, X509BundleSource } from './sources';
export { SpiffeBundle, type SpiffeBundleJson, type SpiffeBundleParts } from './spiffe-bundle';
export { X509Bundle } from './x509-bundle';
