import { nameError, SpiffeError } from '../core';
import type { SpiffeId } from '../id';

/**
 * What is wrong on this side of a connection:
 *
 * - `option-invalid`: an option has a value that it cannot have
 * - `no-identity`: the source has no SVID to present
 * - `identity-unusable`: TLS cannot use the SVID that the source has; the one before stays in use
 * - `no-peer`: nobody's identity was verified on this connection
 * - `handshake-timeout`: the connection took too long
 * - `handshake-failed`: the connection could not be made, or ended before the peer was verified
 * - `protocol-refused`: the server does not speak the application protocol that is needed
 * - `scheme-refused`: the URL is not of `https:`
 */
export type TlsErrorCode =
  | 'option-invalid'
  | 'no-identity'
  | 'identity-unusable'
  | 'no-peer'
  | 'handshake-timeout'
  | 'handshake-failed'
  | 'protocol-refused'
  | 'scheme-refused';

/** A connection that cannot be made, or a call that makes no sense, for a reason on this side or between the two. */
export class TlsError extends SpiffeError<TlsErrorCode> {
  static {
    nameError(TlsError, 'TlsError');
  }
}

/**
 * Why a peer is refused, or its connection ended:
 *
 * - `certificate-missing`: it presented no certificate
 * - `svid-refused`: what it presented is no SVID that a trusted authority signed; `cause` is the `SvidError`
 * - `not-authorized`: its SVID is valid, but the authorizer does not accept it, or not any more
 * - `session-resumed`: it resumed an earlier session, in which it proved less than in a full handshake
 * - `no-longer-trusted`: the bundles changed while it was connected, and it does not verify any more
 * - `svid-expired`: its SVID expired while it was connected
 * - `connection-too-old`: the connection reached its greatest age
 */
export type PeerErrorCode =
  | 'certificate-missing'
  | 'svid-refused'
  | 'not-authorized'
  | 'session-resumed'
  | 'no-longer-trusted'
  | 'svid-expired'
  | 'connection-too-old';

/** A peer that is refused, or whose connection is ended. */
export class PeerError extends SpiffeError<PeerErrorCode> {
  /** The ID of the peer. Undefined when it was not verified: what an unverified peer claims is in the message only. */
  declare readonly peerId?: SpiffeId;

  /**
   * @param code why
   * @param message who, why, and what to do
   * @param options the verified ID, and the error that led to this one
   */
  constructor(code: PeerErrorCode, message: string, options: ErrorOptions & { peerId?: SpiffeId } = {}) {
    const { peerId, ...rest } = options;
    super(code, message, rest);
    if (peerId !== undefined) {
      this.peerId = peerId;
    }
  }

  static {
    nameError(PeerError, 'PeerError');
  }
}
