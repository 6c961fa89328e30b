import { nameError, SpiffeError } from '../core';

/**
 * Why a bundle is refused:
 * - `bundle-too-large`: it has more bytes, authorities or bundles than the limits allow;
 * - `bundle-json`: it is no JSON, or JSON that two programs could read differently;
 * - `bundle-malformed`: a member is missing or of the wrong type;
 * - `bundle-certificate`: it holds what is no certificate;
 * - `bundle-key`: a key cannot be an authority, or cannot be written;
 * - `bundle-key-id`: a key ID is empty, or names two different keys;
 * - `bundle-sequence`: the sequence number is no integer from 0 to 2^64 - 1;
 * - `bundle-trust-domain`: parts are of different trust domains, a trust domain is there twice, or its name is invalid.
 */
export type BundleErrorCode =
  | 'bundle-too-large'
  | 'bundle-json'
  | 'bundle-malformed'
  | 'bundle-certificate'
  | 'bundle-key'
  | 'bundle-key-id'
  | 'bundle-sequence'
  | 'bundle-trust-domain';

/** A bundle that cannot be read or made. Nothing of it is trusted: whoever has an older one keeps that. */
export class BundleError extends SpiffeError<BundleErrorCode> {
  static {
    nameError(BundleError, 'BundleError');
  }
}
