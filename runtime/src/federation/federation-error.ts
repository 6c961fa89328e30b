import { nameError, SpiffeError } from '../core';

/**
 * What is wrong with a bundle endpoint, or with the way to it. Codes are stable; messages may be reworded.
 *
 * What was given:
 * - `bad-url`: no URL that a bundle endpoint can have
 * - `bad-profile`: the profile of an endpoint is missing or incomplete
 * - `bad-option`: an option is out of range or of the wrong type
 * - `duplicate-trust-domain`: two watchers, or a watcher and the workload itself, claim one trust domain
 *
 * The way to the endpoint:
 * - `no-endpoint-bundle`: there is no bundle to verify an endpoint of profile `https_spiffe` with
 * - `unreachable`: no connection, or one that broke
 * - `untrusted-server`: the server has not proven to be the one that the profile demands
 * - `timeout`: no complete answer in time
 * - `cancelled`: the caller's own `AbortSignal` was aborted
 *
 * The answer:
 * - `status`: a status other than 200
 * - `redirect`: a redirect to where none may lead, in a circle, or one too many
 * - `encoding`: a compressed body, which nobody asked for
 * - `too-large`: more bytes than are read
 * - `bad-bundle`: no SPIFFE bundle; `cause` says more
 * - `stale-bundle`: an older bundle than the one that is held
 *
 * The watcher:
 * - `no-bundle`: it has never had a bundle in the time that it was given
 * - `closed`: it is closed
 */
export type FederationErrorCode =
  | 'bad-url'
  | 'bad-profile'
  | 'bad-option'
  | 'duplicate-trust-domain'
  | 'no-endpoint-bundle'
  | 'unreachable'
  | 'untrusted-server'
  | 'timeout'
  | 'cancelled'
  | 'status'
  | 'redirect'
  | 'encoding'
  | 'too-large'
  | 'bad-bundle'
  | 'stale-bundle'
  | 'no-bundle'
  | 'closed';

/** A failure of federation. The message names the trust domain and the URL, what is wrong, and what to do. */
export class FederationError extends SpiffeError<FederationErrorCode> {
  static {
    nameError(FederationError, 'FederationError');
  }
}
