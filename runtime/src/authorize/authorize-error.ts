import { nameError, SpiffeError } from '../core';

/**
 * What is wrong with an authorizer:
 *
 * - `not-an-authorizer`: the value is neither an authorizer nor a matcher
 * - `not-a-supplier`: the value is no function that supplies IDs
 */
export type AuthorizeErrorCode = 'not-an-authorizer' | 'not-a-supplier';

/** A value that cannot decide about peers. Thrown where it is given, not at the first handshake. */
export class AuthorizeError extends SpiffeError<AuthorizeErrorCode> {
  static {
    nameError(AuthorizeError, 'AuthorizeError');
  }
}
