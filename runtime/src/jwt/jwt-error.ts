import { nameError, SpiffeError } from '../core';

/**
 * Why a token is refused:
 * - `jwt-missing`: a request has none;
 * - `jwt-malformed`: it is no JWT in compact form, or its JSON could be read in two ways;
 * - `jwt-header`: its type is not `JWT` or `JOSE`, or it has critical parameters;
 * - `jwt-algorithm`: it is signed by an algorithm that JWT-SVIDs must not use;
 * - `jwt-subject`: its subject is no SPIFFE ID of a workload;
 * - `jwt-claims`: a claim is missing or of the wrong type;
 * - `jwt-audience`: it is for others;
 * - `jwt-expired`, `jwt-not-yet-valid`: it was valid, or will be;
 * - `jwt-untrusted`: the trust domain of its subject has no bundle here;
 * - `jwt-key`: that bundle has no key of its ID, or none that fits its algorithm;
 * - `jwt-signature`: it is not signed by that key;
 * - `jwt-unauthorized`: it is valid, but its subject is not let in;
 * - `jwt-options`: the caller asks for what makes no sense, such as no audience.
 */
export type JwtErrorCode =
  | 'jwt-missing'
  | 'jwt-malformed'
  | 'jwt-header'
  | 'jwt-algorithm'
  | 'jwt-subject'
  | 'jwt-claims'
  | 'jwt-audience'
  | 'jwt-expired'
  | 'jwt-not-yet-valid'
  | 'jwt-untrusted'
  | 'jwt-key'
  | 'jwt-signature'
  | 'jwt-unauthorized'
  | 'jwt-options';

/** A token that is refused. No part of the token that could be used is in the message. */
export class JwtError extends SpiffeError<JwtErrorCode> {
  static {
    nameError(JwtError, 'JwtError');
  }
}
